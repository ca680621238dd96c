using Larkspur.Gateway.Common;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>Data Protection with its keys in the database: what one process encrypts, the others and later ones decrypt.</summary>
internal static class KeyRingServices
{
    /// <summary>Part of every key's derivation; another name would make all that is encrypted unreadable.</summary>
    private const string ApplicationName = "larkspur";

    public static void AddKeyRing(this IServiceCollection services, SettingsReader settings)
    {
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddSingleton(settings.Read<KeyRingOptions>());
        services.AddSingleton<KeyStore>();
        services.AddSingleton(provider => provider.GetRequiredService<KeyStore>().CachedTable);
        services.AddSingleton(provider => new FollowedKeyManager(ActivatorUtilities.CreateInstance<XmlKeyManager>(provider)));
        services.Replace(ServiceDescriptor.Singleton<IKeyManager>(provider => provider.GetRequiredService<FollowedKeyManager>()));
        services.AddSingleton<KeyReplacing>();
        services.AddHostedService<MasterKeyMaking>();
        services.AddHostedService<KeyRingFollowing>();
        services.AddSingleton<KeyRepository>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<KeyRepository>()));
        services.AddSingleton<SharedSecrets>();
        services.AddSingleton(SharedSecrets.Columns);
        services.AddHostedService<KeyResealing>();
    }

    /// <summary>
    /// Takes away what would load the ring, and on a new database make the first key, before the gateway starts to listen. After everything else that uses Data Protection:
    /// each adds it again.
    /// </summary>
    public static void OpenKeyRingAtFirstUse(this IServiceCollection services)
    {
        var preload = services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly);
        services.Remove(preload);
    }
}
