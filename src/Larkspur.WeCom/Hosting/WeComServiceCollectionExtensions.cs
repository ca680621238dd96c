using Larkspur.WeCom.Callbacks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom;

/// <summary>Registers WeCom apps.</summary>
public static class WeComServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.WeCom";

    private static readonly PlatformHosting<WeComClient, WeComOptions> Hosting = new()
    {
        Platform = "WeCom",
        HttpClientKey = HttpClientKey,
        Problems = WeComOptionsValidation.Problems,
        CreateClient = static (services, options, http) => new WeComClient(
            options, http, services.GetRequiredService<TimeProvider>(), services.GetService<ILogger<WeComClient>>(), rateLimiter: services.GetService<IRateLimiter>()),
    };

    /// <summary>
    /// Registers the default app: <see cref="WeComClient"/>, <see cref="WeComCallbackReceiver"/> and <see cref="PlatformClients{TClient}"/>
    /// as singletons.
    /// </summary>
    /// <remarks>
    /// The options are checked when the host starts; every problem is listed, with its key. The receiver needs Token and EncodingAesKey.
    /// </remarks>
    public static IServiceCollection AddWeCom(this IServiceCollection services, Action<WeComOptions> configure) => services.AddWeCom("", configure);

    /// <summary>
    /// Registers the default app from configuration, e.g. the section <c>WeCom</c> with <c>CorpId</c>, <c>AgentId</c>, <c>Secret</c>, …
    /// </summary>
    public static IServiceCollection AddWeCom(this IServiceCollection services, IConfiguration section) => services.AddWeCom("", section);

    /// <summary>Registers one of several apps from configuration.</summary>
    public static IServiceCollection AddWeCom(this IServiceCollection services, string name, IConfiguration section) => AddReceiver(Hosting.Add(services, name, section), name);

    /// <summary>Registers one of several apps: the client and the receiver are keyed services under <paramref name="name"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app, which is also there without a key.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">There is an app of that name.</exception>
    public static IServiceCollection AddWeCom(this IServiceCollection services, string name, Action<WeComOptions> configure) => AddReceiver(Hosting.Add(services, name, configure), name);

    private static IServiceCollection AddReceiver(IServiceCollection services, string name)
    {
        return PlatformHosting.AddOfApp(
            services, name, static (IServiceProvider s, WeComOptions options) => new WeComCallbackReceiver(options, s.GetRequiredService<TimeProvider>()));
    }
}
