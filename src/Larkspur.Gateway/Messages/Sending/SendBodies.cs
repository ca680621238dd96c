using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Messages;

/// <summary>Who gets a message: one of these.</summary>
internal sealed record MessageReceiver : IRequestPart
{
    public const string Hint = "who gets it, like {\"chat_id\": \"oc_…\"}";

    /// <summary>A chat, oc_…</summary>
    [MaxLength(254)]
    public string? ChatId { get; init; }

    /// <summary>A person as this app knows them, ou_…</summary>
    [MaxLength(254)]
    public string? OpenId { get; init; }

    /// <summary>A person as the developer's apps know them, on_…</summary>
    [MaxLength(254)]
    public string? UnionId { get; init; }

    /// <summary>A person as the company knows them.</summary>
    [MaxLength(254)]
    public string? UserId { get; init; }

    /// <summary>A person by their work mail address.</summary>
    [MaxLength(254)]
    public string? Email { get; init; }
}

/// <summary>What a message says: one of these.</summary>
internal abstract record MessageSaid : IRequestPart
{
    /// <summary>A text of 150 KB, escaped and described.</summary>
    public const int LargestBody = 400 << 10;

    /// <summary>The app, by its configured name; default: the default app.</summary>
    [MaxLength(40)]
    public string? App { get; init; }

    /// <summary>The caller's name for the message, as in the header Idempotency-Key: a repeat under it sends nothing more.</summary>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    /// <summary><c>answer</c> (default): at once. <c>bulk</c>: can wait for what is more urgent.</summary>
    [MaxLength(256)]
    public string? Priority { get; init; }

    /// <summary>False: when the platform refuses the card, its facts are not sent as text.</summary>
    public bool? Fallback { get; init; }

    /// <summary>Text; <c>&lt;at user_id="ou_…"&gt;&lt;/at&gt;</c> calls a person, user_id="all" everybody.</summary>
    [DescribedAsText]
    public JsonElement? Text { get; init; }

    /// <summary>Rich text by locale: <c>{"zh_cn": {"title": …, "content": [[…]]}}</c>.</summary>
    public JsonElement? Post { get; init; }

    /// <summary>An image's key, or <c>{"image_key": …}</c>.</summary>
    public JsonElement? Image { get; init; }

    /// <summary>A file's key, or <c>{"file_key": …}</c>.</summary>
    public JsonElement? File { get; init; }

    /// <summary>A sound's key (opus), or <c>{"file_key": …}</c>.</summary>
    public JsonElement? Audio { get; init; }

    /// <summary>A video (mp4) and its cover: <c>{"file_key": …, "image_key": …}</c>.</summary>
    public JsonElement? Media { get; init; }

    /// <summary>A sticker's key: of one that the bot received.</summary>
    public JsonElement? Sticker { get; init; }

    /// <summary>A chat's id, or <c>{"chat_id": …}</c>.</summary>
    public JsonElement? ShareChat { get; init; }

    /// <summary>A person's open id, or <c>{"user_id": "ou_…"}</c>.</summary>
    public JsonElement? ShareUser { get; init; }

    /// <summary>A card, JSON 2.0 or 1.0, or a reference to a template or a card entity, as an object or as its text.</summary>
    public JsonElement? Card { get; init; }

    /// <summary>A card in no platform's words: title, status, text, facts, actions, inputs… See docs/gateway-cards.md.</summary>
    public JsonElement? CardMessage { get; init; }

    /// <summary>The name of a local template; or <c>{"id", "version", "variables"}</c>: a template of the platform's card builder.</summary>
    public JsonElement? Template { get; init; }

    /// <summary>Values of a local template's variables, by their names.</summary>
    public JsonElement? Variables { get; init; }

    /// <summary>The platform's own type; with <c>content</c>.</summary>
    [DescribedAsText]
    public JsonElement? MsgType { get; init; }

    /// <summary>The platform's own content, as an object or as its text; with <c>msg_type</c>.</summary>
    public JsonElement? Content { get; init; }
}

/// <summary>A new message.</summary>
internal sealed record SendMessage : MessageSaid, IRequestBody<SendMessage>
{
    /// <summary>Who gets it.</summary>
    [MissingHint(MessageReceiver.Hint)]
    public required MessageReceiver To { get; init; }

    public static JsonTypeInfo<SendMessage> Contract => MessageContracts.Default.SendMessage;

    public static int Largest => LargestBody;
}

/// <summary>An answer.</summary>
internal sealed record ReplyMessage : MessageSaid, IRequestBody<ReplyMessage>
{
    /// <summary>True: in a thread below the message.</summary>
    public bool? InThread { get; init; }

    /// <summary>The chat of the message, where it is known: the answer then keeps the order with what else is sent there.</summary>
    [MaxLength(256)]
    public string? ChatId { get; init; }

    public static JsonTypeInfo<ReplyMessage> Contract => MessageContracts.Default.ReplyMessage;

    public static int Largest => LargestBody;
}

/// <summary>Where something is passed on to.</summary>
internal abstract record MessageForwarded : IRequestPart
{
    /// <inheritdoc cref="MessageSaid.App"/>
    [MaxLength(40)]
    public string? App { get; init; }

    /// <inheritdoc cref="MessageSaid.Key"/>
    [MaxLength(IdempotencyKey.Longest)]
    public string? Key { get; init; }

    /// <inheritdoc cref="MessageSaid.Priority"/>
    [MaxLength(256)]
    public string? Priority { get; init; }

    /// <summary>Who gets it.</summary>
    [MissingHint(MessageReceiver.Hint)]
    public required MessageReceiver To { get; init; }
}

/// <summary>Where a message is passed on to.</summary>
internal sealed record ForwardMessage : MessageForwarded, IRequestBody<ForwardMessage>
{
    public static JsonTypeInfo<ForwardMessage> Contract => MessageContracts.Default.ForwardMessage;

    public static int Largest => 32 << 10;
}

/// <summary>Messages that are passed on together.</summary>
internal sealed record MergeForwardMessages : MessageForwarded, IRequestBody<MergeForwardMessages>
{
    /// <summary>Messages of one chat.</summary>
    [MaxLength(100), MaxItemLength(256)]
    public required IReadOnlyList<string> MessageIds { get; init; }

    public static JsonTypeInfo<MergeForwardMessages> Contract => MessageContracts.Default.MergeForwardMessages;

    public static int Largest => 32 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(SendMessage))]
[JsonSerializable(typeof(ReplyMessage))]
[JsonSerializable(typeof(ForwardMessage))]
[JsonSerializable(typeof(MergeForwardMessages))]
[JsonSerializable(typeof(ChangeMessage))]
internal sealed partial class MessageContracts : JsonSerializerContext;
