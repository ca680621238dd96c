using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larkspur.DingTalk;

/// <summary>Registers DingTalk apps.</summary>
public static class DingTalkServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.DingTalk";

    /// <summary>Registers the default app: <see cref="DingTalkClient"/>, <see cref="DingTalkReceiver"/> and <see cref="IDingTalkClients"/> as singletons.</summary>
    /// <remarks>The options are checked when the host starts; every problem is listed, with its key.</remarks>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, Action<DingTalkOptions> configure) => services.AddDingTalk("", configure);

    /// <summary>Registers the default app from configuration, e.g. the section <c>DingTalk</c> with <c>ClientId</c>, <c>ClientSecret</c>, …</summary>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, IConfiguration section) => services.AddDingTalk("", section);

    /// <summary>Registers one of several apps from configuration.</summary>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, name, (section as IConfigurationSection)?.Path ?? Section(name), section.Bind);
    }

    /// <summary>Registers one of several apps: the client and the receiver are keyed services under <paramref name="name"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app, which is also there without a key.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, string name, Action<DingTalkOptions> configure)
        => Add(services, name, Section(name), configure);

    private static string Section(string name) => string.IsNullOrEmpty(name) ? "DingTalk" : $"DingTalk:{name}";

    private static IServiceCollection Add(IServiceCollection services, string name, string section, Action<DingTalkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(s => s.ImplementationInstance is DingTalkApp app && app.Name == name))
            throw new InvalidOperationException($"A DingTalk app {(name.Length == 0 ? "without a name" : $"named \"{name}\"")} is registered already.");

        services.AddOptions<DingTalkOptions>(name).Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DingTalkOptions>>(new DingTalkOptionsValidation(name, section));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDingTalkClients, DingTalkClients>();
        services.TryAddKeyedSingleton(HttpClientKey, static (_, _) => DingTalkClient.CreateHttpClient(DingTalkClient.CreateHandler()));
        // One for all apps of the process: they share the limit of the machine's address.
        services.TryAddKeyedSingleton<IRateShaper>(HttpClientKey, static (s, _) => s.GetService<IRateShaper>() ?? new RateShaper(s.GetRequiredService<TimeProvider>()));

        services.AddSingleton(new DingTalkApp(name, s => s.GetRequiredKeyedService<DingTalkClient>(name)));
        services.AddKeyedSingleton(name, (s, _) => new DingTalkClient(
            s.GetRequiredService<IOptionsMonitor<DingTalkOptions>>().Get(name),
            s.GetRequiredKeyedService<HttpClient>(HttpClientKey),
            s.GetRequiredService<TimeProvider>(),
            s.GetService<ILogger<DingTalkClient>>(),
            shaper: s.GetRequiredKeyedService<IRateShaper>(HttpClientKey),
            observer: s.GetService<IDingTalkUsageObserver>()));
        services.AddKeyedSingleton(name, static (s, key) => new DingTalkReceiver(s.GetRequiredKeyedService<DingTalkClient>(key)));
        if (name.Length > 0) return services;

        services.AddSingleton(s => s.GetRequiredKeyedService<DingTalkClient>(""));
        services.AddSingleton(s => s.GetRequiredKeyedService<DingTalkReceiver>(""));
        return services;
    }
}
