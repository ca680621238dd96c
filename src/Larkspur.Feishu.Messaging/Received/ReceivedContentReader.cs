using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Messaging;

/// <summary>Reads contents by their types. Null: the content lacks what makes its type.</summary>
internal static partial class ReceivedContentReader
{
    private const int DeepestPart = 4;

    public static ReceivedContent? Read(string type, string raw, JsonElement content, IReadOnlyList<MessageMention> mentions) => type switch
    {
        "text" => Text(content, "text") is { } text ? new ReceivedText(text, mentions, raw) : null,
        "post" => Post(raw, content, mentions),
        "interactive" => new ReceivedCard(CardTitle(content), Paragraphs(content, "elements", mentions), raw),
        "image" => Text(content, "image_key") is { } image ? new ReceivedImage(image, raw) : null,
        "file" or "folder" => Text(content, "file_key") is { } file ? new ReceivedFile(file, Text(content, "file_name") ?? "", type == "folder", raw) : null,
        "audio" => Text(content, "file_key") is { } audio ? new ReceivedAudio(audio, Duration(content), raw) : null,
        "media" => Text(content, "file_key") is { } video
            ? new ReceivedMedia(video, Text(content, "image_key") is { Length: > 0 } cover ? cover : null, Text(content, "file_name") ?? "", Duration(content), raw) : null,
        "sticker" => Text(content, "file_key") is { } sticker ? new ReceivedSticker(sticker, raw) : null,
        "share_chat" => Text(content, "chat_id") is { } chat ? new ReceivedSharedChat(chat, raw) : null,
        "share_user" => Text(content, "user_id") is { } user ? new ReceivedSharedUser(user, raw) : null,
        "location" => new ReceivedLocation(Text(content, "name") ?? "", Number(content, "longitude"), Number(content, "latitude"), raw),
        "share_calendar_event" or "calendar" or "general_calendar" =>
            new ReceivedCalendarEvent(Text(content, "summary") ?? "", Time(content, "start_time"), Time(content, "end_time"), raw),
        "video_chat" => new ReceivedVideoChat(Text(content, "topic") ?? "", Time(content, "start_time"), raw),
        "todo" => new ReceivedTodo(Text(content, "task_id") ?? "", TodoSummary(content, mentions), Time(content, "due_time"), raw),
        "vote" => new ReceivedVote(Text(content, "topic") ?? "", Strings(content, "options"), raw),
        "system" => new ReceivedSystem(SystemText(content), raw),
        "hongbao" => new ReceivedRedPacket(Text(content, "text") ?? "", raw),
        _ => null,
    };

    /// <summary>The wrapper of languages is not documented for what is received; it is unwrapped where it comes all the same.</summary>
    private static ReceivedPost? Post(string raw, JsonElement post, IReadOnlyList<MessageMention> mentions)
    {
        if (!post.TryGetProperty("content", out _))
        {
            foreach (JsonProperty locale in post.EnumerateObject())
            {
                if (locale.Value.ValueKind == JsonValueKind.Object && locale.Value.TryGetProperty("content", out _)) return Post(raw, locale.Value, mentions);
            }

            return null;
        }

        return new(Text(post, "title") ?? "", Paragraphs(post, "content", mentions), raw);
    }

    private static string CardTitle(JsonElement card)
    {
        if (Text(card, "title") is { } title) return title;
        // As it was sent: {"header":{"title":{"content":"…"}}}.
        return card.TryGetProperty("header", out JsonElement header) && header.ValueKind == JsonValueKind.Object
            && header.TryGetProperty("title", out JsonElement text) && text.ValueKind == JsonValueKind.Object ? Text(text, "content") ?? "" : "";
    }

    private static List<IReadOnlyList<ReceivedPart>> Paragraphs(JsonElement content, string name, IReadOnlyList<MessageMention> mentions)
    {
        var paragraphs = new List<IReadOnlyList<ReceivedPart>>();
        if (!content.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array) return paragraphs;
        foreach (JsonElement paragraph in list.EnumerateArray())
        {
            // A card as it was sent has objects here: its own JSON says more than parts could.
            if (paragraph.ValueKind == JsonValueKind.Array) paragraphs.Add(Parts(paragraph, mentions, depth: 0));
        }

        return paragraphs;
    }

