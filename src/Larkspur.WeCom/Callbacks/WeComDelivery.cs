using System.Xml.Linq;

namespace Larkspur.WeCom.Callbacks;

/// <summary>A verified, decrypted message or event of an app.</summary>
/// <remarks>The platform waits 5 s for an answer and tries 3 times in all: acknowledge with 200 and an empty body, or with a reply (<see cref="WeComReply"/>).</remarks>
public sealed class WeComDelivery
{
    /// <summary>
    /// The key for deduplication: <c>MsgId</c> of a message; for an event, which has no id, a hash of everything that tells it from another of the same second
    /// (sender, time, event, key, task, change, what it is about).
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Corp id of the receiver.</summary>
    public required string CorpId { get; init; }

    /// <summary>Userid of the sender; <c>sys</c> for the system; empty where the event has none (customer service).</summary>
    public required string From { get; init; }

    /// <summary>The app; null where the event names none.</summary>
    public required int? AgentId { get; init; }

    /// <summary><c>MsgType</c>: <c>text</c>, … or <c>event</c>.</summary>
    public required string MessageType { get; init; }

    /// <summary><c>Event</c>, or empty for a message.</summary>
    public required string EventType { get; init; }

    /// <summary>When it happened, to the second.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What was said or what happened; <see cref="UnknownReceived"/> for what this version has no type for.</summary>
    public required WeComReceived Content { get; init; }

    /// <summary>All of it, UTF-8, to be stored.</summary>
    public required ReadOnlyMemory<byte> Xml { get; init; }

    /// <summary>An event rather than a message.</summary>
    public bool IsEvent => MessageType == "event";
}

/// <summary>A message or an event.</summary>
public abstract record WeComReceived;

/// <summary>A kind that this version has no type for; nothing of it is lost.</summary>
/// <param name="Xml">The whole of it.</param>
public sealed record UnknownReceived(XElement Xml) : WeComReceived;
