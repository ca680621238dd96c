using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.People;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Notifications;

/// <summary>What is done with a decision.</summary>
/// <param name="Webhook">The webhook that gets <c>approval.decided</c>; default: all that want it.</param>
/// <param name="Approvers">Who may decide; default: the people among the recipients.</param>
/// <param name="Applicant">Who is told the result in Feishu, where auth.feishu.notify_on_approval is on.</param>
internal sealed record NotificationDecisionBody(
    [property: MaxLength(40)] string? Webhook = null,
    [property: MaxLength(RecipientBody.Most), MayBeEmpty, Refusal("too_many_recipients", "There may be 500 of them.")]
    IReadOnlyList<RecipientBody>? Approvers = null,
    RecipientBody? Applicant = null)
    : IRequestPart;

/// <summary>A business event.</summary>
/// <param name="Event">The type's name: <c>pr.submitted</c>…</param>
/// <param name="Subject">The business object, by which notifications are found and resolved together.</param>
/// <param name="Recipients">Who is told; default: the type's own rule.</param>
/// <param name="Variables">The type's variables by name.</param>
/// <param name="App">The app, by its configured name.</param>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
[RequestSizeLimit(50 << 10)]
internal sealed record SendNotification(
    [property: MaxLength(80)] string Event,
    [property: MaxLength(200)] string? Subject = null,
    [property: MaxLength(RecipientBody.Most), MayBeEmpty, Refusal("too_many_recipients", "There may be 500 of them.")]
    IReadOnlyList<RecipientBody>? Recipients = null,
    JsonElement? Variables = null,
    NotificationDecisionBody? Decision = null,
    [property: MaxLength(256)] string? App = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<SendNotification, NotificationContracts>;

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
[RequestSizeLimit(50 << 10)]
internal sealed record ResolveNotification : ResolutionBody, IRequestBody<ResolveNotification, NotificationContracts>;

/// <summary>How all open ones of a subject ended.</summary>
[RequestSizeLimit(50 << 10)]
internal sealed record ResolveSubject : ResolutionBody, IRequestBody<ResolveSubject, NotificationContracts>
{
    [MaxLength(200)]
    public required string Subject { get; init; }

    /// <summary>Only those of this type.</summary>
    [MaxLength(80)]
    public string? Event { get; init; }
}

/// <summary>How they are reminded.</summary>
/// <param name="Urgent">True: by an urgent push of the card in the app, for which the app needs a permission, instead of an answer below
/// it.</param>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
[RequestSizeLimit(50 << 10)]
internal sealed record RemindOfNotification(
    bool? Urgent = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<RemindOfNotification, NotificationContracts>;

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
/// <param name="Definition">A type that is not saved yet.</param>
[RequestSizeLimit(100 << 10)]
internal sealed record PreviewNotificationType(
    JsonElement? Definition = null,
    JsonElement? Variables = null,
    [property: MaxLength(20)] string? Locale = null)
    : IRequestBody<PreviewNotificationType, NotificationContracts>;

/// <summary>A trial.</summary>
/// <param name="Key">The caller's name for it, as in the header Idempotency-Key.</param>
[RequestSizeLimit(100 << 10)]
internal sealed record TestNotificationType(
    [property: MissingHint("{\"email\": \"…\"}")] RecipientBody Recipient,
    JsonElement? Variables = null,
    [property: MaxLength(256)] string? App = null,
    [property: MaxLength(IdempotencyKey.Longest)] string? Key = null)
    : IRequestBody<TestNotificationType, NotificationContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(SendNotification)), JsonSerializable(typeof(ResolveNotification)), JsonSerializable(typeof(ResolveSubject))]
[JsonSerializable(typeof(RemindOfNotification)), JsonSerializable(typeof(PreviewNotificationType))]
[JsonSerializable(typeof(TestNotificationType))]
internal sealed partial class NotificationContracts : JsonSerializerContext, IBodyContracts<NotificationContracts>;
