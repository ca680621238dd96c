using System.Text.Json;

namespace Larkspur.Gateway.Messages;

/// <summary>Who gets a message: one of these.</summary>
internal sealed record MessageReceiver
{
    /// <summary>A chat, oc_…</summary>
    public string? ChatId { get; init; }

    /// <summary>A person as this app knows them, ou_…</summary>
    public string? OpenId { get; init; }

    /// <summary>A person as the developer's apps know them, on_…</summary>
    public string? UnionId { get; init; }

    /// <summary>A person as the company knows them.</summary>
    public string? UserId { get; init; }

    /// <summary>A person by their work mail address.</summary>
    public string? Email { get; init; }
}

/// <summary>What a message says: one of these.</summary>
internal abstract record MessageSaid
{
    /// <summary>The app, by its configured name; default: the default app.</summary>
    public string? App { get; init; }

    /// <summary>The caller's name for the message, as in the header Idempotency-Key: a repeat under it sends nothing more.</summary>
    public string? Key { get; init; }

    /// <summary><c>answer</c> (default): at once. <c>bulk</c>: can wait for what is more urgent.</summary>
    public string? Priority { get; init; }

    /// <summary>False: when the platform refuses the card, its facts are not sent as text.</summary>
    public bool? Fallback { get; init; }

    /// <summary>Text; <c>&lt;at user_id="ou_…"&gt;&lt;/at&gt;</c> calls a person, user_id="all" everybody.</summary>
    public string? Text { get; init; }

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

    /// <summary>A card made of a template of the platform's card builder.</summary>
    public CardTemplate? Template { get; init; }

    /// <summary>The platform's own type; with <c>content</c>.</summary>
    public string? MsgType { get; init; }

    /// <summary>The platform's own content, as an object or as its text; with <c>msg_type</c>.</summary>
    public JsonElement? Content { get; init; }
}

/// <summary>A new message.</summary>
internal sealed record SendMessage : MessageSaid
{
    /// <summary>Who gets it.</summary>
    public required MessageReceiver To { get; init; }
}

/// <summary>An answer.</summary>
internal sealed record ReplyMessage : MessageSaid
{
    /// <summary>True: in a thread below the message.</summary>
    public bool? InThread { get; init; }

    /// <summary>The chat of the message, where it is known: the answer then keeps the order with what else is sent there.</summary>
    public string? ChatId { get; init; }
}

/// <summary>Where a message is passed on to.</summary>
internal record ForwardMessage
{
    /// <inheritdoc cref="MessageSaid.App"/>
    public string? App { get; init; }

    /// <inheritdoc cref="MessageSaid.Key"/>
    public string? Key { get; init; }

    /// <inheritdoc cref="MessageSaid.Priority"/>
    public string? Priority { get; init; }

    /// <summary>Who gets it.</summary>
    public required MessageReceiver To { get; init; }
}

/// <summary>Messages that are passed on together.</summary>
internal sealed record MergeForwardMessages : ForwardMessage
{
    /// <summary>Up to 100 messages of one chat.</summary>
    public required IReadOnlyList<string> MessageIds { get; init; }
}

/// <summary>A template of the platform's card builder.</summary>
internal sealed record CardTemplate
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its version; null: the newest that is published.</summary>
    public string? Version { get; init; }

    /// <summary>Its variables.</summary>
    public JsonElement? Variables { get; init; }
}
