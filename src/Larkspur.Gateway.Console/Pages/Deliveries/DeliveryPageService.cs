using System.Globalization;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Console.Pages.Deliveries;

/// <summary>Both boxes in one shape, and what an operator does about their rows; each action leaves a line in the audit log besides the row's own history.</summary>
internal sealed class DeliveryPageService(
    InboxQueries inbox, OutboxQueries outbox, OutboxOperations operations, InboxRepairs inboxRepairs, OutboxRepairs outboxRepairs, AuditTrail audit)
{
    /// <summary>Rows that one bulk replay treats at most.</summary>
    public const int MostAtOnce = 100;

    /// <summary>The states that a list can be asked for.</summary>
    public static string[] States(string box) => box == "inbox" ? ["open", "finished", "dead", "overdue"] : ["open", "sent", "dead", "held", "discarded", "superseded", "overdue"];

    public async Task<(IReadOnlyList<DeliveryRow> Items, long? Next)> ListAsync(string box, string? status, string? app, string? key, long? cursor, CancellationToken cancellation)
    {
        var filter = new RowFilter { Status = States(box).Contains(status) ? status : null, App = Given(app), Key = Given(key), Cursor = cursor };
        if (box == "inbox")
        {
            var page = await inbox.ListAsync(filter, cancellation);
            return ([.. page.Items.Select(Row)], page.Next);
        }

        var messages = await outbox.ListAsync(filter, cancellation);
        return ([.. messages.Items.Select(Row)], messages.Next);
    }

    /// <summary>One row; null: there is no such row (any more).</summary>
    public async Task<DeliveryRow?> FindAsync(string box, long id, CancellationToken cancellation) => box == "inbox"
        ? await inbox.DetailsAsync(id, withPayload: false, cancellation) is { } e ? Row(e.Row) : null
        : await outbox.FindAsync(id, cancellation) is { } m ? Row(m) : null;

    /// <summary>A row's history, without what people wrote; null: there is no such row (any more).</summary>
    public async Task<DeliveryDetails?> DetailsAsync(string box, long id, CancellationToken cancellation)
    {
        if (box == "inbox")
        {
            if (await inbox.DetailsAsync(id, withPayload: false, cancellation) is not { } e) return null;
            return new DeliveryDetails(Facts(
                (DeliveriesTexts.EventId, e.Row.EventId), (DeliveriesTexts.Platform, e.Platform),
                (DeliveriesTexts.OrderingKey, e.Row.Key),
                (DeliveriesTexts.Outcome, e.Row.Outcome is { } outcome ? DeliveriesTexts.OfReason(outcome) : null),
                (DeliveriesTexts.Attempts, e.Row.Attempts), (DeliveriesTexts.MessagesCaused, e.Outbox.Count),
                (DeliveriesTexts.Duplicates, e.Row.Duplicates), (DeliveriesTexts.TraceId, e.TraceId)),
                e.History, e.Row.Status == "dead" || e.Row is { Status: "finished", Effects: 0, Outcome: "stale" or "discarded" }, e.Row.Status is "open" or "dead");
        }

        if (await outbox.DetailsAsync(id, withContent: false, cancellation) is not { } m) return null;
        return new DeliveryDetails(Facts(
            (DeliveriesTexts.Platform, m.Row.Platform), (DeliveriesTexts.Target, $"{m.Row.TargetType} {m.Row.Target}"),
            (DeliveriesTexts.Attempts, m.Row.Attempts), (DeliveriesTexts.MessageId, m.Row.MessageId),
            (DeliveriesTexts.IdempotencyKey, m.IdempotencyKey), (DeliveriesTexts.PlatformLogId, m.Row.LogId),
            (DeliveriesTexts.TraceId, m.TraceId)),
            m.History, m.Row.Status == "dead", m.Row.Status is "open" or "dead");
    }

    public async Task<Repair> ReplayAsync(string box, long id, bool force, Actor who, CancellationToken cancellation)
    {
        var repair = box == "inbox" ? await inboxRepairs.ReplayAsync(id, who.Name, cancellation) : await outboxRepairs.ReplayAsync(id, force, who.Name, cancellation);
        if (repair == Repair.Done) await audit.AddAsync(who, box + ".replayed", Number(id), cancellation: cancellation);
        return repair;
    }

    public async Task<Repair> DiscardAsync(string box, long id, Actor who, CancellationToken cancellation)
    {
        var repair = box == "inbox" ? await inboxRepairs.DiscardAsync(id, who.Name, cancellation) : await outboxRepairs.DiscardAsync(id, who.Name, cancellation);
        if (repair == Repair.Done) await audit.AddAsync(who, box + ".discarded", Number(id), cancellation: cancellation);
        return repair;
    }

    /// <summary>Replays the dead letters of a filter, at most <see cref="MostAtOnce"/>. What is in doubt stays: it needs a person's word each.</summary>
    /// <returns>How many were replayed.</returns>
    public async Task<int> ReplayDeadAsync(string box, string? app, string? key, Actor who, CancellationToken cancellation)
    {
        var filter = new RowFilter { Status = "dead", App = Given(app), Key = Given(key), Limit = MostAtOnce };
        var replayed = 0;
        if (box == "inbox")
        {
            (replayed, _) = await inboxRepairs.ReplayAsync(filter, who.Name, cancellation);
        }
        else
        {
            foreach (var message in (await outbox.ListAsync(filter, cancellation)).Items.Reverse())
            {
                if (await outboxRepairs.ReplayAsync(message.Id, force: false, who.Name, cancellation) == Repair.Done) replayed++;
            }
        }

        if (replayed > 0) await audit.AddAsync(who, box + ".replayed", Number(replayed) + " rows", cancellation: cancellation);
        return replayed;
    }

    private static DeliveryRow Row(InboxItem i) => new(i.Id, i.ReceivedAt, i.EventType, DeliveriesTexts.OfEvent(i.EventType), i.App, i.Key, i.Status, i.Reason ?? i.Outcome, i.Reference);

    private DeliveryRow Row(OutboxItem m)
    {
        var title = DeliveriesTexts.OfMessage(operations.Find(m.Operation), m.Operation, m.MessageType);
        return new(m.Id, m.CreatedAt, $"{m.Operation} {m.MessageType}", title, m.App, m.Key, m.Status, m.Reason, m.Reference);
    }

    private static IReadOnlyList<(LocalText Title, LocalText Value)> Facts(params (LocalText Title, object? Value)[] facts) =>
    [
        .. facts.Select(f => (f.Title, Value: f.Value as LocalText ?? Convert.ToString(f.Value, CultureInfo.InvariantCulture) ?? ""))
            .Where(f => f.Value.English.Length > 0),
    ];

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A row of either box.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When it came to be.</param>
/// <param name="What">An event's type, or an operation and what it sends.</param>
/// <param name="Title">The same for people.</param>
/// <param name="App">By which app.</param>
/// <param name="Key">Its lane.</param>
/// <param name="Status">Its state.</param>
/// <param name="Reason">Why it stands so.</param>
/// <param name="Reference">What people quote.</param>
internal sealed record DeliveryRow(
    long Id, DateTimeOffset At, string What, LocalText Title, string App, string Key, string Status, string? Reason, string Reference);

/// <summary>What is known of a row.</summary>
public sealed class DeliveryDetails
{
    internal DeliveryDetails(
        IReadOnlyList<(LocalText Title, LocalText Value)> facts, IReadOnlyList<HistoryLine> lines, bool canReplay, bool canDiscard) =>
        (Facts, Lines, CanReplay, CanDiscard) = (facts, lines, canReplay, canDiscard);

    internal IReadOnlyList<(LocalText Title, LocalText Value)> Facts { get; }

    internal IReadOnlyList<HistoryLine> Lines { get; }

    internal bool CanReplay { get; }

    internal bool CanDiscard { get; }
}
