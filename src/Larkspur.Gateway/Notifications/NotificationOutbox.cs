using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>Outbox rows of notifications: queued once per key, and taken back while surely nobody tries to send them.</summary>
internal sealed class NotificationOutbox(IOutbox outbox, OutboxReports reports)
{
    private const string Platform = PlatformNames.Feishu;

    /// <summary>Queues a message of a notification in the caller's transaction.</summary>
    /// <returns>The row's id; the same for a repeat under the key.</returns>
    public ValueTask<long> QueueAsync(IUnitOfWork unit, NotificationRow notification, string key, OutboxMessage message) =>
        QueueAsync(unit, notification.App, key, message.Owner.Length > 0 ? message : message with { Owner = notification.Owner });

    /// <summary>Queues a message in the caller's transaction.</summary>
    /// <returns>The row's id; the same for a repeat under the key.</returns>
    public async ValueTask<long> QueueAsync(IUnitOfWork unit, string app, string key, OutboxMessage message)
    {
        var platform = message.Platform ?? Platform;
        var queued = new QueuedMessage(platform, app, key, message);
        await outbox.QueueAsync(unit, queued);
        return await OutboxRows.IdOfAsync(unit, queued) ?? throw new StorageUnavailableException("The message that was just queued is not there.");
    }

    /// <summary>Ends a row of which surely no attempt is under way or may have arrived.</summary>
    /// <returns>False: one is or may, or it has ended.</returns>
    public async ValueTask<bool> DiscardAsync(IUnitOfWork unit, long id, DateTimeOffset now, string who)
    {
        if (!await OutboxRows.DiscardUntriedAsync(unit, id, who, now)) return false;
        unit.AfterCommit(() => reports.Ended(id));
        return true;
    }
}
