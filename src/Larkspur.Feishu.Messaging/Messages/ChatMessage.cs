using System.Globalization;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

/// <summary>A message as the platform keeps it.</summary>
public sealed record ChatMessage
{
    /// <summary><c>om_…</c></summary>
    public required string MessageId { get; init; }

    /// <summary>Where it stands, <c>oc_…</c>.</summary>
    public string ChatId { get; init; } = "";

    /// <summary>Wire name of its type; types that are only received are among them.</summary>
    public string Type { get; init; } = "";

    /// <summary>What it says, read by its type.</summary>
    public required ReceivedContent Content { get; init; }

    /// <summary>Who wrote it.</summary>
    public required MessageSender Sender { get; init; }

    /// <summary>Who is mentioned in it.</summary>
    public IReadOnlyList<MessageMention> Mentions { get; init; } = [];

    /// <summary>When it was sent; null when the platform does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>It was recalled or deleted: <see cref="Content"/> is <see cref="ReceivedRecalled"/>.</summary>
    public bool IsRecalled { get; init; }

    /// <summary>It was edited, or its card updated.</summary>
    public bool IsEdited { get; init; }

    /// <summary>The message that a tree of replies began with, or null.</summary>
    public string? RootId { get; init; }

    /// <summary>The message that this one answers, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>The thread it belongs to, <c>omt_…</c>, or null.</summary>
    public string? ThreadId { get; init; }

    /// <summary>Inside a merged forward: the message one level up.</summary>
    public string? UpperMessageId { get; init; }

    /// <summary>The messages inside a merged forward, when it was asked for by itself (<see cref="FeishuMessages.GetAsync"/>); else empty.</summary>
    public IReadOnlyList<ChatMessage> Children { get; init; } = [];

    internal static ChatMessage From(Message message)
    {
        string type = message.MsgType?.Value ?? "";
        MessageMention[] mentions = [.. (message.Mentions ?? []).Select(m => new MessageMention(m.Key ?? "", m.Id ?? "", m.IdType ?? "open_id", m.Name ?? ""))];
        bool recalled = message.Deleted == true;
        return new()
        {
            MessageId = message.MessageId ?? "",
            ChatId = message.ChatId ?? "",
            Type = type,
            Content = recalled ? new ReceivedRecalled(message.Body?.Content ?? "") : ReceivedContent.Parse(type, message.Body?.Content, mentions),
            Sender = new(message.Sender?.Id ?? "", message.Sender?.IdType?.Value ?? "", message.Sender?.SenderType?.Value ?? "unknown", message.Sender?.TenantKey ?? ""),
            Mentions = mentions,
            CreatedAt = WireTime.Milliseconds(message.CreateTime),
            UpdatedAt = WireTime.Milliseconds(message.UpdateTime),
            IsRecalled = recalled,
            IsEdited = message.Updated == true,
            RootId = message.RootId is { Length: > 0 } root ? root : null,
            ParentId = message.ParentId is { Length: > 0 } parent ? parent : null,
            ThreadId = message.ThreadId is { Length: > 0 } thread ? thread : null,
            UpperMessageId = message.UpperMessageId is { Length: > 0 } upper ? upper : null,
        };
    }
}

/// <summary>Who wrote a message.</summary>
/// <param name="Id">open_id of a person, app id of an app.</param>
/// <param name="IdType"><c>open_id</c> or <c>app_id</c>.</param>
/// <param name="Type"><c>user</c>, <c>app</c>, <c>anonymous</c>, <c>unknown</c>; others may come.</param>
/// <param name="TenantKey">The sender's tenant.</param>
public sealed record MessageSender(string Id, string IdType, string Type, string TenantKey);

/// <summary>Somebody who is mentioned.</summary>
/// <param name="Key">Stands for the mention in the content: <c>@_user_1</c>.</param>
/// <param name="Id">Who.</param>
/// <param name="IdType">Kind of <paramref name="Id"/>.</param>
/// <param name="Name">As shown.</param>
public sealed record MessageMention(string Key, string Id, string IdType, string Name);

/// <summary>Times on the wire are digits in strings.</summary>
internal static class WireTime
{
    private const long LatestMilliseconds = 253_402_300_799_999;

    public static DateTimeOffset? Milliseconds(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long at) && at is > 0 and <= LatestMilliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(at)
            : null;
}
