using System.Text.Json.Serialization;

namespace Larkspur.Gateway.Messages;

/// <summary>A message and what became of it.</summary>
internal sealed record MessageAnswer
{
    public const string Queued = "queued";
    public const string Sent = "sent";
    public const string Degraded = "degraded";
    public const string Failed = "failed";

    /// <summary>Its id here: ask for its state by it, or change and take it back under it; null: it went to the platform at once
    /// (<c>edit</c>).</summary>
    public long? Id { get; init; }

    /// <summary>What people may quote and operators search for; null as the id is.</summary>
    public string? Reference { get; init; }

    public required string App { get; init; }

    /// <summary><c>create</c>, <c>reply</c>, <c>patch</c>, <c>forward</c>, <c>merge_forward</c>; <c>edit</c>: a text or post that says
    /// something else.</summary>
    public required string Operation { get; init; }

    /// <summary>
    /// <c>queued</c>; <c>sent</c>; <c>degraded</c>: refused as it was, and the same facts were sent as text; <c>failed</c>; <c>superseded</c>: a newer face
    /// of the card took its place; <c>discarded</c>: taken back before it was sent.
    /// </summary>
    public required string State { get; init; }

    public required string TargetType { get; init; }

    public required string Target { get; init; }

    public required string MsgType { get; init; }

    /// <summary>The platform's id of the message, once it is sent: that of the text when it was degraded.</summary>
    public string? MessageId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Attempts { get; init; }

    /// <summary>When the next attempt is due; null when there is none.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed or was degraded, or why its last attempt did.</summary>
    public MessageFailure? Failure { get; init; }

    /// <summary>The id of the message that was sent in its place.</summary>
    public long? FallbackId { get; init; }

    /// <summary>What the card shows less of than was asked for; in the answer to the sending alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>The system whose it is; empty: no single system's.</summary>
    [JsonIgnore]
    public string Owner { get; init; } = "";

    /// <summary>Nothing more happens to it by itself.</summary>
    [JsonIgnore]
    public bool IsFinal => State != Queued;
}

/// <summary>Why a message did not leave.</summary>
/// <param name="Reason">A word, as operators see it: <c>timed_out</c>, <c>invalid_230099</c>…</param>
/// <param name="Code">The platform's code; null when it did not answer.</param>
/// <param name="Message">In plain words.</param>
/// <param name="MessageZh">The same in Chinese.</param>
/// <param name="Detail">The platform's own words, for a message that is given up.</param>
internal sealed record MessageFailure(string Reason, int? Code, string Message, string MessageZh, string? Detail);
