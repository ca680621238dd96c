using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages;

/// <summary>Messages that were asked for over REST: queued durably, once per key, and found again.</summary>
internal sealed class MessageQueue(IDatabase database, IOutbox outbox, OutboxReports reports, CardStore cards, CardDeliveries deliveries, TimeProvider clock)
{
    /// <summary>Keys of callers have a name space of their own: none can meet a key of the gateway's.</summary>
    private const string KeySpace = "rest:";

    private const int MostWaiting = 500;

    /// <summary>How often a row is looked at that may end in another process.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private int _waiting;
    private volatile bool _allOwned;

    /// <summary>The key under which the message is kept: its own, or its word from before keys had owners, as long as rows from then are there.</summary>
    public async Task<string> KeyAsync(string app, string key, CancellationToken cancellation)
    {
        if (_allOwned || IdempotencyKey.Unowned(key) is not { } word) return key;
        var (any, found) = await database.ReadAsync(sql => QueuedRow.UnownedAsync(sql, PlatformNames.Feishu, app, KeySpace + word), cancellation);
        _allOwned = !any;
        return found is null ? key : word;
    }

    /// <summary>Queues a message of the caller's system, or finds the one that was queued under its key before.</summary>
    /// <exception cref="RequestRefusedException">The key is another message's.</exception>
    /// <param name="caller">Whose message it is.</param>
    /// <param name="app">By which app it is sent.</param>
    /// <param name="key">The caller's name for it.</param>
    /// <param name="message">What is sent.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="card">The card whose clicks come here; null: none.</param>
    /// <param name="also">Done in the same transaction where the message is a new one.</param>
    public async Task<MessageAnswer> QueueAsync(
        KeyGrant caller, string app, string key, OutboxMessage message, CancellationToken cancellation, StoredCard? card = null,
        Func<IUnitOfWork, ValueTask>? also = null)
    {
        message = message with { Owner = caller.Owner };
        var queued = new QueuedMessage(message.Platform ?? PlatformNames.Feishu, app, KeySpace + key, message);
        var (added, row) = await database.TransactAsync(async unit =>
        {
            var isNew = await outbox.QueueAsync(unit, queued);
            if (isNew && card is not null)
            {
                await cards.AddAsync(unit, queued.Platform, card with { Owner = caller.Owner }, clock.GetUtcNow());
                await deliveries.AddAsync(unit, card.Id, queued, clock.GetUtcNow());
            }

            if (isNew && also is not null) await also(unit);
            return (isNew, await QueuedRow.FindAsync(unit, queued));
        }, cancellation);
        // A forced replay gives a row another key: then the caller's own is free again and this cannot be null after an insert.
        if (row is null) throw new StorageUnavailableException("The message that was just queued is not there.");
        if (!added && !row.Says(message) && (card is null || !row.Says(AsFormer(message, card))))
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_in_use", null, $"Another message was sent under this key before (id {row.Item.Id}).");
        return await AnswerAsync(row, cancellation);
    }

    /// <summary>A message by its id here, or null. Webhooks to business systems are none.</summary>
    public async Task<MessageAnswer?> FindAsync(long id, CancellationToken cancellation) =>
        await database.ReadAsync(sql => QueuedRow.FindAsync(sql, id), cancellation) is { } row
            ? await AnswerAsync(row, cancellation)
            : null;

    /// <summary>Discards a message of which surely no attempt is under way or may have arrived.</summary>
    /// <param name="id">The message.</param>
    /// <param name="who">Who takes it back, for its history.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>False: one is or may, or it has ended.</returns>
    public async Task<bool> TakeBackAsync(long id, string who, CancellationToken cancellation)
    {
        var taken = await database.TransactAsync(unit => OutboxRows.DiscardUntriedAsync(unit, id, who, clock.GetUtcNow()), cancellation);
        if (taken) reports.Ended(id);
        return taken;
    }

    /// <summary>Waits for the message's end, its fallback's included, for up to <paramref name="atMost"/>.</summary>
    public async Task<MessageAnswer> WaitAsync(MessageAnswer message, TimeSpan atMost, CancellationToken cancellation)
    {
        if (atMost <= TimeSpan.Zero || message.IsFinal) return message;
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return message;
        }

        try
        {
            var started = clock.GetTimestamp();
            while (true)
            {
                using var watch = reports.Outcomes.Listen(message.FallbackId ?? message.Id!.Value);
                message = await FindAsync(message.Id!.Value, cancellation) ?? message;
                var left = atMost - clock.GetElapsedTime(started);
                if (message.IsFinal || left <= TimeSpan.Zero) return message;
                using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                await Task.WhenAny(watch.Ended, Task.Delay(left < LookEvery ? left : LookEvery, clock, end.Token));
                await end.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<MessageAnswer> AnswerAsync(QueuedRow row, CancellationToken cancellation)
    {
        var item = row.Item;
        if (item.Status != "dead")
        {
            var said = item.Reason is { } reason && item.Status != "superseded" ? FailureTexts.Of(item.Platform, reason, null) : null;
            return Answer(item, State(item.Status), said);
        }

        var (detail, instead) = await database.ReadAsync(async sql => (
            await RowHistory.LatestAsync(sql, RowHistory.Outbox, item.Id, HistoryLine.Dead), await row.InsteadAsync(sql)), cancellation);
        var failure = FailureTexts.Of(item.Platform, item.Reason ?? "", detail);
        if (instead is null) return Answer(item, MessageAnswer.Failed, failure);
        var state = State(instead.Status) switch
        {
            MessageAnswer.Sent => MessageAnswer.Degraded,
            MessageAnswer.Queued => MessageAnswer.Queued,
            _ => MessageAnswer.Failed,
        };
        return Answer(item, state, failure) with { FallbackId = instead.Id, MessageId = instead.MessageId };
    }

    /// <summary>The message as it was queued before ids of cards were secret.</summary>
    private static OutboxMessage AsFormer(OutboxMessage message, StoredCard card) =>
        message with { Content = message.Content.Replace(card.Id, card.FormerId, StringComparison.Ordinal) };

    private static string State(string status) => status switch
    {
        "open" or "held" => MessageAnswer.Queued,
        "dead" => MessageAnswer.Failed,
        _ => status,
    };

    private static MessageAnswer Answer(OutboxItem item, string state, MessageFailure? failure) => new()
    {
        Id = item.Id,
        Reference = item.Reference,
        App = item.App,
        Operation = item.Operation,
        State = state,
        TargetType = item.TargetType,
        Target = item.Target,
        MsgType = item.MessageType,
        MessageId = item.MessageId,
        CreatedAt = item.CreatedAt,
        Attempts = item.Attempts,
        NextAttemptAt = item.Status == "open" ? item.NotBefore : null,
        FinishedAt = item.FinishedAt,
        Failure = failure,
        Owner = item.System ?? "",
    };
}
