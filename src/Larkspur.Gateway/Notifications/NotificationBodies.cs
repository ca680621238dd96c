using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Notifications;

/// <summary>What is done with a decision.</summary>
internal sealed record NotificationDecisionBody : IRequestPart
{
    /// <summary>The webhook that gets <c>approval.decided</c>; default: all that want it.</summary>
    [MaxLength(40)]
    public string? Webhook { get; init; }

    /// <summary>Who may decide; default: the people among the recipients.</summary>
    [MaxLength(RecipientBody.Most), MayBeEmpty, Refusal("too_many_recipients", "There may be 500 of them.")]
    public IReadOnlyList<RecipientBody>? Approvers { get; init; }

    /// <summary>Who is told the result in Feishu, where auth.feishu.notify_on_approval is on.</summary>
    public RecipientBody? Applicant { get; init; }
}

/// <summary>A business event.</summary>
internal sealed record SendNotification : IRequestBody<SendNotification>
{
    /// <summary>The type's name: <c>pr.submitted</c>…</summary>
    [MaxLength(80)]
    public required string Event { get; init; }

    /// <summary>The business object, by which notifications are found and resolved together.</summary>
    [MaxLength(200)]
    public string? Subject { get; init; }

    /// <summary>Who is told; default: the type's own rule.</summary>
    [MaxLength(RecipientBody.Most), MayBeEmpty, Refusal("too_many_recipients", "There may be 500 of them.")]
    public IReadOnlyList<RecipientBody>? Recipients { get; init; }

    /// <summary>The type's variables by name.</summary>
    public JsonElement? Variables { get; init; }

    public NotificationDecisionBody? Decision { get; init; }

    /// <summary>The app, by its configured name.</summary>
    [MaxLength(256)]
    public string? App { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    public static JsonTypeInfo<SendNotification> Contract => NotificationContracts.Default.SendNotification;

    public static int Largest => 50 << 10;
}

/// <summary>How something ended.</summary>
internal abstract record ResolutionBody : IRequestPart
{
    /// <summary><c>success</c>, <c>danger</c>, <c>warning</c>, <c>info</c>, <c>progress</c>, <c>closed</c>, <c>neutral</c>.</summary>
    [MaxLength(20)]
    public required string Status { get; init; }

    /// <summary>What the cards say: a text, or <c>{"zh": …, "en": …}</c>.</summary>
    public required JsonElement Text { get; init; }

    /// <summary>Who did it.</summary>
    [MaxLength(CardMessageLimits.Label)]
    public string? By { get; init; }

    /// <summary>When.</summary>
    [Refusal("wrong_type", "It must be a time like 2026-04-01T14:02:00+08:00.", Status = 400)]
    public DateTimeOffset? At { get; init; }
}

/// <summary>How it ended.</summary>
internal sealed record ResolveNotification : ResolutionBody, IRequestBody<ResolveNotification>
{
    public static JsonTypeInfo<ResolveNotification> Contract => NotificationContracts.Default.ResolveNotification;

    public static int Largest => 50 << 10;
}

/// <summary>How all open ones of a subject ended.</summary>
internal sealed record ResolveSubject : ResolutionBody, IRequestBody<ResolveSubject>
{
    [MaxLength(200)]
    public required string Subject { get; init; }

    /// <summary>Only those of this type.</summary>
    [MaxLength(80)]
    public string? Event { get; init; }

    public static JsonTypeInfo<ResolveSubject> Contract => NotificationContracts.Default.ResolveSubject;

    public static int Largest => 50 << 10;
}

/// <summary>How they are reminded.</summary>
internal sealed record RemindOfNotification : IRequestBody<RemindOfNotification>
{
    /// <summary>True: by an urgent push of the card in the app, for which the app needs a permission, instead of an answer below it.</summary>
    public bool? Urgent { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    public static JsonTypeInfo<RemindOfNotification> Contract => NotificationContracts.Default.RemindOfNotification;

    public static int Largest => 50 << 10;
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
internal sealed record PreviewNotificationType : IRequestBody<PreviewNotificationType>
{
    /// <summary>A type that is not saved yet.</summary>
    public JsonElement? Definition { get; init; }

    public JsonElement? Variables { get; init; }

    [MaxLength(20)]
    public string? Locale { get; init; }

    public static JsonTypeInfo<PreviewNotificationType> Contract => NotificationContracts.Default.PreviewNotificationType;

    public static int Largest => 100 << 10;
}

/// <summary>A trial.</summary>
internal sealed record TestNotificationType : IRequestBody<TestNotificationType>
{
    [MissingHint("{\"email\": \"…\"}")]
    public required RecipientBody Recipient { get; init; }

    public JsonElement? Variables { get; init; }

    [MaxLength(256)]
    public string? App { get; init; }

    /// <summary>The caller's name for it, as in the header Idempotency-Key.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    public static JsonTypeInfo<TestNotificationType> Contract => NotificationContracts.Default.TestNotificationType;

    public static int Largest => 100 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(SendNotification))]
[JsonSerializable(typeof(ResolveNotification))]
[JsonSerializable(typeof(ResolveSubject))]
[JsonSerializable(typeof(RemindOfNotification))]
[JsonSerializable(typeof(PreviewNotificationType))]
[JsonSerializable(typeof(TestNotificationType))]
internal sealed partial class NotificationContracts : JsonSerializerContext;
