using Larkspur.Feishu.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larkspur.Feishu;

/// <summary>Registers Feishu apps.</summary>
public static class FeishuServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.Feishu";

    /// <summary>Registers the default app: <see cref="FeishuClient"/>, <see cref="FeishuEventReceiver"/> and <see cref="IFeishuClients"/> as singletons.</summary>
    /// <remarks>The options are checked when the host starts; every problem is listed, with its key.</remarks>
    public static IServiceCollection AddFeishu(this IServiceCollection services, Action<FeishuOptions> configure)
        => services.AddFeishu("", configure);

    /// <summary>Registers the default app from configuration, e.g. the section <c>Feishu</c> with <c>AppId</c>, <c>AppSecret</c>, …</summary>
    public static IServiceCollection AddFeishu(this IServiceCollection services, IConfiguration section) => services.AddFeishu("", section);

    /// <summary>Registers one of several apps from configuration.</summary>
    public static IServiceCollection AddFeishu(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, name, (section as IConfigurationSection)?.Path ?? Section(name), section.Bind);
    }

    /// <summary>Registers one of several apps: the client and the receiver are keyed services under <paramref name="name"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app, which is also there without a key.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddFeishu(this IServiceCollection services, string name, Action<FeishuOptions> configure)
        => Add(services, name, Section(name), configure);

    private static string Section(string name) => string.IsNullOrEmpty(name) ? "Feishu" : $"Feishu:{name}";

    private static IServiceCollection Add(IServiceCollection services, string name, string section, Action<FeishuOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(s => s.ImplementationInstance is FeishuApp app && app.Name == name))
        {
            throw new InvalidOperationException($"A Feishu app {(name.Length == 0 ? "without a name" : $"named \"{name}\"")} is registered already.");
        }

        services.AddOptions<FeishuOptions>(name).Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FeishuOptions>>(new FeishuOptionsValidation(name, section));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IAppTicketStore, InMemoryAppTicketStore>();
        services.TryAddSingleton<IFeishuClients, FeishuClients>();
        services.TryAddKeyedSingleton(HttpClientKey, static (_, _) => FeishuClient.CreateHttpClient(FeishuClient.CreateHandler()));

        services.AddSingleton(new FeishuApp(name, s => s.GetRequiredKeyedService<FeishuClient>(name)));
        services.AddKeyedSingleton(name, (s, _) => new FeishuClient(
            Options(s, name),
            s.GetRequiredKeyedService<HttpClient>(HttpClientKey),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<IAppTicketStore>(),
            s.GetService<ILogger<FeishuClient>>(),
            shaper: s.GetService<IRateShaper>(),
            observer: s.GetService<IFeishuCallObserver>()));
        services.AddKeyedSingleton(name, (s, _) => new FeishuEventReceiver(Options(s, name), s.GetRequiredService<TimeProvider>()));
        if (name.Length > 0) return services;

        services.AddSingleton(s => s.GetRequiredKeyedService<FeishuClient>(""));
        services.AddSingleton(s => s.GetRequiredKeyedService<FeishuEventReceiver>(""));
        return services;
    }

    private static FeishuOptions Options(IServiceProvider services, string name)
        => services.GetRequiredService<IOptionsMonitor<FeishuOptions>>().Get(name);
}
