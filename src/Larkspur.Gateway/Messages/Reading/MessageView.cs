using System.Globalization;
using System.Text.Json;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Gateway.Messages;

/// <summary>A message as the platform has it.</summary>
internal sealed record MessageView
{
    public required string MessageId { get; init; }

    public string? ChatId { get; init; }

    /// <summary>The thread it is part of.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The first message of what it answers.</summary>
    public string? RootId { get; init; }

    /// <summary>The message it answers.</summary>
    public string? ParentId { get; init; }

    /// <summary>The bundle of passed-on messages that it is part of.</summary>
    public string? UpperMessageId { get; init; }

    public string? MsgType { get; init; }

    /// <summary>What it says: an object where the platform gives JSON, else a text.</summary>
    public JsonElement? Content { get; init; }

    public MessageSender? Sender { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>It was recalled or deleted; what it said is gone.</summary>
    public bool Deleted { get; init; }

    public bool Updated { get; init; }

    /// <summary>Who is called in it.</summary>
    public IReadOnlyList<MessageMention> Mentions { get; init; } = [];

    public static MessageView Of(Message message) => new()
    {
        MessageId = message.MessageId ?? "",
        ChatId = message.ChatId,
        ThreadId = message.ThreadId,
        RootId = message.RootId,
        ParentId = message.ParentId,
        UpperMessageId = message.UpperMessageId,
        MsgType = message.MsgType?.Value,
        Content = message.Body?.Content is { } content ? ContentOf(content) : null,
        Sender = message.Sender is { } sender ? new MessageSender(sender.Id, sender.IdType?.Value, sender.SenderType?.Value) : null,
        CreatedAt = Times.OfMilliseconds(message.CreateTime),
        UpdatedAt = Times.OfMilliseconds(message.UpdateTime),
        Deleted = message.Deleted ?? false,
        Updated = message.Updated ?? false,
        Mentions = [.. (message.Mentions ?? []).Select(m => new MessageMention(m.Key, m.Id, m.IdType, m.Name))],
    };

    private static JsonElement ContentOf(string content)
    {
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 100 });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(content); // "This message was recalled" is no JSON
        }
    }
}

/// <summary>Who wrote a message.</summary>
/// <param name="Id">The id.</param>
/// <param name="IdType"><c>open_id</c> or <c>app_id</c>.</param>
/// <param name="Type"><c>user</c>, <c>app</c>, <c>anonymous</c>, <c>unknown</c>.</param>
internal sealed record MessageSender(string? Id, string? IdType, string? Type);

/// <summary>Who is called.</summary>
/// <param name="Key">As the text has it: <c>@_user_1</c>.</param>
/// <param name="Id">The id.</param>
/// <param name="IdType">The id's kind.</param>
/// <param name="Name">The name.</param>
internal sealed record MessageMention(string? Key, string? Id, string? IdType, string? Name);

/// <summary>Times as the platform writes them: texts with Unix seconds or milliseconds.</summary>
internal static class Times
{
    public static DateTimeOffset? OfMilliseconds(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    public static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The first whole second that is not before the time. The last moment that there is has none of its own: so numbers are counted up, not times.</summary>
    public static string SecondsUp(DateTimeOffset time) =>
        (time.ToUnixTimeSeconds() + (time.UtcTicks % TimeSpan.TicksPerSecond == 0 ? 0 : 1)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="HasMore">There is another page.</param>
/// <param name="PageToken">Where that begins.</param>
internal sealed record PageView<T>(IReadOnlyList<T> Items, bool HasMore, string? PageToken)
{
    public static PageView<T> Of<TItem>(IReadOnlyList<TItem>? items, bool? hasMore, string? token, Func<TItem, T> view) =>
        new([.. (items ?? []).Select(view)], hasMore ?? false, hasMore == true && token is { Length: > 0 } ? token : null);
}
