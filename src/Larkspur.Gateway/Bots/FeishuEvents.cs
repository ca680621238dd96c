using System.Text.Json;

namespace Larkspur.Gateway.Bots;

// The parts of Feishu's events that the bot reads; names follow the wire in snake case.

/// <summary><c>im.message.receive_v1</c>.</summary>
internal sealed record MessageReceived
{
    public MessageSender? Sender { get; init; }

    public ReceivedMessage? Message { get; init; }
}

internal sealed record MessageSender
{
    public UserIds? SenderId { get; init; }

    public string? SenderType { get; init; }
}

internal sealed record UserIds
{
    public string? OpenId { get; init; }

    public string? UserId { get; init; }

    public string? UnionId { get; init; }
}

internal sealed record ReceivedMessage
{
    public string? MessageId { get; init; }

    public string? ChatId { get; init; }

    /// <summary><c>p2p</c> or <c>group</c>.</summary>
    public string? ChatType { get; init; }

    public string? MessageType { get; init; }

    /// <summary>A JSON text.</summary>
    public string? Content { get; init; }

    /// <summary>Absent when nobody is mentioned.</summary>
    public Mention[]? Mentions { get; init; }
}

internal sealed record Mention
{
    /// <summary>Stands in the text: <c>@_user_1</c>.</summary>
    public string? Key { get; init; }

    public UserIds? Id { get; init; }

    public string? Name { get; init; }
}

/// <summary><c>im.chat.member.bot.added_v1</c> and <c>im.chat.access_event.bot_p2p_chat_entered_v1</c>.</summary>
internal sealed record ChatEntered
{
    public string? ChatId { get; init; }

    public UserIds? OperatorId { get; init; }
}

/// <summary><c>card.action.trigger</c>.</summary>
internal sealed record CardClicked
{
    public UserIds? Operator { get; init; }

    public CardAction? Action { get; init; }

    public CardContext? Context { get; init; }

    // The old callback has these at its root.
    public string? OpenId { get; init; }

    public string? OpenMessageId { get; init; }

    public string? OpenChatId { get; init; }
}

internal sealed record CardAction
{
    /// <summary>An object or a string, as the card's author chose.</summary>
    public JsonElement Value { get; init; }

    public string? Timezone { get; init; }
}

internal sealed record CardContext
{
    public string? OpenMessageId { get; init; }

    public string? OpenChatId { get; init; }
}
