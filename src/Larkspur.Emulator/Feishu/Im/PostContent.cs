using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Reads a rich text message: one title and list of paragraphs per language. Receivers get their language without the key around it.</summary>
internal sealed partial class PostContent(EmulatorState state, ContentAuthor author)
{
    private static readonly HashSet<string> Tags = ["text", "a", "at", "img", "media", "emotion", "hr", "code_block", "md"];
    private static readonly HashSet<string> Styles = ["bold", "underline", "lineThrough", "italic"];
    private static readonly HashSet<string> Alone = ["img", "media", "md"];

    public MessageContent? Read(JsonObject content, out ContentRefusal? refusal)
    {
        refusal = null;
        var byLocale = ImmutableDictionary<string, string>.Empty;
        var mentions = new MentionList(state, author);
        foreach (var (locale, node) in content)
        {
            if (!Locale().IsMatch(locale) || node is not JsonObject post || post["content"] is not JsonArray paragraphs) return null;
            if (post["title"] is { } title && title.GetValueKind() != System.Text.Json.JsonValueKind.String) return null;
            var lines = new JsonArray();
            foreach (var paragraph in paragraphs)
            {
                if (paragraph is not JsonArray parts) return null;
                if (!ReadParagraph(parts, mentions, lines, out refusal)) return null;
            }

            byLocale = byLocale.Add(locale, CanonicalJson.Write(new JsonObject { ["title"] = MessageContentReader.Str(post, "title") ?? "", ["content"] = lines }));
        }

        if (byLocale.Count == 0) return null;
        var first = byLocale.GetValueOrDefault("zh_cn") ?? byLocale.GetValueOrDefault("en_us") ?? byLocale.Values.First();
        return new MessageContent { Rendered = first, ByLocale = byLocale, Mentions = mentions.All };
    }

    private bool ReadParagraph(JsonArray parts, MentionList mentions, JsonArray lines, out ContentRefusal? refusal)
    {
        refusal = null;
        var line = new JsonArray();
        foreach (var part in parts)
        {
            if (part is not JsonObject element || Str(element, "tag") is not { } tag || !Tags.Contains(tag)) return false;
            if (Alone.Contains(tag) && parts.Count > 1)
            {
                refusal = MessageContentReader.Wrong($"the tag {tag} must be alone in its paragraph");
                return false;
            }

            if (!IsComplete(element, tag, out refusal)) return false;
            if (tag == "md")
            {
                // Receivers never see md: they get the paragraphs that it stands for.
                foreach (var expanded in PostMarkdown.Expand(Str(element, "text")!, mentions)) lines.Add(expanded);
                return true;
            }

            line.Add(Receive(element, tag, mentions));
        }

        lines.Add(line);
        return true;
    }

    private bool IsComplete(JsonObject element, string tag, out ContentRefusal? refusal)
    {
        refusal = null;
        if (element["style"] is { } style && (style is not JsonArray list || list.Any(s => s is not JsonValue v || !v.TryGetValue<string>(out var name) || !Styles.Contains(name)))) return false;
        switch (tag)
        {
            case "img": return Known(Str(element, "image_key"), image: true, out refusal);
            case "media":
                return Known(Str(element, "file_key"), image: false, out refusal) && (Str(element, "image_key") is not { } cover || Known(cover, image: true, out refusal));
            case "text" or "md" or "code_block": return Str(element, "text") is not null;
            case "a": return Str(element, "href") is not null && Str(element, "text") is not null;
            case "at": return Str(element, "user_id") is { Length: > 0 };
            case "emotion": return Str(element, "emoji_type") is { } emoji && EmojiTypes.Has(emoji);
            default: return true;
        }
    }

    private bool Known(string? key, bool image, out ContentRefusal? refusal)
    {
        refusal = null;
        if (key is null || state.File(key) is not { } file || file.IsImage != image) return false;
        if (author.OwnerId is { } owner && file.OwnerId != owner) refusal = new ContentRefusal(230017);
        else if (!image && MessageContentReader.MessageTypeOf(file) != "media") refusal = new ContentRefusal(230055);
        return refusal is null;
    }

    private static JsonObject Receive(JsonObject element, string tag, MentionList mentions)
    {
        var copy = (JsonObject)element.DeepClone();
        if (tag == "at")
        {
            if (mentions.Add(Str(element, "user_id")!) is { } key)
            {
                copy["user_id"] = key;
                copy["user_name"] = mentions.NameOf(key);
            }
        }
        else if (tag is "text" or "a")
        {
            copy["style"] ??= new JsonArray();
        }

        return copy;
    }

    private static string? Str(JsonObject o, string name) => MessageContentReader.Str(o, name);

    [GeneratedRegex("^[a-z]{2}_[a-z]{2}$")]
    private static partial Regex Locale();
}
