using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Outbox;

/// <summary>Something a handler wants done on a platform; it becomes an outbox row in the handler's own transaction.</summary>
public sealed record OutboxMessage
{
    /// <summary>An event may be as deep as its platform's receiver takes it, and stands one level deeper in the data of its webhook message.</summary>
    private const int DeepestData = 512;

    /// <summary>What is done.</summary>
    public required OutboxOperation Operation { get; init; }

    /// <summary>Messages of one lane leave in order: the receiving chat, or the message that is changed.</summary>
    public required string Lane { get; init; }

    /// <summary>Kind of <see cref="Target"/>: <c>chat_id</c>, <c>open_id</c>, <c>message_id</c>.</summary>
    public required string TargetType { get; init; }

    /// <summary>The chat or person it goes to, the message it answers or changes.</summary>
    public required string Target { get; init; }

    /// <summary><c>text</c>, <c>interactive</c>…</summary>
    public required string MessageType { get; init; }

    /// <summary>Content as the platform wants it: a JSON text.</summary>
    public required string Content { get; init; }

    /// <summary>What goes first when not everything can go at once.</summary>
    public OutboxPriority Priority { get; init; }

    /// <summary>Platform it goes to; null: the one that the handled event came from.</summary>
    public string? Platform { get; init; }

    /// <summary>What makes its idempotency key besides the event; null: its position among the event's messages. Must be no number.</summary>
    public string? KeyPart { get; init; }

    /// <summary>Not sent earlier than this long after its commit.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A reply opens a thread below its message, or continues the one it stands in.</summary>
    public bool InThread { get; init; }

    /// <summary>Should the platform refuse it for what it says, and there is a plainer way to say it, that is sent in its place.</summary>
    public bool FallsBack { get; init; } = true;

    /// <summary>Whose it is: the system of the key that asked for it; empty: no single system's.</summary>
    public string Owner { get; init; } = "";

    /// <summary>A new message in a chat.</summary>
    public static OutboxMessage ToChat(string chatId, string messageType, string content) => new()
    {
        Operation = MessageOperations.Create, Lane = chatId, TargetType = "chat_id", Target = chatId, MessageType = messageType,
        Content = content,
    };

    /// <summary>A new message to a person, in the chat of the two.</summary>
    public static OutboxMessage ToPerson(string openId, string messageType, string content) => new()
    {
        Operation = MessageOperations.Create, Lane = openId, TargetType = "open_id", Target = openId, MessageType = messageType,
        Content = content,
    };

    /// <summary>An answer to a message, shown with a quote of it.</summary>
    public static OutboxMessage Reply(string chatId, string messageId, string messageType, string content) => new()
    {
        Operation = MessageOperations.Reply, Lane = chatId, TargetType = "message_id", Target = messageId, MessageType = messageType,
        Content = content,
    };

    /// <summary>A message passed on. The platform copies it as it is then.</summary>
    /// <param name="targetType">Kind of <paramref name="target"/>: <c>chat_id</c>, <c>open_id</c>…</param>
    /// <param name="target">Who gets it.</param>
    /// <param name="messageId">The message.</param>
    public static OutboxMessage Forward(string targetType, string target, string messageId) => new()
    {
        Operation = MessageOperations.Forward, Lane = target, TargetType = targetType, Target = target, MessageType = "forward",
        Content = ForwardedMessages.Write([messageId]),
    };

    /// <summary>Messages of one chat passed on as a bundle.</summary>
    /// <param name="targetType">Kind of <paramref name="target"/>.</param>
    /// <param name="target">Who gets them.</param>
    /// <param name="messageIds">The messages, in the order in which they are shown.</param>
    public static OutboxMessage MergeForward(string targetType, string target, IReadOnlyList<string> messageIds) => new()
    {
        Operation = MessageOperations.MergeForward, Lane = target, TargetType = targetType, Target = target, MessageType = "merge_forward",
        Content = ForwardedMessages.Write(messageIds),
    };

    /// <summary>A signed message to a business system. See docs/webhooks.md.</summary>
    /// <param name="name">The webhook's name.</param>
    /// <param name="type">What happened, words with full stops between: <c>approval.decided</c>.</param>
    /// <param name="json">The event's data, any JSON value.</param>
    /// <param name="orderingKey">Messages with one key arrive in order, and wait for each other; other keys overtake them.</param>
    /// <exception cref="ArgumentException">A name is empty, or <paramref name="json"/> is no JSON.</exception>
    public static OutboxMessage ToWebhookEndpoint(string name, string type, string json, string orderingKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(orderingKey);
        try
        {
            using var _ = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeepestData });
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The data of a webhook is JSON.", nameof(json), e);
        }

        return new()
        {
            Platform = OutboxScope.WebhookPlatform, Operation = MessageOperations.Webhook, Lane = $"webhook:{name}:{orderingKey}",
            TargetType = "webhook", Target = name, MessageType = type, Content = json,
        };
    }

    /// <summary>Takes a message back that was sent; its readers see that one was.</summary>
    public static OutboxMessage Recall(string messageId) => new()
    {
        Operation = MessageOperations.Recall, Lane = messageId, TargetType = "message_id", Target = messageId, MessageType = "recall",
        Content = "{}", FallsBack = false,
    };

    /// <summary>A new face for a card that was sent.</summary>
    public static OutboxMessage PatchCard(string messageId, string card) => new()
    {
        Operation = MessageOperations.Patch, Lane = messageId, TargetType = "message_id", Target = messageId, MessageType = "interactive",
        Content = card,
    };
}

