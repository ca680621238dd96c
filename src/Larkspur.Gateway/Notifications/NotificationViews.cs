using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Notifications;

/// <summary>A notification and what became of it.</summary>
internal sealed record NotificationView
{
    public required string Id { get; init; }

    public required string App { get; init; }

    public required string Event { get; init; }

    public string? Subject { get; init; }

    /// <summary><c>open</c>, <c>decided</c>, <c>resolved</c>, <c>recalled</c>; <c>switched_off</c>: recorded, and nothing sent.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string RequestedBy { get; init; }

    /// <summary>A trial: nobody is called back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Test { get; init; }

    /// <summary>Why nothing was sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>The same in Chinese.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NoteZh { get; init; }

    public required IReadOnlyList<DeliveryView> Deliveries { get; init; }

    /// <summary>Those who could not be told; they are among the deliveries, too.</summary>
    public required IReadOnlyList<UnknownRecipientView> UnknownRecipients { get; init; }

    /// <summary>What was decided; null: nothing, or nothing is to be.</summary>
    public DecisionView? Decision { get; init; }

    /// <summary>How the business system said it ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResolutionView? Resolved { get; init; }

    public DateTimeOffset? RemindedAt { get; init; }

    /// <summary>Clicks on its cards, the newest first; with one notification alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NotificationClickView>? Clicks { get; init; }

    public static NotificationView Of(NotificationRow row, IReadOnlyList<DeliveryRow> deliveries, IReadOnlyList<NotificationClick>? clicks = null) => new()
    {
        Id = row.Id,
        App = row.App,
        Event = row.Event,
        Subject = row.Subject,
        State = row.State,
        CreatedAt = row.CreatedAt,
        RequestedBy = row.RequestedBy,
        Test = row.Test,
        Note = row.State == NotificationStates.SwitchedOff ? NotificationTexts.SwitchedOff.English : null,
        NoteZh = row.State == NotificationStates.SwitchedOff ? NotificationTexts.SwitchedOff.Chinese : null,
        Deliveries = [.. deliveries.Select(DeliveryView.Of)],
        UnknownRecipients = [.. deliveries.Where(d => d.State == DeliveryStates.Unknown).Select(d => new UnknownRecipientView(JsonSerializer.Deserialize<JsonElement>(d.Recipient), d.Reason ?? PersonMatch.Unknown))],
        Decision = row is { Decision: { } decision, DecidedBy: { } by, DecidedAt: { } at }
            ? new DecisionView(decision, row.Comment, new PersonView { OpenId = by.OpenId, UserId = by.UserId, Name = by.Name, EnName = by.EnName }, at) : null,
        Resolved = row.Resolved is { } resolved ? new ResolutionView(resolved.Status.ToString().ToLowerInvariant(), new TextView(resolved.Text.Chinese, resolved.Text.English), resolved.By, resolved.At) : null,
        RemindedAt = row.RemindedAt,
        Clicks = clicks is null ? null : [.. clicks.Select(c => new NotificationClickView(c.Action, c.Outcome, c.PersonId, c.PersonName, c.At))],
    };
}

/// <summary>One recipient's card.</summary>
internal sealed record DeliveryView
{
    public required long Id { get; init; }

