using System.Globalization;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>What can be done about notifications that were sent: over REST and in the console alike. Each leaves a line in the audit log, in its own transaction.</summary>
internal sealed class NoticeDeeds(IDatabase database, NoticeStore store, NoticeSending sending, NoticeTurn turn, NoticeOutbox outbox, NoticeGate gate, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Nudging more often helps nobody.</summary>
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(5);

    /// <summary>Says on the cards how it ended.</summary>
    /// <exception cref="RequestRefusedException">One of them has no cards, or the integration is off.</exception>
    public async Task SettleAsync(IReadOnlyList<NoticeRow> rows, NoticeSettlement settled, Actor who, CancellationToken cancellation)
    {
        gate.Demand();
        foreach (var row in rows.Where(r => !IsShown(r))) throw new RequestRefusedException(StatusCodes.Status409Conflict, row.State, null, $"The notification is {row.State}: there are no cards to change.");
        foreach (var row in rows) sending.Compile(row with { State = NoticeStates.Settled, Settled = settled });
        await database.TransactAsync(async unit =>
        {
            // In the order in which a digest takes them.
            foreach (var row in rows.OrderBy(r => r.Seq))
            {
                // A repeat says the same on the same cards.
                if (row.State == NoticeStates.Settled && row.Settled == settled || !await store.SettleAsync(unit, row.Seq, settled)) continue;
                await turn.RunAsync(unit, (await store.FindAsync(unit, row.Seq))!, clock.GetUtcNow());
                await audit.AddAsync(unit, who, "notification.settled", row.Id);
            }
        }, cancellation);
    }

    /// <summary>Takes the cards back.</summary>
    /// <exception cref="RequestRefusedException">Nothing was sent, or the integration is off.</exception>
    public async Task RecallAsync(NoticeRow row, Actor who, CancellationToken cancellation)
    {
        gate.Demand();
        if (row.State == NoticeStates.SwitchedOff) throw new RequestRefusedException(StatusCodes.Status409Conflict, row.State, null, "Nothing was sent that could be taken back.");
        await database.TransactAsync(async unit =>
        {
            if (!await store.RecallAsync(unit, row.Seq)) return;
            await turn.RunAsync(unit, (await store.FindAsync(unit, row.Seq))!, clock.GetUtcNow());
            await audit.AddAsync(unit, who, "notification.recalled", row.Id);
        }, cancellation);
    }

    /// <summary>Nudges those who have not decided, once under a key.</summary>
    /// <exception cref="RequestRefusedException">Nobody is waited for, they were nudged lately, or the integration is off.</exception>
    public async Task RemindAsync(NoticeRow row, string key, Actor who, CancellationToken cancellation)
    {
        gate.Demand();
        if (row.RemindKey != key) await database.TransactAsync(unit => RemindAsync(unit, row.Id, key, who), cancellation);
    }

    /// <summary>It has, or will have, cards that can be changed.</summary>
    public static bool IsShown(NoticeRow row) => row.State is NoticeStates.Open or NoticeStates.Decided or NoticeStates.Settled;

    private async ValueTask RemindAsync(IUnitOfWork unit, string id, string key, Actor who)
    {
        var now = clock.GetUtcNow();
        var row = (await store.FindAsync(unit, id))!;
        // Nobody decides, and nobody else reminds, between this look and its end.
        row = (await store.LockAsync(unit, row.Seq))!;
        if (row.RemindKey == key) return;
        if (!row.Decides) throw new RequestRefusedException(StatusCodes.Status409Conflict, "nothing_to_decide", null, "The notification asks for no decision.");
        if (row.State != NoticeStates.Open) throw new RequestRefusedException(StatusCodes.Status409Conflict, "already_" + row.State, null, $"The notification is {row.State}.");
        if (row.RemindedAt is { } before && now - before < BetweenReminders)
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "reminded_lately", null, $"They were reminded at {before.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC; the next time can be {BetweenReminders.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes later.");
        await store.RemindedAsync(unit, row.Seq, key, now);
        var title = NoticeFaces.MessageOf(row.Model) is { } message ? message.Summary ?? message.Title : "";
        var text = Bots.MessageContent.Text($"提醒：请处理“{title.Chinese}”。\nReminder: “{title.English}” still waits for your decision.");
        foreach (var delivery in (await store.DeliveriesAsync(unit, row.Seq)).Where(d => d.HasCard))
            await outbox.QueueAsync(unit, row.App, $"notice:{row.Id}:{delivery.Position}:remind:{row.Reminders}", OutboxMessage.Reply(delivery.Target, delivery.MessageId!, "text", text));
        await audit.AddAsync(unit, who, "notification.reminded", row.Id);
    }
}
