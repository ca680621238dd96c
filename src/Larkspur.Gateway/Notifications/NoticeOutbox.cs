using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>Outbox rows of notifications: queued once per key, and taken back while surely nobody tries to send them.</summary>
internal sealed class NoticeOutbox(IOutbox outbox, OutboxReports reports)
{
    private const string Platform = Ingress.FeishuInboundEvents.Platform;

    /// <summary>Queues a message of a notification in the caller's transaction.</summary>
    /// <returns>The row's id; the same for a repeat under the key.</returns>
    public ValueTask<long> QueueAsync(IUnitOfWork unit, NoticeRow notice, string key, OutboxMessage message) =>
        QueueAsync(unit, notice.App, key, message.Owner.Length > 0 ? message : message with { Owner = notice.Owner });

    /// <summary>Queues a message in the caller's transaction.</summary>
    /// <returns>The row's id; the same for a repeat under the key.</returns>
    public async ValueTask<long> QueueAsync(IUnitOfWork unit, string app, string key, OutboxMessage message)
    {
        var platform = message.Platform ?? Platform;
        await outbox.QueueAsync(unit, new QueuedMessage(platform, app, key, message));
        return await unit.NumberAsync("SELECT id FROM outbox WHERE idempotency_key = $1 AND app = $2 AND platform = $3", IdempotencyKeys.ForQueued(platform, app, key), app, platform)
            ?? throw new StorageUnavailableException("The message that was just queued is not there.");
    }

    /// <summary>Ends a row of which surely no attempt is under way or may have arrived.</summary>
    /// <returns>False: one is or may, or it has ended.</returns>
    public async ValueTask<bool> DiscardAsync(IUnitOfWork unit, long id, DateTimeOffset now, string who)
    {
        if (await unit.ExecuteAsync("UPDATE outbox SET status = 4, finished_at = $2 WHERE id = $1 AND status = 0 AND first_tried_at IS NULL", id, now.ToUnixTimeMilliseconds()) == 0) return false;
        await RowStory.AddAsync(unit, RowStory.Outbox, id, new StoryLine { At = now, What = StoryLine.Discarded, Who = who });
        unit.AfterCommit(() => reports.Ended(id));
        return true;
    }
}
