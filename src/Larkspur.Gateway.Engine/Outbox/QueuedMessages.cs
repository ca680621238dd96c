using System.Diagnostics;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <inheritdoc/>
internal sealed class QueuedMessages(IDatabase database, IOutboxStore store, OutboxSenders senders, TimeProvider clock) : IOutbox
{
    private const int LongestKey = 500;

    /// <summary>The row of no event.</summary>
    private const long NoEvent = 0;

    public Task<bool> QueueAsync(QueuedMessage message, CancellationToken cancellation = default)
    {
        Check(message);
        return database.TransactAsync(unit => QueueAsync(unit, message), cancellation);
    }

    public async ValueTask<bool> QueueAsync(IUnitOfWork unit, QueuedMessage message)
    {
        Check(message);
        var now = clock.GetUtcNow();
        var added = await store.AddOnceAsync(unit, new OutboxEntry
        {
            Id = 0,
            Platform = message.Platform,
            App = message.App,
            Partition = OutboxEntry.PartitionOf(message.App, message.Message.Lane),
            Message = message.Message,
            IdempotencyKey = IdempotencyKeys.ForQueued(message.Platform, message.App, message.IdempotencyKey),
            InboxId = NoEvent,
            Reference = message.Reference ?? Reference.For(message.Platform, message.App, message.IdempotencyKey),
            TraceParent = Activity.Current?.Id,
            CreatedAt = now,
            NotBefore = now + message.Message.Delay,
        });
        if (added is null) return false;
        senders.Stored(unit, added);
        return true;
    }

    private static void Check(QueuedMessage message)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(message.Platform, nameof(message));
        ArgumentException.ThrowIfNullOrWhiteSpace(message.App, nameof(message));
        ArgumentException.ThrowIfNullOrWhiteSpace(message.IdempotencyKey, nameof(message));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.IdempotencyKey.Length, LongestKey, nameof(message));
        ArgumentException.ThrowIfNullOrWhiteSpace(message.Message.Lane, nameof(message));
        ArgumentException.ThrowIfNullOrWhiteSpace(message.Message.Target, nameof(message));
        ArgumentException.ThrowIfNullOrWhiteSpace(message.Message.Content, nameof(message));
        if (!Enum.IsDefined(message.Message.Priority)) throw new ArgumentOutOfRangeException(nameof(message), message.Message.Priority, "There is no such class of messages.");
    }
}
