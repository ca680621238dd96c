using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Where something is said on DingTalk, and what a row of the outbox knows of it beside its target.</summary>
internal static class DingTalkAddress
{
    /// <summary>A group: its <c>openConversationId</c>.</summary>
    public const string Group = "chat_id";

    /// <summary>A person, in the conversation with the robot: the userid.</summary>
    public const string Person = "userid";

    /// <summary>A conversation that can be answered by its session webhook alone: with somebody from outside, whose userid nobody tells.</summary>
    public const string Session = "conversation";

    /// <summary>Where an answer to a message goes.</summary>
    public static ReplyAddress Of(RobotMessage message)
    {
        var until = message.SessionWebhookExpiredTime is > 0 and < 32_503_680_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(message.SessionWebhookExpiredTime) : (DateTimeOffset?)null;
        var (type, target) = message switch
        {
            { IsGroup: true } => (Group, message.ConversationId),
            { SenderStaffId: { Length: > 0 } person } => (Person, person),
            _ => (Session, message.ConversationId),
        };
        var extra = new ReplyExtra { Session = message.SessionWebhook, At = message.IsGroup ? message.SenderStaffId : null, Name = message.IsGroup ? message.SenderNick : null };
        return new ReplyAddress(message.ConversationId, type, target) { Extra = extra.ToJson(), ExtraUntil = message.SessionWebhook is { Length: > 0 } ? until : null };
    }
}

/// <summary>What an answer on DingTalk needs beside its target.</summary>
internal sealed record ReplyExtra
{
    /// <summary>The sealed session webhook.</summary>
    public string? Session { get; init; }

    /// <summary>Who asked, in a group: addressed with an @ where that is possible.</summary>
    public string? At { get; init; }

    /// <summary>The name of who asked.</summary>
    public string? Name { get; init; }

    public string? ToJson() => this == new ReplyExtra() ? null : JsonSerializer.Serialize(this, RowJson.Options);

    public static ReplyExtra Of(ReplyAddress address)
    {
        if (address.Extra is null) return new ReplyExtra();
        try
        {
            return JsonSerializer.Deserialize<ReplyExtra>(address.Extra, RowJson.Options) ?? new ReplyExtra();
        }
        catch (JsonException)
        {
            // Written by a later version: the target alone has to do.
            return new ReplyExtra();
        }
    }
}

/// <summary>How rows of the outbox are written.</summary>
internal static class RowJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="ChannelException">The row is none of this kind.</exception>
    public static T Read<T>(string content) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(content, Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ChannelException("unreadable_row", $"The row is no {typeof(T).Name}", transient: false, e);
        }
    }
}
