using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>What can be done about notifications that were sent: over REST and in the console alike. Each leaves a line in the audit log, in its own transaction.</summary>
internal sealed class NotificationActions(IDatabase database, NotificationStore store, NotificationIntake sending, CardSynchronizer turn, NotificationOutbox outbox, IntegrationGuard gate, UrgentPushes pushes, AuditTrail audit,
    TimeProvider clock)
{
    /// <summary>Nudging more often helps nobody.</summary>
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(5);

    /// <summary>Says on the cards how it ended.</summary>
    /// <exception cref="RequestRefusedException">It has no cards, or the integration is off.</exception>
    public async Task ResolveAsync(NotificationRow row, NotificationResolution resolved, Actor who, CancellationToken cancellation)
    {
        gate.Demand();
        if (!IsShown(row)) throw new RequestRefusedException(StatusCodes.Status409Conflict, row.State, null, $"The notification is {row.State}: there are no cards to change.");
        sending.Compile(row with { State = NotificationStates.Resolved, Resolved = resolved });
        await database.TransactAsync(async unit =>
        {
            // A repeat says the same on the same cards.
            if (row.State == NotificationStates.Resolved && row.Resolved == resolved || !await store.ResolveAsync(unit, row.Seq, resolved)) return;
            await turn.RunAsync(unit, (await store.FindAsync(unit, row.Seq))!, clock.GetUtcNow());
            await audit.AddAsync(unit, who, "notification.resolved", row.Id);
        }, cancellation);
    }

    /// <summary>Takes the cards back.</summary>
    /// <exception cref="RequestRefusedException">Nothing was sent, or the integration is off.</exception>
    public async Task RecallAsync(NotificationRow row, Actor who, CancellationToken cancellation)
    {
        gate.Demand();
        if (row.State == NotificationStates.SwitchedOff) throw new RequestRefusedException(StatusCodes.Status409Conflict, row.State, null, "Nothing was sent that could be taken back.");
        await database.TransactAsync(async unit =>
        {
            if (!await store.RecallAsync(unit, row.Seq)) return;
            await turn.RunAsync(unit, (await store.FindAsync(unit, row.Seq))!, clock.GetUtcNow());
            await audit.AddAsync(unit, who, "notification.recalled", row.Id);
        }, cancellation);
    }

    /// <summary>Nudges those who have not decided, once under a key.</summary>
    /// <param name="row">The notification.</param>
    /// <param name="key">The caller's name for this reminder.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="urgent">By an urgent push of the card instead of an answer below it.</param>
    /// <exception cref="RequestRefusedException">Nobody is waited for, they were nudged lately, the app may not push, or the integration is off.</exception>
    public async Task RemindAsync(NotificationRow row, string key, Actor who, CancellationToken cancellation, bool urgent = false)
    {
        gate.Demand();
        if (IsRepeat(row, key, urgent)) return;
        if (urgent) await pushes.DemandAsync(row.App, cancellation);
        await database.TransactAsync(unit => RemindAsync(unit, row.Id, key, urgent, who), cancellation);
    }

    /// <summary>It has, or will have, cards that can be changed.</summary>
    public static bool IsShown(NotificationRow row) => row.State is NotificationStates.Open or NotificationStates.Decided or NotificationStates.Resolved;

    /// <summary>The reminder under this key was made.</summary>
    /// <exception cref="RequestRefusedException">Another one was.</exception>
    private static bool IsRepeat(NotificationRow row, string key, bool urgent)
    {
        if (row.RemindKey == KeyOf(key, !urgent)) throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_in_use", null, "Under this key they were reminded in the other way.");
        return row.RemindKey == KeyOf(key, urgent);
    }

    /// <summary>Keys of callers hold no line feed.</summary>
    private static string KeyOf(string key, bool urgent) => urgent ? key + "\nurgent" : key;

    private async ValueTask RemindAsync(IUnitOfWork unit, string id, string key, bool urgent, Actor who)
    {
        var now = clock.GetUtcNow();
        var row = (await store.FindAsync(unit, id))!;
        // Nobody decides, and nobody else reminds, between this look and its end.
        row = (await store.LockAsync(unit, row.Seq))!;
        if (IsRepeat(row, key, urgent)) return;
        if (!row.Decides) throw new RequestRefusedException(StatusCodes.Status409Conflict, "nothing_to_decide", null, "The notification asks for no decision.");
        if (row.State != NotificationStates.Open) throw new RequestRefusedException(StatusCodes.Status409Conflict, "already_" + row.State, null, $"The notification is {row.State}.");
        if (row.RemindedAt is { } before && now - before < BetweenReminders)
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "reminded_lately", null, $"They were reminded at {before.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC; the next time can be {BetweenReminders.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes later.");
        await store.RemindedAsync(unit, row.Seq, KeyOf(key, urgent), now);
        var title = NotificationCards.MessageOf(row.Model) is { } message ? message.Summary ?? message.Title : "";
        var text = MessageContent.Text(NotificationTexts.Reminder(title).Both);
        foreach (var delivery in (await store.DeliveriesAsync(unit, row.Seq)).Where(d => d.HasCard))
        {
            var push = urgent ? UrgentPushes.Of(row, delivery) : null;
            var reminder = await outbox.QueueAsync(unit, row, $"notification:{row.Id}:{delivery.Position}:remind:{row.Reminders}",
                push ?? OutboxMessage.Reply(delivery.Target, delivery.MessageId!, "text", text));
            await store.RemindedByAsync(unit, delivery.Id, reminder, push is not null);
        }

        await audit.AddAsync(unit, who, "notification.reminded", row.Id, urgent ? new JsonObject { ["urgent"] = true } : null);
    }
}
