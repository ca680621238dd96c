using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <summary>Messages: queued in the transaction that causes them, and sent.</summary>
internal static class OutboxServices
{
    public static void AddOutbox(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<OutboxOptions>());
        services.AddOutboxOperations();
        services.AddSingleton(new ProvedTable("outbox"));
        services.AddSingleton<IOutboxStore, OutboxStore>();
        services.AddRetention<IOutboxStore>("messages", o => o.Keep, outbox => outbox.Ended, outbox => outbox.ForgetAsync);
        services.AddRetention<IOutboxStore>(
            "dead letters of the outbox", o => o.KeepDead, outbox => outbox.Dead, outbox => outbox.ForgetAsync, isLoss: true);
        services.AddSingleton<IOutbox, QueuedMessages>();
        services.AddSingleton<OutboxMetrics>();
        services.AddSingleton<OutboxCompletions>();
        services.AddSingleton<OutboxReports>();
        services.AddSingleton<OutboxRefusals>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxSender>(provider, OutboxScope.Platforms));
        services.AddSingleton<OutboxSenders>();
        services.AddSingleton<WebhookDeliveries>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxSender>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxSenders>());
    }
}
