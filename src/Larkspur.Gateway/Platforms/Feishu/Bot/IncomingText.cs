using System.Text;
using System.Text.Json;
using Larkspur.Feishu.Events.Parts;

namespace Larkspur.Gateway.Platforms.Feishu.Bot;

/// <summary>What a person wrote, without the mention that called the bot.</summary>
internal static class IncomingText
{
    /// <summary>The text of a text or rich-text message; null for other kinds.</summary>
    public static string? Read(EventMessage message, string botOpenId)
    {
        if (message.Content is not { } content) return null;
        using var document = JsonDocument.Parse(content);
        var text = message.MessageType switch
        {
            "text" => document.RootElement.TryGetProperty("text", out var plain) ? plain.GetString() : null,
            "post" => Flatten(document.RootElement, botOpenId, message.Mentions),
            _ => null,
        };
        return text is null ? null : Unmention(text, message.Mentions, botOpenId).Trim();
    }

    public static bool Mentions(EventMessage message, string botOpenId) =>
        message.Mentions?.Any(m => m.Id?.OpenId == botOpenId) ?? false;

    /// <summary>Received texts hold keys (<c>@_user_1</c>) where people were mentioned: the bot's goes, the others become names.</summary>
    private static string Unmention(string text, IReadOnlyList<MentionEvent>? mentions, string botOpenId)
    {
        // Longest key first: @_user_1 is the beginning of @_user_12.
        foreach (var mention in (mentions ?? []).Where(m => !string.IsNullOrEmpty(m.Key)).OrderByDescending(m => m.Key!.Length))
            text = text.Replace(mention.Key!, mention.Id?.OpenId == botOpenId ? "" : "@" + mention.Name, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Rich text arrives without its locale wrapper: a title and lines of elements.</summary>
    private static string Flatten(JsonElement post, string botOpenId, IReadOnlyList<MentionEvent>? mentions)
    {
        var text = new StringBuilder();
        if (post.TryGetProperty("title", out var title) && title.GetString() is { Length: > 0 } heading) text.AppendLine(heading);
        if (!post.TryGetProperty("content", out var lines) || lines.ValueKind != JsonValueKind.Array) return text.ToString();
        foreach (var line in lines.EnumerateArray().Where(l => l.ValueKind == JsonValueKind.Array))
        {
            foreach (var element in line.EnumerateArray())
            {
                var field = element.TryGetProperty("tag", out var tag) && tag.GetString() == "at" ? "user_id" : "text";
                if (!element.TryGetProperty(field, out var value) || value.GetString() is not { } part) continue;
                if (field == "text") text.Append(part);
                else if (part != botOpenId) text.Append(mentions?.Any(m => m.Key == part) == true ? part : "@" + part);
            }

            text.AppendLine();
        }

        return text.ToString();
    }
}
