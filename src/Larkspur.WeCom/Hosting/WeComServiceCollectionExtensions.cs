using Larkspur.WeCom.Callbacks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larkspur.WeCom;

/// <summary>Registers WeCom apps.</summary>
public static class WeComServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.WeCom";

    /// <summary>Registers the default app: <see cref="WeComClient"/>, <see cref="WeComCallbackReceiver"/> and <see cref="IWeComClients"/> as singletons.</summary>
    /// <remarks>The options are checked when the host starts; every problem is listed, with its key. The receiver needs Token and EncodingAesKey.</remarks>
    public static IServiceCollection AddWeCom(this IServiceCollection services, Action<WeComOptions> configure) => services.AddWeCom("", configure);

    /// <summary>Registers the default app from configuration, e.g. the section <c>WeCom</c> with <c>CorpId</c>, <c>AgentId</c>, <c>Secret</c>, …</summary>
    public static IServiceCollection AddWeCom(this IServiceCollection services, IConfiguration section) => services.AddWeCom("", section);

    /// <summary>Registers one of several apps from configuration.</summary>
    public static IServiceCollection AddWeCom(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, name, (section as IConfigurationSection)?.Path ?? Section(name), section.Bind);
    }

    /// <summary>Registers one of several apps: the client and the receiver are keyed services under <paramref name="name"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app, which is also there without a key.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddWeCom(this IServiceCollection services, string name, Action<WeComOptions> configure) => Add(services, name, Section(name), configure);

    private static string Section(string name) => string.IsNullOrEmpty(name) ? "WeCom" : $"WeCom:{name}";

    private static IServiceCollection Add(IServiceCollection services, string name, string section, Action<WeComOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(s => s.ImplementationInstance is WeComApp app && app.Name == name))
        {
            throw new InvalidOperationException($"A WeCom app {(name.Length == 0 ? "without a name" : $"named \"{name}\"")} is registered already.");
        }

        services.AddOptions<WeComOptions>(name).Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeComOptions>>(new WeComOptionsValidation(name, section));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IWeComClients, WeComClients>();
        services.TryAddKeyedSingleton(HttpClientKey, static (_, _) => WeComClient.CreateHttpClient(WeComClient.CreateHandler()));

        services.AddSingleton(new WeComApp(name, s => s.GetRequiredKeyedService<WeComClient>(name)));
        services.AddKeyedSingleton(name, (s, _) => new WeComClient(
            Options(s, name),
            s.GetRequiredKeyedService<HttpClient>(HttpClientKey),
            s.GetRequiredService<TimeProvider>(),
            s.GetService<ILogger<WeComClient>>(),
            shaper: s.GetService<IRateShaper>()));
        services.AddKeyedSingleton(name, (s, _) => new WeComCallbackReceiver(Options(s, name), s.GetRequiredService<TimeProvider>()));
        if (name.Length > 0) return services;

        services.AddSingleton(s => s.GetRequiredKeyedService<WeComClient>(""));
        services.AddSingleton(s => s.GetRequiredKeyedService<WeComCallbackReceiver>(""));
        return services;
    }

    private static WeComOptions Options(IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<WeComOptions>>().Get(name);
}
