using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Operations;

/// <summary>What operators look at and act with.</summary>
internal static class OperationsServices
{
    public static void AddOperations(this IServiceCollection services, WatchdogOptions watchdog)
    {
        if (watchdog.OpenFor <= TimeSpan.Zero || watchdog.Interval <= TimeSpan.Zero)
            throw new SettingsException(["Larkspur:Watchdog: OpenFor and Interval must be longer than zero, like 00:10:00 and 00:01:00"]);
        services.AddSingleton(watchdog);
        services.AddSingleton<EventFeed>();
        services.AddSingleton<FailureText>();
        services.AddSingleton<InboxQueries>();
        services.AddSingleton<InboxRepairs>();
        services.AddSingleton<OutboxQueries>();
        services.AddSingleton<OutboxRepairs>();
        services.AddSingleton<Overdue>();
        services.AddSingleton<WatchdogMetrics>();
        services.AddHostedService<Watchdog>();
    }
}
