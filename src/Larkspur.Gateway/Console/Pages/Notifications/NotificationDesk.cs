using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Notifications;

/// <summary>Notifications as the console shows them, and what an operator does about one.</summary>
internal sealed class NotificationDesk(IDatabase database, NoticeStore store, NoticeDeeds deeds, NoticeFaces faces, NoticeGate gate)
{
    private const int PageSize = 30;
    private const int ShownClicks = 50;

    public static readonly string[] States = [NoticeStates.Open, NoticeStates.Decided, NoticeStates.Settled, NoticeStates.Recalled, NoticeStates.SwitchedOff];

    /// <summary>The integration is on: cards can be sent and changed.</summary>
    public bool IsOn => gate.IsOpen;

    public Task<(IReadOnlyList<NoticeSeen> Items, long? Next)> ListAsync(string? matter, string? type, string? state, long? before, CancellationToken cancellation) =>
        database.ReadAsync<(IReadOnlyList<NoticeSeen>, long?)>(async sql =>
        {
            var rows = await store.ListAsync(sql, matter, type, States.Contains(state) ? state : null, before, PageSize + 1);
            var items = new List<NoticeSeen>(PageSize);
            foreach (var row in rows.Take(PageSize)) items.Add(Seen(row, await store.DeliveriesAsync(sql, row.Seq), null));
            return (items, rows.Count > PageSize ? rows[PageSize - 1].Seq : null);
        }, cancellation);

    /// <summary>One with its clicks, or null.</summary>
    public Task<NoticeSeen?> FindAsync(string id, CancellationToken cancellation) => database.ReadAsync(async sql =>
        await store.FindAsync(sql, id) is { } row ? Seen(row, await store.DeliveriesAsync(sql, row.Seq), await store.ClicksAsync(sql, row.Seq, ShownClicks)) : null, cancellation);

    public Task SettleAsync(string id, CardStatus status, LocalText text, Actor who, CancellationToken cancellation) =>
        WithAsync(id, row => deeds.SettleAsync(row, new NoticeSettlement(status, text, null, null), who, cancellation), cancellation);

    public Task RecallAsync(string id, Actor who, CancellationToken cancellation) => WithAsync(id, row => deeds.RecallAsync(row, who, cancellation), cancellation);

    public Task RemindAsync(string id, Actor who, CancellationToken cancellation) =>
        WithAsync(id, row => deeds.RemindAsync(row, "console:" + Guid.NewGuid().ToString("N"), who, cancellation), cancellation);

    private async Task WithAsync(string id, Func<NoticeRow, Task> deed, CancellationToken cancellation) => await deed(await database.ReadAsync(sql => store.FindAsync(sql, id), cancellation)
        ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", null, "No notification has this id."));

    private NoticeSeen Seen(NoticeRow row, IReadOnlyList<DeliveryRow> deliveries, IReadOnlyList<NoticeClick>? clicks) => new(NotificationView.Of(row, deliveries, clicks),
        row.Model.Length > 0 ? NoticeFaces.MessageOf(row.Model) : null, faces.LineOf(row), row.Decides)
    {
        Status = row.State == NoticeStates.Settled ? row.Settled?.Status : row.Decision is { } decision ? decision == NoticeDecisions.Approved ? CardStatus.Success : CardStatus.Danger : null,
    };
}

/// <summary>A notification, as it is looked at.</summary>
/// <param name="View">What the API shows of it.</param>
/// <param name="Message">What its card says; null: nothing was sent.</param>
/// <param name="Line">How it stands in one line; null: it is open.</param>
/// <param name="Decides">It asks for a decision.</param>
internal sealed record NoticeSeen(NotificationView View, CardMessage? Message, LocalText? Line, bool Decides)
{
    /// <summary>The status that its cards show; null: the message's own.</summary>
    public CardStatus? Status { get; init; }

    /// <summary>The card with the buttons that it has now.</summary>
    public CardMessage? Card => Message is { } message && Decides && Line is null ? NoticeFaces.Asking(message) : Message;

    /// <summary>It asks nobody for a decision, and every card of it has left or failed.</summary>
    public bool IsTold => !Decides && View.State == NoticeStates.Open && View.Deliveries.All(d => d.State is not (DeliveryStates.Waiting or DeliveryStates.Queued));

    /// <summary>Somebody did not get it.</summary>
    public bool HasFailed => View.Deliveries.Any(d => d.State is DeliveryStates.Failed or DeliveryStates.Unknown);

    /// <summary>It waits for somebody's decision.</summary>
    public bool IsWaiting => Decides && View.State == NoticeStates.Open;

    /// <summary>It has, or will have, cards that can be changed.</summary>
    public bool IsShown => View.State is NoticeStates.Open or NoticeStates.Decided or NoticeStates.Settled;
}
