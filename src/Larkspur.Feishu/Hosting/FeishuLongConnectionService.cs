using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larkspur.Feishu;

/// <summary>Keeps an app's long connection for as long as the host runs.</summary>
public static class FeishuLongConnectionService
{
    /// <summary>Receives the default app's events and card callbacks over a long connection that opens and closes with the host.</summary>
    /// <remarks>
    /// After <c>AddFeishu</c>. The connection is a singleton, <see cref="FeishuLongConnection"/>, for its status. When the platform refuses
    /// it for good (<see cref="FeishuLongConnectionException"/>) the host stops, unless its
    /// <c>HostOptions.BackgroundServiceExceptionBehavior</c> says otherwise.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="events">Makes the handlers; called once, when the host starts.</param>
    /// <param name="options">Null: the defaults.</param>
    public static IServiceCollection AddFeishuLongConnection(
        this IServiceCollection services, Func<IServiceProvider, FeishuEventDispatcher> events, FeishuLongConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(events);
        services.AddSingleton(provider => new FeishuLongConnection(
            provider.GetRequiredService<IOptionsMonitor<FeishuOptions>>().Get(""),
            events(provider),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ILogger<FeishuLongConnection>>()));
        return services.AddHostedService<Connected>();
    }

    private sealed class Connected(FeishuLongConnection connection) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => connection.RunAsync(stoppingToken);
    }
}
