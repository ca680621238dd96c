using System.Text.Json;
using Larkspur.Cli.Output;
using Larkspur.Feishu.Cards;

namespace Larkspur.Cli.Messages;

/// <summary>What a message says, as one text. It is others' and not yet safe to print.</summary>
internal static class MessageTexts
{
    public static string Of(JsonElement message)
    {
        if (message.Is("deleted")) return "[recalled]";
        var type = message.Text("msg_type");
        if (!message.TryGetProperty("content", out var content)) return $"[{type}]";
        var words = type switch
        {
            "text" => content.Text("text"),
            "post" => Post(content),
            "interactive" => CardText.Of(content.GetRawText()) is { Length: > 0 } card ? card : Post(content),
            "file" or "media" => content.Text("file_name"),
            _ => "",
        };
        if (message.TryGetProperty("mentions", out var mentions) && mentions.ValueKind == JsonValueKind.Array)
        {
            // From the last: @_user_1 is also the beginning of @_user_10.
            foreach (var mention in mentions.EnumerateArray().Reverse().Where(m => m.Text("key").Length > 0)) words = words.Replace(mention.Text("key"), "@" + mention.Text("name"), StringComparison.Ordinal);
        }

        return type == "text" ? words : $"[{type}] {words}".TrimEnd();
    }

    /// <summary>A post as it was read, or the simplification of a card, which has the same form: title, and lines of pieces.</summary>
    private static string Post(JsonElement content)
    {
        List<string> lines = content.Text("title") is { Length: > 0 } title ? [title] : [];
        foreach (var member in (string[])["content", "elements"])
        {
            if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty(member, out var paragraphs) || paragraphs.ValueKind != JsonValueKind.Array) continue;
            lines.AddRange(paragraphs.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Array).Select(p => string.Concat(p.EnumerateArray().Select(Piece))).Where(l => l.Length > 0));
        }

        return string.Join('\n', lines);
    }

    private static string Piece(JsonElement piece) => piece.Text("tag") switch
    {
        "at" => "@" + (piece.Text("user_name") is { Length: > 0 } name ? name : piece.Text("user_id")),
        "img" => "[image]",
        "media" => "[media]",
        "emotion" => $"[{piece.Text("emoji_type")}]",
        _ => piece.Text("text"),
    };
}
