using Larkspur.DingTalk.StreamMode;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk;

/// <summary>Registers streams of DingTalk apps.</summary>
public static class DingTalkStreamServiceCollectionExtensions
{
    /// <summary>Registers the stream of the default app as a singleton <see cref="DingTalkStream"/>.</summary>
    /// <inheritdoc cref="AddDingTalkStream(IServiceCollection, string, Func{IServiceProvider, DingTalkDispatcher},
    /// Action{DingTalkStreamOptions}?)" path="/param|/exception|/remarks"/>
    public static IServiceCollection AddDingTalkStream(this IServiceCollection services, Func<IServiceProvider, DingTalkDispatcher> handlers, Action<DingTalkStreamOptions>? configure = null)
        => services.AddDingTalkStream("", handlers, configure);

    /// <summary>
    /// Registers the stream of an app that <c>AddDingTalk</c> registers: a keyed <see cref="DingTalkStream"/> under <paramref
    /// name="name"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The app's name; empty: the default app, whose stream is also there without a key.</param>
    /// <param name="handlers">Makes who takes the deliveries, when the stream is first asked for.</param>
    /// <param name="configure">Changes the options, which begin with subscriptions to what the handlers take.</param>
    /// <remarks>Nothing runs by itself: call <see cref="DingTalkStream.RunAsync"/> where the process should receive.</remarks>
    /// <exception cref="InvalidOperationException">The app has a stream already.</exception>
    public static IServiceCollection AddDingTalkStream(this IServiceCollection services, string name, Func<IServiceProvider, DingTalkDispatcher> handlers, Action<DingTalkStreamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(handlers);
        if (services.Any(s => s.IsKeyedService && s.ServiceType == typeof(DingTalkStream) && name.Equals(s.ServiceKey)))
            throw new InvalidOperationException($"The DingTalk app {(name.Length == 0 ? "without a name" : $"named \"{name}\"")} has a stream already.");

        services.AddKeyedSingleton(name, (s, _) =>
        {
            DingTalkDispatcher dispatcher = handlers(s);
            var options = new DingTalkStreamOptions { Events = dispatcher.TakesEvents, Topics = dispatcher.Topics };
            configure?.Invoke(options);
            return new DingTalkStream(s.GetRequiredService<PlatformClients<DingTalkClient>>().Get(name), dispatcher, options, s.GetService<ILogger<DingTalkStream>>());
        });
        if (name.Length == 0) services.AddSingleton(s => s.GetRequiredKeyedService<DingTalkStream>(""));
        return services;
    }
}
