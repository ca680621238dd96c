using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Messages;

/// <summary>Contents of messages: what the platform takes for each type, as far as it can be told before the call.</summary>
/// <remarks>Source: im/v1/message-content and its limits (150 KB for text, 30 KB for post and cards).</remarks>
internal static class MessageContents
{
    private const int MostText = 150 << 10;
    private const int MostOther = 30 << 10;

    /// <summary>The members that a content must have, and the kind of their ids.</summary>
    private static readonly Dictionary<string, (string Member, string Kind)[]> Keys = new(StringComparer.Ordinal)
    {
        ["image"] = [("image_key", "image_key")],
        ["file"] = [("file_key", "file_key")],
        ["audio"] = [("file_key", "file_key")],
        ["media"] = [("file_key", "file_key")], // its image_key, the cover, may be left out
        ["sticker"] = [("file_key", "file_key")],
        ["share_chat"] = [("chat_id", "chat_id")],
        ["share_user"] = [("user_id", "open_id")],
    };

    private static readonly string[] Known = ["text", "post", "image", "file", "audio", "media", "sticker", MessageDraft.Card, "share_chat", "share_user", "system"];

    public static string Types { get; } = string.Join(", ", Known);

    public static bool IsKnown(string type) => Known.Contains(type);

    /// <summary>The content of a type from its short form: <c>"text": "…"</c>, <c>"image": "img_…"</c> or <c>"image": {"image_key": "img_…"}</c>.</summary>
    public static MessageDraft Of(string type, JsonElement given, string pointer)
    {
        if (given.ValueKind != JsonValueKind.String) return Check(new MessageDraft(type, JsonOf(given, pointer), pointer));
        var text = JsonFields.TextOf(given, pointer);
        if (type == "text") return Check(new MessageDraft(type, MessageContent.Text(text), pointer));
        if (!Keys.TryGetValue(type, out var keys)) return Check(new MessageDraft(type, JsonOf(given, pointer), pointer));
        FeishuIds.Check(keys[0].Kind, text, pointer);
        return new MessageDraft(type, $$"""{"{{keys[0].Member}}":"{{text}}"}""", pointer);
    }

    /// <summary>The JSON text of an object that is given as itself or as a text.</summary>
    /// <exception cref="RequestRefusedException">The text is no JSON object.</exception>
    public static string JsonOf(JsonElement given, string pointer)
    {
        if (given.ValueKind == JsonValueKind.Object) return given.GetRawText();
        if (given.ValueKind != JsonValueKind.String) throw RequestRefusedException.Malformed("wrong_type", pointer, "It must be an object, or a text that holds one.");
        var text = JsonFields.TextOf(given, pointer);
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 100 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? text
                : throw RequestRefusedException.Impossible("content_not_json", pointer, "The text must hold a JSON object, which it does not.");
        }
        catch (JsonException e)
        {
            throw RequestRefusedException.Impossible("content_not_json", pointer, $"The text is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}), or is nested too deeply.");
        }
    }

    /// <summary>Refuses what the platform surely would.</summary>
    public static MessageDraft Check(MessageDraft draft)
    {
        var size = Encoding.UTF8.GetByteCount(draft.Content);
        var most = draft.Type == "text" ? MostText : MostOther;
        if (size > most)
        {
            throw RequestRefusedException.Impossible(draft.IsCard ? "card_too_large" : "content_too_large", draft.Pointer,
                $"It has {Kilobytes(size)} KB, and the platform takes {most >> 10} KB.");
        }

        if (draft.IsCard) return draft;
        using var document = JsonDocument.Parse(draft.Content, new JsonDocumentOptions { MaxDepth = 100 });
        var content = JsonFields.Of(document.RootElement, draft.Pointer);
        if (draft.Type == "text") content.Need("text", content.Text("text", MostText));
        else if (draft.Type == "post") CheckPost(content, draft.Pointer);
        else if (Keys.TryGetValue(draft.Type, out var keys))
        {
            foreach (var (member, kind) in keys) FeishuIds.Check(kind, content.Need(member, content.Text(member)), content.At(member));
            if (content.Text("image_key") is { } cover) FeishuIds.Check("image_key", cover, content.At("image_key"));
        }

        return draft;
    }

    /// <summary>One body per locale: <c>{"zh_cn": {"title": …, "content": [[…]]}}</c>.</summary>
    private static void CheckPost(JsonFields post, string pointer)
    {
        if (post.Left.Count == 0) throw RequestRefusedException.Impossible("empty", pointer, "A post has a body per locale, like {\"zh_cn\": {\"title\": \"…\", \"content\": [[…]]}}.");
        foreach (var locale in post.Left.ToArray())
        {
            var at = post.At(locale);
            var body = post.Any(locale)!.Value;
            if (body.ValueKind != JsonValueKind.Object) throw RequestRefusedException.Impossible("bad_post", at, "A post has a body per locale (zh_cn, en_us, ja_jp…), and each is an object with title and content.");
            if (!body.TryGetProperty("content", out var paragraphs)) continue;
            if (paragraphs.ValueKind != JsonValueKind.Array || paragraphs.EnumerateArray().Any(p => p.ValueKind != JsonValueKind.Array))
                throw RequestRefusedException.Impossible("bad_post", at + "/content", "The content of a post is a list of paragraphs, and each is a list of elements.");
        }
    }

    private static string Kilobytes(int bytes) => (bytes / 1024.0).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
}
