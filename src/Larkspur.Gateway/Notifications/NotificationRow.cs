using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Notifications;

/// <summary>Words for how a notification stands.</summary>
internal static class NotificationStates
{
    /// <summary>Told, and where it asks for a decision, not decided.</summary>
    public const string Open = "open";

    /// <summary>Somebody approved or rejected.</summary>
    public const string Decided = "decided";

    /// <summary>The business system said how it ended.</summary>
    public const string Resolved = "resolved";

    /// <summary>Taken back.</summary>
    public const string Recalled = "recalled";

    /// <summary>Its type was off: recorded, and nothing sent.</summary>
    public const string SwitchedOff = "switched_off";
}

/// <summary>Words for how a card stands.</summary>
internal static class DeliveryStates
{
    public const string Waiting = "waiting";
    public const string Queued = "queued";
    public const string Sent = "sent";
    public const string Read = "read";
    public const string Degraded = "degraded";
    public const string Failed = "failed";
    public const string Discarded = "discarded";
    public const string Recalling = "recalling";
    public const string Recalled = "recalled";
    public const string Unknown = "unknown_recipient";
}

/// <summary>A notification, as it is kept.</summary>
internal sealed record NotificationRow
{
    /// <summary>Its number here; 0: not stored yet.</summary>
    public long Seq { get; init; }

    /// <summary>nt…</summary>
    public required string Id { get; init; }

    public required string App { get; init; }

    public required string Event { get; init; }

    public string? Subject { get; init; }

    public required string CallerKey { get; init; }

    public required string BodyHash { get; init; }

    public required string RequestedBy { get; init; }

    public required string State { get; init; }

    /// <summary>A trial: nobody is called back.</summary>
    public bool Test { get; init; }

    public required NotificationUrgency Urgency { get; init; }

    /// <summary>The filled CardMessage, JSON.</summary>
    public required string Model { get; init; }

    /// <summary>The card asks for a decision.</summary>
    public bool Decides { get; init; }

    /// <summary>Ids of those who may decide.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    public string? Webhook { get; init; }

    /// <summary>Who hears the decision.</summary>
    public NotificationTarget? Applicant { get; init; }

    /// <summary>The system that sent it; empty: no single system's.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Which face its cards should show: rises with each change.</summary>
    public int Face { get; init; }

    /// <summary><c>approved</c>, <c>rejected</c>.</summary>
    public string? Decision { get; init; }

    public string? Comment { get; init; }

    public NotificationPerson? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public NotificationResolution? Resolved { get; init; }

    public int Reminders { get; init; }

    public string? RemindKey { get; init; }

    public DateTimeOffset? RemindedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Whom a message goes to.</summary>
/// <param name="Type">The platform's kind of id.</param>
/// <param name="Id">The id.</param>
/// <param name="Person">Who it is.</param>
/// <param name="Recipient">As it was named.</param>
internal sealed record NotificationTarget(string Type, string Id, PlatformPerson? Person, JsonElement Recipient);

/// <summary>Who decided.</summary>
internal sealed record NotificationPerson(string OpenId, string? UserId, string? Name, string? EnName);

/// <summary>How it ended, as the business system says.</summary>
internal sealed record NotificationResolution(CardStatus Status, LocalText Text, string? By, DateTimeOffset? At);

/// <summary>One recipient's card.</summary>
internal sealed record DeliveryRow
{
    public long Id { get; init; }

    /// <summary>The notification's number.</summary>
    public long Notification { get; init; }

    public required int Position { get; init; }

    public required string App { get; init; }

    /// <summary>As it was named: JSON.</summary>
    public required string Recipient { get; init; }

    public required string TargetType { get; init; }

    public required string Target { get; init; }

    public PlatformPerson? Person { get; init; }

    /// <summary>The stored word; <see cref="NotificationStore"/> puts in what its outbox rows say.</summary>
    public required string State { get; init; }

    public bool Digest { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public long? OutboxId { get; init; }

    public long? RecallId { get; init; }

    public string? MessageId { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? ReadAt { get; init; }

    public int Face { get; init; }

    /// <summary>An attempt to send it began.</summary>
    public bool Tried { get; init; }

    /// <summary>The last reminder of it.</summary>
    public NotificationReminder? Reminder { get; init; }

    /// <summary>It is shown as a card of its own, which can be changed.</summary>
    public bool HasCard => !Digest && MessageId is not null && (State is DeliveryStates.Sent or DeliveryStates.Read);
}

/// <summary>What became of a reminder.</summary>
/// <param name="Urgent">It was an urgent push, not an answer below the card.</param>
/// <param name="State"><c>queued</c>, <c>sent</c>, <c>failed</c>, <c>discarded</c>.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record NotificationReminder(bool Urgent, string State, string? Reason);

/// <summary>What somebody did on a card.</summary>
internal sealed record NotificationClick(string Action, string Outcome, string PersonId, string? PersonName, DateTimeOffset At)
{
    public const string Done = "done";
    public const string Asked = "asked";
    public const string Repeated = "repeated";
    public const string Refused = "refused";
    public const string Incomplete = "incomplete";
    public const string Off = "switched_off";
}
