using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Webhooks.Failing;

namespace Larkspur.Gateway.Operations;

/// <summary>What operators look at and act with.</summary>
internal static class OperationsServices
{
    public static void AddOperations(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<WatchdogOptions>());
        services.AddSingleton<Readiness>();
        services.AddSingleton<IFailingWebhookMessages, FailingWebhookCards>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<FailureText>();
        services.AddSingleton<InboxQueries>();
        services.AddSingleton<InboxRepairs>();
        services.AddSingleton<OutboxQueries>();
        services.AddSingleton<OutboxRepairs>();
        services.AddSingleton<Overdue>();
        services.AddSingleton<RecurringJobs>();
        services.AddSingleton<WatchdogMetrics>();
        services.AddHostedService<Watchdog>();
    }
}