/// <summary>Classes of messages, the most urgent first.</summary>
public enum OutboxPriority
{
    /// <summary>Somebody waits for it: a direct answer, a card's final face.</summary>
    Answer = 0,

    /// <summary>A frame in between, which a later one makes worthless.</summary>
    Frame = 1,

    /// <summary>A notification to many, which can wait.</summary>
    Bulk = 2,
}

/// <summary>An open outbox row.</summary>
public sealed record OutboxEntry : IQueuedRow
{
    public required long Id { get; init; }

    public required string Platform { get; init; }

    public required string App { get; init; }

    public required OutboxMessage Message { get; init; }

    /// <summary>Same for every attempt: the platform shows at most one message per key.</summary>
    public required string IdempotencyKey { get; init; }

    public required long InboxId { get; init; }

    public required string Reference { get; init; }

    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was made, if somebody has it sent again since; <see cref="CreatedAt"/> is then.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Attempts before this one.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset? FirstTriedAt { get; init; }

    /// <summary>The times of its event, for the event's latency; not stored.</summary>
    public EventOrigin? Origin { get; init; }

    /// <summary>Changes of a message have a lane of their own, in which only the newest counts. A lane is one platform's: the same person's on another, by an app of the same name, is another.</summary>
    public string Key => new OutboxLane(Platform, App, Message.Lane, IsChange).Key;

    public required int Partition { get; init; }

    public int Rank => (int)Message.Priority;

    /// <summary>It gives a message another face: a newer one makes it worthless.</summary>
    public bool IsChange => Message.Operation == MessageOperations.Patch;

    /// <summary>The partition of a lane.</summary>
    public static int PartitionOf(string app, string lane) => Storage.Leases.Partitions.Of(app, lane);

    /// <summary>Why this program cannot send the row, or null.</summary>
    public string? Unreadable { get; init; }

    /// <summary>A newer version wrote it: it is left to a process of that one.</summary>
    public bool IsNewer { get; init; }

    /// <summary>It tells that another message was lost; when it is lost itself, nothing more is told.</summary>
    public bool IsLossMessage => IdempotencyKey.StartsWith(IdempotencyKeys.LossMessagePrefix, StringComparison.Ordinal);

    /// <summary>It takes the place of a message that was refused; when it is refused itself, nothing plainer is left.</summary>
    public bool IsFallback => IdempotencyKey.StartsWith(IdempotencyKeys.FallbackPrefix, StringComparison.Ordinal);
}

/// <summary>Idempotency keys: the same cause gives the same key, in whatever process it is handled.</summary>
internal static class IdempotencyKeys
{
    public const string LossMessagePrefix = "ln";
    public const string FallbackPrefix = "fb";

    /// <summary>The key of the one message that says that a message was lost.</summary>
    public static string ForLossOf(OutboxEntry lost) => LossMessagePrefix + lost.IdempotencyKey[2..];

    /// <summary>The key of the one message that takes the place of a refused one.</summary>
    public static string ForFallbackOf(string refused) => FallbackPrefix + refused[2..];

    /// <summary>The key of the one repetition of a message's newest face that follows a late older one.</summary>
    public static string ForRepeatOf(OutboxEntry newest, OutboxEntry late) => Hash($"{newest.IdempotencyKey}\nafter\n{late.IdempotencyKey}");

    /// <summary>The key of a message that no event has caused.</summary>
    public static string ForQueued(string platform, string app, string key) => Hash($"{platform}\n{app}\nqueued\n{key}");

    /// <summary>34 characters (Feishu's <c>uuid</c> takes 50).</summary>
    /// <param name="platform">Where it goes.</param>
    /// <param name="app">By which app.</param>
    /// <param name="eventId">What it answers.</param>
    /// <param name="part">Which of the answers: a position, or a word of the message's own.</param>
    /// <param name="replayCount">How often the event was replayed: the answer after a replay must not be taken for the apology of an earlier one.</param>
    public static string For(string platform, string app, string eventId, string part, int replayCount = 0)
    {
        var cause = $"{platform}\n{app}\n{eventId}\n{part}";
        return Hash(replayCount == 0 ? cause : $"{cause}\n{replayCount}");
    }

    /// <summary>A key that the platform has not seen, for a message that an operator sends although an earlier attempt may have arrived.</summary>
    public static string Anew(string key) => key[..Math.Min(2, key.Length)] + Guid.NewGuid().ToString("N");

    private static string Hash(string cause) => "lk" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)).AsSpan(0, 16));
}
