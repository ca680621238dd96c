using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk;

/// <summary>Registers DingTalk apps.</summary>
public static class DingTalkServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.DingTalk";

    private static readonly PlatformHosting<DingTalkClient, DingTalkOptions> Hosting = new()
    {
        Platform = "DingTalk",
        HttpClientKey = HttpClientKey,
        Problems = DingTalkOptionsValidation.Problems,
        CreateClient = static (services, options, http) => new DingTalkClient(
            options,
            http,
            services.GetRequiredService<TimeProvider>(),
            services.GetService<ILogger<DingTalkClient>>(),
            rateLimiter: services.GetRequiredKeyedService<IRateLimiter>(HttpClientKey),
            observer: services.GetService<IDingTalkUsageObserver>()),
    };

    /// <summary>
    /// Registers the default app: <see cref="DingTalkClient"/>, <see cref="DingTalkReceiver"/> and <see cref="PlatformClients{TClient}"/>
    /// as singletons.
    /// </summary>
    /// <remarks>The options are checked when the host starts; every problem is listed, with its key.</remarks>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, Action<DingTalkOptions> configure) => services.AddDingTalk("", configure);

    /// <summary>
    /// Registers the default app from configuration, e.g. the section <c>DingTalk</c> with <c>ClientId</c>, <c>ClientSecret</c>, …
    /// </summary>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, IConfiguration section) => services.AddDingTalk("", section);

    /// <summary>Registers one of several apps from configuration.</summary>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, string name, IConfiguration section) => AddReceiver(Hosting.Add(services, name, section), name);

    /// <summary>Registers one of several apps: the client and the receiver are keyed services under <paramref name="name"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app, which is also there without a key.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">There is an app of that name.</exception>
    public static IServiceCollection AddDingTalk(this IServiceCollection services, string name, Action<DingTalkOptions> configure) => AddReceiver(Hosting.Add(services, name, configure), name);

    private static IServiceCollection AddReceiver(IServiceCollection services, string name)
    {
        // One for all apps of the process: they share the limit of the machine's address.
        services.TryAddKeyedSingleton<IRateLimiter>(HttpClientKey, static (s, _) => s.GetService<IRateLimiter>() ?? new RateLimiter(s.GetRequiredService<TimeProvider>()));
        return PlatformHosting.AddOfApp(
            services, name, (IServiceProvider s, DingTalkOptions _) => new DingTalkReceiver(s.GetRequiredKeyedService<DingTalkClient>(name)));
    }
}
