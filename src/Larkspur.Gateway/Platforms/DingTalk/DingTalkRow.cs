using System.Text.Json;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>A message of the outbox to DingTalk: <c>{"text":…}</c>, and what else its sending needs.</summary>
internal sealed record DingTalkRow
{
    public const string Markdown = "markdown";
    public const string Plain = "text";
    public const string Image = "image";

    /// <summary>Markdown or text, as the row's message type says; empty for a picture.</summary>
    public required string Text { get; init; }

    /// <summary>What lists of conversations show of Markdown.</summary>
    public string? Title { get; init; }

    /// <summary>A picture that was uploaded.</summary>
    public string? Picture { get; init; }

    /// <summary>The sealed session webhook.</summary>
    public string? Session { get; init; }

    /// <summary>Until when it is good.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Who is addressed with an @, where that is possible.</summary>
    public string? At { get; init; }

    /// <summary>One message to an address.</summary>
    public static OutboxMessage Message(ReplyAddress to, string kind, string text, bool addresses = false)
    {
        var extra = ReplyExtra.Of(to);
        var row = new DingTalkRow { Text = text, Title = kind == Markdown ? Titled(text) : null, Session = extra.Session, Until = to.ExtraUntil, At = addresses ? extra.At : null };
        return new OutboxMessage
        {
            Platform = DingTalkApps.Platform, Operation = MessageOperations.Create, Lane = to.Lane, TargetType = to.TargetType, Target = to.Target, MessageType = kind,
            Content = JsonSerializer.Serialize(row, RowJson.Options), Priority = OutboxPriority.Answer,
        };
    }

    private static string Titled(string text) => DingTalkMarkdown.Preview(text) is { Length: > 0 } words ? words : "…";
}
