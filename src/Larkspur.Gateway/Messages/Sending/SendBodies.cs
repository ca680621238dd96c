using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>Who gets a message: one of these.</summary>
/// <param name="ChatId">A chat, oc_…</param>
/// <param name="OpenId">A person as this app knows them, ou_…</param>
/// <param name="UnionId">A person as the developer's apps know them, on_…</param>
/// <param name="UserId">A person as the company knows them.</param>
/// <param name="Email">A person by their work mail address.</param>
/// <param name="Robot">A group robot by its name here, of any platform; for new messages alone.</param>
internal sealed record MessageReceiver(
    [property: MaxLength(254)] string? ChatId = null,
    [property: MaxLength(254)] string? OpenId = null,
    [property: MaxLength(254)] string? UnionId = null,
    [property: MaxLength(254)] string? UserId = null,
    [property: MaxLength(254)] string? Email = null,
    [property: MaxLength(40)] string? Robot = null)
    : IRequestPart
{
    public const string Hint = "who gets it, like {\"chat_id\": \"oc_…\"}";
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
[RequestSizeLimit(LargestBody)]
internal sealed record SendMessage : MessageSaid, IRequestBody<SendMessage, MessageContracts>
{
    /// <summary>Who gets it.</summary>
    [MissingHint(MessageReceiver.Hint)]
    public required MessageReceiver To { get; init; }

    /// <summary>Markdown, for a group robot; elsewhere it is a card's: <c>card_message.markdown</c>.</summary>
    [DescribedAsText]
    public JsonElement? Markdown { get; init; }
}

/// <summary>An answer.</summary>
[RequestSizeLimit(LargestBody)]
internal sealed record ReplyMessage : MessageSaid, IRequestBody<ReplyMessage, MessageContracts>
{
    /// <summary>True: in a thread below the message.</summary>
    public bool? InThread { get; init; }

    /// <summary>The chat of the message, where it is known: the answer then keeps the order with what else is sent there.</summary>
    [MaxLength(256)]
    public string? ChatId { get; init; }
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
[RequestSizeLimit(32 << 10)]
internal sealed record ForwardMessage : MessageForwarded, IRequestBody<ForwardMessage, MessageContracts>;

/// <summary>Messages that are passed on together.</summary>
[RequestSizeLimit(32 << 10)]
internal sealed record MergeForwardMessages : MessageForwarded, IRequestBody<MergeForwardMessages, MessageContracts>
{
    /// <summary>Messages of one chat.</summary>
    [MaxLength(100), MaxItemLength(256)]
    public required IReadOnlyList<string> MessageIds { get; init; }
}
