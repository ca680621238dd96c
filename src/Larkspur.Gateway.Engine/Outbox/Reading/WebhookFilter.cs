using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>Which deliveries of a webhook somebody wants to see or to have sent again. What is null does not matter.</summary>
/// <param name="Webhook">Its name.</param>
/// <param name="Seen">Only what a caller sees.</param>
internal sealed record WebhookFilter(string Webhook, OwnerFilter Seen)
{
    /// <summary><c>open</c>, <c>sent</c>, <c>dead</c>, <c>discarded</c>.</summary>
    public IReadOnlyCollection<string>? States { get; init; }

    /// <summary>What they tell of, as their bodies name it.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    public string? Reference { get; init; }

    public string? WebhookId { get; init; }

    /// <summary>A text that their data holds as a whole JSON string: a person's id.</summary>
    public string? Holding { get; init; }

    /// <summary>Of what may be looked for by <see cref="Holding"/>, these types alone: nobody finds out by it what he may not
    /// read.</summary>
    public IReadOnlyCollection<string>? TypesHeld { get; init; }

    /// <summary>Made at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Made before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Not sent again since this time: a window is gone through once.</summary>
    public DateTimeOffset? QueuedBefore { get; init; }
}

/// <summary>A delivery to a webhook.</summary>
/// <param name="Item">Its row.</param>
/// <param name="WebhookId">The header <c>webhook-id</c>.</param>
/// <param name="MadeAt">When it was made, however often it was sent again since.</param>
internal sealed record WebhookRow(OutboxItem Item, string WebhookId, DateTimeOffset MadeAt);
