using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Notifications;

/// <summary>Notifications as the console shows them, and what an operator does about one.</summary>
internal sealed class NotificationPageService(IDatabase database, NotificationStore store, NotificationActions actions, NotificationCards faces, IntegrationGuard gate)
{
    private const int PageSize = 30;
    private const int ShownClicks = 50;

    public static readonly string[] States = [NotificationStates.Open, NotificationStates.Decided, NotificationStates.Resolved, NotificationStates.Recalled, NotificationStates.SwitchedOff];

    /// <summary>The integration is on: cards can be sent and changed.</summary>
    public bool IsOn => gate.IsOpen;

    public Task<(IReadOnlyList<NotificationSummary> Items, long? Next)> ListAsync(
        string? subject, string? type, string? state, long? before, TimeZoneInfo zone, CancellationToken cancellation) =>
        database.ReadAsync<(IReadOnlyList<NotificationSummary>, long?)>(async sql =>
        {
            var rows = await store.ListAsync(sql, subject, type, States.Contains(state) ? state : null, before, PageSize + 1);
            var items = new List<NotificationSummary>(PageSize);
            foreach (var row in rows.Take(PageSize)) items.Add(Seen(row, await store.DeliveriesAsync(sql, row.Seq), null, zone));
            return (items, rows.Count > PageSize ? rows[PageSize - 1].Seq : null);
        }, cancellation);

    /// <summary>One with its clicks, or null.</summary>
    public Task<NotificationSummary?> FindAsync(string id, TimeZoneInfo zone, CancellationToken cancellation) =>
        database.ReadAsync(async sql => await store.FindAsync(sql, id) is { } row
            ? Seen(row, await store.DeliveriesAsync(sql, row.Seq), await store.ClicksAsync(sql, row.Seq, ShownClicks), zone)
            : null, cancellation);

    public Task ResolveAsync(string id, CardStatus status, LocalText text, Actor who, CancellationToken cancellation) =>
        WithAsync(id, row => actions.ResolveAsync(row, new NotificationResolution(status, text, null, null), who, cancellation), cancellation);

    public Task RecallAsync(string id, Actor who, CancellationToken cancellation) => WithAsync(id, row => actions.RecallAsync(row, who, cancellation), cancellation);

    public Task RemindAsync(string id, Actor who, CancellationToken cancellation) =>
        WithAsync(id, row => actions.RemindAsync(row, "console:" + Guid.NewGuid().ToString("N"), who, cancellation), cancellation);

    private async Task WithAsync(string id, Func<NotificationRow, Task> action, CancellationToken cancellation) => await action(await database.ReadAsync(sql => store.FindAsync(sql, id), cancellation)
        ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", null, "No notification has this id."));

    private NotificationSummary Seen(
        NotificationRow row, IReadOnlyList<DeliveryRow> deliveries, IReadOnlyList<NotificationClick>? clicks, TimeZoneInfo zone) => new(
        NotificationView.Of(row, deliveries, clicks), row.Model.Length > 0 ? NotificationCards.NowOf(row) : null,
        faces.LineOf(row, zone), row.Decides)
    {
        Status = row.State == NotificationStates.Resolved ? row.Resolved?.Status : row.Decision is { } decision ? decision == NotificationDecisions.Approved ? CardStatus.Success : CardStatus.Danger : null,
    };
}

/// <summary>A notification, as it is looked at.</summary>
/// <param name="View">What the API shows of it.</param>
/// <param name="Message">What its card says; null: nothing was sent.</param>
/// <param name="Line">How it stands in one line; null: it is open.</param>
/// <param name="Decides">It asks for a decision.</param>
internal sealed record NotificationSummary(NotificationView View, CardMessage? Message, LocalText? Line, bool Decides)
{
    /// <summary>The status that its cards show; null: the message's own.</summary>
    public CardStatus? Status { get; init; }

    /// <summary>The card with the buttons that it has now.</summary>
    public CardMessage? Card => Message is { } message && Decides && Line is null ? NotificationCards.Asking(message) : Message;

    /// <summary>It asks nobody for a decision, and every card of it has left or failed.</summary>
    public bool IsTold => !Decides && View.State == NotificationStates.Open && View.Deliveries.All(d => d.State is not (DeliveryStates.Waiting or DeliveryStates.Queued));

    /// <summary>Somebody did not get it.</summary>
    public bool HasFailed => View.Deliveries.Any(d => d.State is DeliveryStates.Failed or DeliveryStates.Unknown);

    /// <summary>It waits for somebody's decision.</summary>
    public bool IsWaiting => Decides && View.State == NotificationStates.Open;

    /// <summary>It has, or will have, cards that can be changed.</summary>
    public bool IsShown => View.State is NotificationStates.Open or NotificationStates.Decided or NotificationStates.Resolved;
}
