using System.Data.Common;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Cards that were sent, and what was done on them.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "A store is a service like the others; its statements run on the unit that is given.")]
internal sealed class CardStore
{
    private const string ActionColumns = "action, outcome, person_id, person_name, message_id, form, at";

    /// <summary>Remembers a card that is being queued. A key that is free again begins anew.</summary>
    public async ValueTask AddAsync(IUnitOfWork unit, string platform, StoredCard card, DateTimeOffset at) => await unit.ExecuteAsync("""
        INSERT INTO card_message (id, app, platform, caller_key, model, created_at, owner) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, decided_action = NULL, decided_at = NULL
        """, card.Id, card.App, platform, card.Key, card.Model, at.ToUnixTimeMilliseconds(), card.Owner);

    public ValueTask<StoredCard?> FindAsync(ISql sql, string app, string id) =>
        sql.FirstAsync("SELECT id, app, caller_key, model, created_at, decided_action, owner FROM card_message WHERE id = $1 AND app = $2", static row => new StoredCard(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3))
        {
            CreatedAt = row.Time(4), DecidedAction = row.Text(5), Owner = row.GetString(6),
        }, id, app);

    /// <summary>Decides the card, unless it is decided.</summary>
    /// <returns>True for the first.</returns>
    public async ValueTask<bool> DecideAsync(IUnitOfWork unit, string id, string action, DateTimeOffset at) => await unit.ExecuteAsync(
        "UPDATE card_message SET decided_action = $2, decided_at = $3 WHERE id = $1 AND decided_action IS NULL", id, action, at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Records a click once, however often its event is handled.</summary>
    public async ValueTask RecordAsync(IUnitOfWork unit, CardClick click, string card, CardActionRow row) => await unit.ExecuteAsync("""
        INSERT INTO card_action (card, app, event_id, action, outcome, person_id, person_name, message_id, form, reference, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (event_id, app) DO NOTHING
        """, card, click.App, click.Context.Event.EventId, row.Action, row.Outcome, row.PersonId, row.PersonName, row.MessageId, row.Form, click.Context.Reference,
        row.At.ToUnixTimeMilliseconds());

    /// <summary>The newest clicks that took effect, oldest first.</summary>
    public async ValueTask<IReadOnlyList<CardActionRow>> DoneAsync(ISql sql, string card, int atMost)
    {
        var rows = await sql.QueryAsync($"SELECT {ActionColumns} FROM card_action WHERE card = $1 AND outcome = 'done' ORDER BY id DESC LIMIT $2", Read, card, atMost);
        rows.Reverse();
        return rows;
    }

    /// <summary>Forgets cards that were sent long ago, and what was done on them.</summary>
    /// <returns>How many cards.</returns>
    public static async ValueTask<int> PruneAsync(OldBatch old)
    {
        var ids = await old.IdsAsync("SELECT id FROM card_message WHERE created_at < $1 ORDER BY created_at LIMIT $2");
        if (ids.Count == 0) return 0;
        var (among, list) = (IdList.In(old.Dialect, "$1"), IdList.Of(old.Dialect, ids));
        await old.Unit.ExecuteAsync($"DELETE FROM card_action WHERE card {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM card_delivery WHERE card {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM card_message WHERE id {among}", list);
        return ids.Count;
    }

    private static CardActionRow Read(DbDataReader row) => new()
    {
        Action = row.GetString(0),
        Outcome = row.GetString(1),
        PersonId = row.GetString(2),
        PersonName = row.Text(3),
        MessageId = row.Text(4),
        Form = row.Text(5),
        At = row.Time(6),
    };
}
