using Larkspur.Feishu.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu;

/// <summary>Registers Feishu apps.</summary>
public static class FeishuServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.Feishu";

    private static readonly PlatformHosting<FeishuClient, FeishuOptions> Hosting = new()
    {
        Platform = "Feishu",
        HttpClientKey = HttpClientKey,
        Problems = FeishuOptionsValidation.Problems,
        CreateClient = static (services, options, http) => new FeishuClient(
            options,
            http,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IAppTicketStore>(),
            services.GetService<ILogger<FeishuClient>>(),
            rateLimiter: services.GetService<IRateLimiter>(),
            observer: services.GetService<IFeishuCallObserver>()),
    };

    /// <summary>
    /// Registers the default app: <see cref="FeishuClient"/>, <see cref="FeishuEventReceiver"/> and <see cref="PlatformClients{TClient}"/>
    /// as singletons.
    /// </summary>
    /// <remarks>The options are checked when the host starts; every problem is listed, with its key.</remarks>
    public static IServiceCollection AddFeishu(this IServiceCollection services, Action<FeishuOptions> configure) => services.AddFeishu("", configure);

    /// <summary>
    /// Registers the default app from configuration, e.g. the section <c>Feishu</c> with <c>AppId</c>, <c>AppSecret</c>, …
    /// </summary>
    public static IServiceCollection AddFeishu(this IServiceCollection services, IConfiguration section) => services.AddFeishu("", section);

    /// <summary>Registers one of several apps from configuration.</summary>
    public static IServiceCollection AddFeishu(this IServiceCollection services, string name, IConfiguration section) => AddReceiver(Hosting.Add(services, name, section), name);

    /// <summary>Registers one of several apps: the client and the receiver are keyed services under <paramref name="name"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app, which is also there without a key.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">There is an app of that name.</exception>
    public static IServiceCollection AddFeishu(this IServiceCollection services, string name, Action<FeishuOptions> configure) => AddReceiver(Hosting.Add(services, name, configure), name);

    private static IServiceCollection AddReceiver(IServiceCollection services, string name)
    {
        services.TryAddSingleton<IAppTicketStore, InMemoryAppTicketStore>();
        return PlatformHosting.AddOfApp(
            services, name, static (IServiceProvider s, FeishuOptions options) => new FeishuEventReceiver(options, s.GetRequiredService<TimeProvider>()));
    }
}
