using System.Text.Json;

namespace Larkspur.Gateway.Notifications;

/// <summary>A recipient: one of these.</summary>
internal sealed record RecipientBody
{
    /// <summary>Work mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Mobile number.</summary>
    public string? Mobile { get; init; }

    /// <summary>Employee number.</summary>
    public string? EmployeeNo { get; init; }

    public string? UserId { get; init; }

    public string? OpenId { get; init; }

    public string? UnionId { get; init; }

    /// <summary>Everybody in a department: <c>od-…</c>, or the company's own id of it.</summary>
    public string? DepartmentId { get; init; }

    /// <summary>With <see cref="DepartmentId"/>: those in the departments below it, too.</summary>
    public bool? Children { get; init; }

    /// <summary>Everybody who has a functional role.</summary>
    public string? RoleId { get; init; }

    public string? ChatId { get; init; }
}

/// <summary>What is done with a decision.</summary>
internal sealed record NotificationDecisionBody
{
    /// <summary>The webhook that gets <c>approval.decided</c>; default: all that want it.</summary>
    public string? Webhook { get; init; }

    /// <summary>Who may decide; default: the people among the recipients.</summary>
    public IReadOnlyList<RecipientBody>? Approvers { get; init; }

    /// <summary>Who is told the result in Feishu, where auth.feishu.notify_on_approval is on.</summary>
    public RecipientBody? Applicant { get; init; }
}

/// <summary>A business event.</summary>
internal sealed record SendNotification
{
    /// <summary>The type's name: <c>pr.submitted</c>…</summary>
    public required string Event { get; init; }

    /// <summary>The business object, by which notifications are found and resolved together.</summary>
    public string? Subject { get; init; }

    /// <summary>Who is told; default: the type's own rule.</summary>
    public IReadOnlyList<RecipientBody>? Recipients { get; init; }

    /// <summary>The type's variables by name.</summary>
    public JsonElement? Variables { get; init; }

    public NotificationDecisionBody? Decision { get; init; }

    /// <summary>The app, by its configured name.</summary>
    public string? App { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    public string? Key { get; init; }
}

/// <summary>How it ended.</summary>
internal sealed record ResolveNotification
{
    /// <summary>With POST /notifications/resolve: all open ones of this subject.</summary>
    public string? Subject { get; init; }

    /// <summary>With POST /notifications/resolve: only those of this type.</summary>
    public string? Event { get; init; }

    /// <summary><c>success</c>, <c>danger</c>, <c>warning</c>, <c>info</c>, <c>progress</c>, <c>closed</c>, <c>neutral</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What the cards say: a text, or <c>{"zh": …, "en": …}</c>.</summary>
    public required JsonElement Text { get; init; }

    /// <summary>Who did it.</summary>
    public string? By { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>How they are reminded.</summary>
internal sealed record RemindOfNotification
{
    /// <summary>True: by an urgent push of the card in the app, for which the app needs a permission, instead of an answer below it.</summary>
    public bool? Urgent { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    public string? Key { get; init; }
}

/// <summary>A notification type. See docs/notifications.md.</summary>
internal sealed record NotificationTypeBody
{
    /// <summary>A text, or <c>{"zh": …, "en": …}</c>.</summary>
    public required JsonElement Title { get; init; }

    public JsonElement? Description { get; init; }

    /// <summary>By name: <c>{"type": "money", "required": true, "label": …, "sample": …}</c>.</summary>
    public JsonElement? Variables { get; init; }

    /// <summary><c>{"strings": {…}, "message": {…}}</c>: a CardMessage with placeholders.</summary>
    public required JsonElement Template { get; init; }

    /// <summary>Who is told when a notification names nobody: recipients, or <c>{"variable": "approver"}</c>.</summary>
    public JsonElement? Recipients { get; init; }

    public bool? Decision { get; init; }

    /// <summary><c>normal</c>, <c>urgent</c>, <c>digest</c>.</summary>
    public string? QuietHours { get; init; }

    /// <summary>Types that come with the gateway are switched by settings instead.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A look at a type's card.</summary>
internal sealed record PreviewNotificationType(JsonElement? Definition = null, JsonElement? Variables = null, string? Locale = null);

/// <summary>A trial.</summary>
internal sealed record TestNotificationType(RecipientBody Recipient, JsonElement? Variables = null, string? App = null);