    private static List<ReceivedPart> Parts(JsonElement list, IReadOnlyList<MessageMention> mentions, int depth)
    {
        var parts = new List<ReceivedPart>();
        foreach (JsonElement part in list.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object) parts.Add(Part(part, mentions, depth));
            else if (part.ValueKind == JsonValueKind.String) parts.Add(new("text") { Text = part.GetString() });
        }

        return parts;
    }

    private static ReceivedPart Part(JsonElement part, IReadOnlyList<MessageMention> mentions, int depth)
    {
        string tag = Text(part, "tag") ?? "";
        string? user = Text(part, "user_id"), name = Text(part, "user_name");
        if (tag == "at" && mentions.FirstOrDefault(m => m.Key == user) is { } mention) (user, name) = (mention.Id, mention.Name);
        return new(tag)
        {
            Text = tag == "at" ? (user == "all" || user == ReceivedMentions.All) && string.IsNullOrEmpty(name) ? "all" : name : Text(part, "text"),
            Href = Text(part, "href"),
            UserId = user == ReceivedMentions.All ? "all" : user,
            ImageKey = Text(part, "image_key"),
            FileKey = Text(part, "file_key"),
            EmojiType = Text(part, "emoji_type"),
            Language = Text(part, "language"),
            Style = Strings(part, "style"),
            Parts = depth < DeepestPart && part.TryGetProperty("elements", out JsonElement inner) && inner.ValueKind == JsonValueKind.Array ? Parts(inner, mentions, depth + 1) : [],
        };
    }

    private static string TodoSummary(JsonElement todo, IReadOnlyList<MessageMention> mentions)
    {
        if (!todo.TryGetProperty("summary", out JsonElement summary)) return "";
        return summary.ValueKind switch
        {
            JsonValueKind.String => summary.GetString()!,
            JsonValueKind.Object => ReceivedPart.Words(Text(summary, "title") ?? "", Paragraphs(summary, "content", mentions)),
            _ => "",
        };
    }

    /// <summary>Fills the template: <c>{from_user} invited {to_chatters} to this chat.</c></summary>
    private static string SystemText(JsonElement system)
    {
        // A dividing line may also come as it was sent, without a template.
        if (Text(system, "template") is not { } text)
            return system.TryGetProperty("params", out JsonElement sent) && sent.ValueKind == JsonValueKind.Object && sent.TryGetProperty("divider_text", out JsonElement divider)
                && divider.ValueKind == JsonValueKind.Object ? Text(divider, "text") ?? "" : "";
        // One pass: what stands in a hole is somebody's name, and no template of its own.
        return Hole().Replace(text, hole => !system.TryGetProperty(hole.Groups[1].ValueSpan, out JsonElement value) ? hole.Value : value.ValueKind switch
        {
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString() : v.GetRawText())),
            JsonValueKind.Object => Text(value, "text") ?? "",
            JsonValueKind.String => value.GetString()!,
            _ => value.GetRawText(),
        });
    }

    [GeneratedRegex(@"\{([A-Za-z0-9_]{1,64})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();

    private static string? Text(JsonElement from, string name)
        => from.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[] Strings(JsonElement from, string name)
        => from.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
            : [];

    /// <summary>Numbers come as numbers or as digits in strings.</summary>
    private static string? Digits(JsonElement from, string name)
        => from.TryGetProperty(name, out JsonElement value) ? value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        } : null;

    private static double? Number(JsonElement from, string name)
        => double.TryParse(Digits(from, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static DateTimeOffset? Time(JsonElement from, string name) => WireTime.Milliseconds(Digits(from, name));

    private static TimeSpan? Duration(JsonElement from) => Number(from, "duration") is >= 0 and < 1e12 and { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
}
