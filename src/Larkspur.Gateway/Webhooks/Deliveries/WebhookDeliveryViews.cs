using System.Text.Json.Serialization;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Webhooks.Attempts;

namespace Larkspur.Gateway.Webhooks.Deliveries;

/// <summary>Deliveries of a webhook.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page, which may be empty; absent when there is none.</param>
internal sealed record WebhookDeliveriesView(
    IReadOnlyList<WebhookDeliveryView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>A delivery to a webhook.</summary>
internal sealed record WebhookDeliveryView
{
    /// <summary>The delivery.</summary>
    public required long Id { get; init; }

    /// <summary>The header <c>webhook-id</c>, the same for each attempt.</summary>
    public required string WebhookId { get; init; }

    public required string EventType { get; init; }

    /// <summary><c>waiting</c>, <c>delivered</c>, <c>dead</c>, <c>discarded</c>.</summary>
    public required string State { get; init; }

    /// <summary>How many, since it was made or sent again.</summary>
    public required int Attempts { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody had it sent again.</summary>
    public DateTimeOffset? ResentAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required string Reference { get; init; }

    public static WebhookDeliveryView Of(WebhookRow row) => new()
    {
        Id = row.Item.Id,
        WebhookId = row.WebhookId,
        EventType = row.Item.MessageType,
        State = WebhookDeliveryQuery.StateOf(row.Item.Status),
        Attempts = row.Item.Attempts,
        Reason = row.Item.Reason,
        CreatedAt = row.MadeAt,
        ResentAt = row.Item.CreatedAt > row.MadeAt ? row.Item.CreatedAt : null,
        NextAttemptAt = row.Item.Status == "open" ? row.Item.NotBefore : null,
        FinishedAt = row.Item.FinishedAt,
        Reference = row.Item.Reference,
    };
}

/// <summary>Everything about a delivery.</summary>
/// <param name="Delivery">How it stands.</param>
/// <param name="Request">What is posted.</param>
/// <param name="Attempts">The latest attempts, the oldest first. They are forgotten before a delivery that is kept longer.</param>
/// <param name="History">What happened besides its normal course.</param>
/// <param name="MissingScope">
/// Reading the event takes this scope, which the caller lacks: the request's body and the answers are not shown. Null: they are.
/// </param>
internal sealed record WebhookDeliveryDetailsView(WebhookDeliveryView Delivery, WebhookRequestView Request,
    IReadOnlyList<WebhookAttemptView> Attempts, IReadOnlyList<HistoryLine> History, string? MissingScope);

/// <summary>The request of each attempt.</summary>
/// <param name="Method"><c>POST</c>.</param>
/// <param name="Host">Where it goes now; the path may be a secret. Null: its webhook cannot be read.</param>
/// <param name="Headers">As in the latest attempt; the signature is hidden.</param>
/// <param name="Body">As it is posted, without secrets that the gateway knows; null: it is not shown.</param>
/// <param name="BodyBytes">Its length as it is posted.</param>
/// <param name="BodyCut">It is longer than what is shown.</param>
internal sealed record WebhookRequestView(
    string Method, string? Host, IReadOnlyDictionary<string, string> Headers, string? Body, int BodyBytes, bool BodyCut);

/// <summary>An attempt.</summary>
internal sealed record WebhookAttemptView
{
    /// <summary>Since the message was made, or sent again.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Until the answer's headers had come, or it had failed.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Of HTTP; null: there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why it failed; null: the receiver took it.</summary>
    public string? Reason { get; init; }

    /// <summary>The answer's content type.</summary>
    public string? ContentType { get; init; }

    /// <summary>The first 1,024 characters of an answer in text.</summary>
    public string? Answer { get; init; }

    public static WebhookAttemptView Of(WebhookAttempt attempt, bool withAnswer) => new()
    {
        Number = attempt.Number,
        At = attempt.At,
        DurationMs = (long)attempt.Took.TotalMilliseconds,
        Status = attempt.Answer.Status,
        Reason = attempt.Reason,
        ContentType = attempt.Answer.MediaType,
        Answer = withAnswer ? attempt.Answer.Text : null,
    };
}

/// <summary>What is sent again.</summary>
/// <param name="Resent">How many.</param>
/// <param name="More">There are others: ask again, with this answer's until.</param>
/// <param name="Until">What was made before this time is meant.</param>
internal sealed record ResentWebhooksView(int Resent, bool More, DateTimeOffset Until);
