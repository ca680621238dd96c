using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages.Cards;

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
        if (await OutboxRows.IdOfAsync(unit, message) is not { } row) return;
        await unit.ExecuteAsync("INSERT INTO card_delivery (card, outbox_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (card, outbox_id) DO NOTHING",
            card, row, at.ToUnixTimeMilliseconds());
    }

    /// <summary>The platform has told the message that an outbox row made or changed.</summary>
    public async ValueTask SentAsync(IUnitOfWork unit, long outboxId, string messageId) =>
        await unit.ExecuteAsync("UPDATE card_delivery SET message_id = $2 WHERE outbox_id = $1", outboxId, messageId);

    /// <summary>Whether the message that was clicked is one of the card's own.</summary>
    public async ValueTask<ClickedMessage> JudgeAsync(ISql sql, string card, CardClick click)
    {
        // A link's preview, which no card of ours is.
        if (click.MessageId is not { } message) return ClickedMessage.Other;
        var deliveries = await sql.QueryAsync("SELECT message_id, outbox_id FROM card_delivery WHERE card = $1",
            static row => (MessageId: row.Text(0), Row: row.GetInt64(1)), card);
        if (deliveries.Any(d => d.MessageId == message)) return ClickedMessage.Own;
        // On its way it can be seen, and clicked, before the platform's answer has told its message.
        var untold = await OutboxRows.ItemsAsync(sql, [.. deliveries.Where(d => d.MessageId is null).Select(d => d.Row)]);
        var onItsWay = untold.Values.Where(o => o is { Status: "open" or "held", UnsureSince: not null }).ToArray();
        if (onItsWay.Any(o => IsPatch(o) && o.Target == message)) return ClickedMessage.Own;
        // Its answer may have come since the look above: then the message is this card's after all.
        var told = untold.Count == 0 ? [] : await sql.QueryAsync("SELECT card FROM card_delivery WHERE message_id = $1", static row => row.GetString(0), message);
        if (told.Count > 0) return told.Contains(card) ? ClickedMessage.Own : ClickedMessage.Other;
        onItsWay = [.. onItsWay.Where(o => !IsPatch(o))];
        var fits = onItsWay.Select(d => Fits(d, click)).ToArray();
        return fits.Contains(true) ? ClickedMessage.Own : fits.Contains(null) ? ClickedMessage.Unsure : ClickedMessage.Other;
    }

    /// <summary>Forgets old ones: the platform takes no clicks on cards so old.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM card_delivery
        WHERE outbox_id IN (SELECT outbox_id FROM card_delivery WHERE created_at < $1 ORDER BY created_at LIMIT $2) AND created_at < $1
        """);

    /// <summary>Whether the click came from where the message goes; null: that cannot be told.</summary>
    private static bool? Fits(OutboxItem delivery, CardClick click) => delivery.TargetType switch
    {
        "chat_id" => click.ChatId == delivery.Target,
        "open_id" => click.Person.OpenId == delivery.Target,
        "user_id" => click.Person.UserId is { } user ? user == delivery.Target : null,
        "union_id" => click.Person.UnionId is { } union ? union == delivery.Target : null,
        // An answer to a message: its chat is known where the caller named it.
        "message_id" when delivery.Key.StartsWith("oc_", StringComparison.Ordinal) => click.ChatId == delivery.Key,
        _ => null,
    };

    private static bool IsPatch(OutboxItem row) => row.Operation == MessageOperations.Patch.Name;
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