    /// <summary>As it was named.</summary>
    public required JsonElement Recipient { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PersonView? Person { get; init; }

    /// <summary>
    /// <c>waiting</c> (until due_at: quiet hours, or a digest), <c>queued</c>, <c>sent</c>, <c>read</c>, <c>degraded</c> (as text), <c>failed</c>, <c>discarded</c> (before it left),
    /// <c>recalling</c>, <c>recalled</c>, <c>unknown_recipient</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>It goes, or went, as a line of a digest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Digest { get; init; }

    public string? MessageId { get; init; }

    /// <summary>The outbox row that sends it.</summary>
    public long? OutboxId { get; init; }

    /// <summary>A word for why it failed, was degraded, or has no receiver.</summary>
    public string? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReasonText { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReasonTextZh { get; init; }

    /// <summary>The last reminder of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReminderView? Reminder { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? ReadAt { get; init; }

    public static DeliveryView Of(DeliveryRow row)
    {
        var words = row.Reason is { } reason ? Words(reason) : null;
        return new()
        {
            Id = row.Id,
            Recipient = JsonSerializer.Deserialize<JsonElement>(row.Recipient),
            Person = row.Person is { } person ? PersonView.Of(person) : null,
            State = row.State,
            Digest = row.Digest,
            MessageId = row.MessageId,
            OutboxId = row.OutboxId,
            Reason = row.Reason,
            ReasonText = words?.English,
            ReasonTextZh = words?.Chinese,
            Reminder = row.Reminder is { } reminder ? ReminderView.Of(reminder) : null,
            DueAt = row.State == DeliveryStates.Waiting ? row.DueAt : null,
            SentAt = row.SentAt,
            ReadAt = row.ReadAt,
        };
    }

    private static LocalText Words(string reason) => reason switch
    {
        PersonMatch.Unknown => NotificationTexts.UnknownRecipient,
        PersonMatch.Ambiguous => NotificationTexts.AmbiguousRecipient,
        "nobody" => NotificationTexts.NoMembers,
        "forgotten" => NotificationTexts.Forgotten,
        _ => FailureTexts.TextOf(reason),
    };
}

/// <summary>What became of a reminder.</summary>
internal sealed record ReminderView
{
    /// <summary>It was an urgent push, not an answer below the card.</summary>
    public required bool Urgent { get; init; }

    /// <summary><c>queued</c>, <c>sent</c>, <c>failed</c>, <c>discarded</c>.</summary>
    public required string State { get; init; }

    /// <summary>A word for why it failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReasonText { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReasonTextZh { get; init; }

    public static ReminderView Of(NotificationReminder reminder)
    {
        var words = reminder.Reason is { } reason ? FailureTexts.Of(reason, null) : null;
        return new() { Urgent = reminder.Urgent, State = reminder.State, Reason = reminder.Reason, ReasonText = words?.Message, ReasonTextZh = words?.MessageZh };
    }
}

/// <summary>One who could not be told.</summary>
/// <param name="Recipient">As it was named.</param>
/// <param name="Reason"><c>unknown</c>, <c>ambiguous</c>, <c>nobody</c>.</param>
internal sealed record UnknownRecipientView(JsonElement Recipient, string Reason);

/// <summary>What was decided.</summary>
internal sealed record DecisionView(string Decision, string? Comment, PersonView By, DateTimeOffset At);

/// <summary>How it ended.</summary>
internal sealed record ResolutionView(string Status, TextView Text, string? By, DateTimeOffset? At);

/// <summary>A text in both languages.</summary>
internal sealed record TextView(string Zh, string En)
{
    public static TextView Of(LocalText text) => new(text.Chinese, text.English);
}

/// <summary>A click: <c>done</c>, <c>asked</c> (for the reason), <c>repeated</c>, <c>refused</c> (not an approver), <c>incomplete</c>, <c>switched_off</c>.</summary>
internal sealed record NotificationClickView(string Action, string Outcome, string OpenId, string? Name, DateTimeOffset At);

/// <summary>A page of notifications, the newest first.</summary>
/// <param name="Items">Without their clicks.</param>
/// <param name="Next">The cursor of the next page; null: this is the last.</param>
internal sealed record NotificationList(IReadOnlyList<NotificationView> Items, long? Next);

/// <summary>The notifications of a subject that is resolved.</summary>
/// <param name="Items">Up to 200 of them, the newest first.</param>
/// <param name="Count">All of them.</param>
/// <param name="Pending">So many are resolved within the next moments: what was asked for is durable.</param>
internal sealed record ChangedNotifications(IReadOnlyList<NotificationView> Items, int Count, int Pending);
