using System.Data.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Cards;

/// <summary>
/// Which messages show a card. A button's value may stand in any card that is sent in the app's name, under whatever words, and a card may be
/// passed on: a click counts on the card's own messages alone.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822",
    Justification = "A store is a service like the others; its statements run on the unit that is given.")]
internal sealed class CardDeliveries
{
    /// <summary>A queued message shows the card: to be noted in the transaction that queues it.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="card">The card's id, or the name of the turn whose buttons it has.</param>
    /// <param name="message">The message.</param>
    /// <param name="at">Now.</param>
    public async ValueTask AddAsync(IUnitOfWork unit, string card, QueuedMessage message, DateTimeOffset at)
    {
        var key = IdempotencyKeys.ForQueued(message.Platform, message.App, message.IdempotencyKey);
        await unit.ExecuteAsync("""
            INSERT INTO card_delivery (card, outbox_id, created_at)
            SELECT $1, id, $5 FROM outbox WHERE idempotency_key = $2 AND app = $3 AND platform = $4
            ON CONFLICT (card, outbox_id) DO NOTHING
            """, card, key, message.App, message.Platform, at.ToUnixTimeMilliseconds());
    }

    /// <summary>The platform has told the message that an outbox row made or changed.</summary>
    public async ValueTask SentAsync(IUnitOfWork unit, long outboxId, string messageId) =>
        await unit.ExecuteAsync("UPDATE card_delivery SET message_id = $2 WHERE outbox_id = $1", outboxId, messageId);

    /// <summary>Whether the message that was clicked is one of the card's own.</summary>
    public async ValueTask<ClickedMessage> JudgeAsync(ISql sql, string card, CardClick click)
    {
        // A link's preview, which no card of ours is.
        if (click.MessageId is not { } message) return ClickedMessage.Other;
        var deliveries = await sql.QueryAsync("""
            SELECT d.message_id, o.operation, o.target_type, o.target, o.lane,
              CASE WHEN o.status IN (0, 3) AND o.first_tried_at IS NOT NULL THEN 1 ELSE 0 END
            FROM card_delivery d LEFT JOIN outbox o ON o.id = d.outbox_id WHERE d.card = $1
            """, Read, card);
        if (deliveries.Any(d => d.MessageId == message)) return ClickedMessage.Own;
        // On its way it can be seen, and clicked, before the platform's answer has told its message.
        var onItsWay = deliveries.Where(d => d is { MessageId: null, Tried: true }).ToArray();
        if (onItsWay.Any(d => d.IsPatch && d.Target == message)) return ClickedMessage.Own;
        onItsWay = [.. onItsWay.Where(d => !d.IsPatch)];
        if (onItsWay.Length == 0) return ClickedMessage.Other;
        // Its answer may have come since the look above: then the message is this card's after all.
        var told = await sql.QueryAsync("SELECT card FROM card_delivery WHERE message_id = $1", static row => row.GetString(0), message);
        if (told.Count > 0) return told.Contains(card) ? ClickedMessage.Own : ClickedMessage.Other;
        var fits = onItsWay.Select(d => Fits(d, click)).ToArray();
        return fits.Contains(true) ? ClickedMessage.Own : fits.Contains(null) ? ClickedMessage.Unsure : ClickedMessage.Other;
    }

    /// <summary>Forgets up to <paramref name="limit"/> from before: the platform takes no clicks on cards so old.</summary>
    public async ValueTask<int> PruneAsync(IUnitOfWork unit, DateTimeOffset before, int limit) => await unit.ExecuteAsync("""
        DELETE FROM card_delivery
        WHERE outbox_id IN (SELECT outbox_id FROM card_delivery WHERE created_at < $1 ORDER BY created_at LIMIT $2) AND created_at < $1
        """, before.ToUnixTimeMilliseconds(), limit);

    /// <summary>Whether the click came from where the message goes; null: that cannot be told.</summary>
    private static bool? Fits(Delivery delivery, CardClick click) => delivery.TargetType switch
    {
        "chat_id" => click.ChatId == delivery.Target,
        "open_id" => click.Person.OpenId == delivery.Target,
        "user_id" => click.Person.UserId is { } user ? user == delivery.Target : null,
        "union_id" => click.Person.UnionId is { } union ? union == delivery.Target : null,
        // An answer to a message: its chat is known where the caller named it.
        "message_id" when delivery.Lane?.StartsWith("oc_", StringComparison.Ordinal) == true => click.ChatId == delivery.Lane,
        _ => null,
    };

    private static Delivery Read(DbDataReader row) => new(
        row.Text(0), row.Text(1) == OutboxStore.NameOf(OutboxOperation.Patch), row.Text(2), row.Text(3), row.Text(4), row.GetInt32(5) != 0);

    /// <param name="MessageId">The platform's id; null: it has not answered yet.</param>
    /// <param name="IsPatch">It changes a message that is there.</param>
    /// <param name="TargetType">Kind of <paramref name="Target"/>; null: the row is forgotten.</param>
    /// <param name="Target">Where it goes, or the message that it changes or answers.</param>
    /// <param name="Lane">The chat, where it is known.</param>
    /// <param name="Tried">It is open, and the platform may have it.</param>
    private sealed record Delivery(string? MessageId, bool IsPatch, string? TargetType, string? Target, string? Lane, bool Tried);
}

/// <summary>What the message that was clicked is to a card.</summary>
internal enum ClickedMessage
{
    /// <summary>It shows the card.</summary>
    Own,

    /// <summary>The card is on its way, and whether this is its message cannot be told before the platform answers.</summary>
    Unsure,

    /// <summary>It is another message.</summary>
    Other,
}
