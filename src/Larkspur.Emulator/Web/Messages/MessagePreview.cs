using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Web.Cards;

namespace Larkspur.Emulator.Web.Messages;

/// <summary>A message in a few words.</summary>
internal static partial class MessagePreview
{
    private const int Longest = 120;

    public static string Of(Message message, Viewer viewer)
    {
        var texts = viewer.Texts;
        if (message.MsgType == "interactive") return Card(message, viewer);
        if (message.MsgType == "merge_forward") return texts.Forwarded;
        if (CardDocument.Parse(message.Content)?.Root is not { } content) return texts.BrokenContent;
        return Cut(message.MsgType switch
        {
            "text" => string.Concat(TextSegment.Split(content.Text("text") ?? "", message, viewer).Select(static s => s.Text)),
            "post" => Post(PostMessage.Choose(content, texts.CardLocale), viewer),
            "image" => texts.Image,
            "file" or "folder" => $"{texts.File} {viewer.State.File(content.Text("file_key") ?? "")?.Name ?? content.Text("file_name")}",
            "audio" => texts.Audio,
            "media" => $"{texts.Video} {viewer.State.File(content.Text("file_key") ?? "")?.Name ?? content.Text("file_name")}".TrimEnd(),
            "sticker" => texts.Sticker,
            "share_chat" => $"[{texts.GroupCard}] {(viewer.State.Chat(content.Text("chat_id") ?? "") is { } chat ? viewer.NameOf(chat) : "")}",
            "share_user" => $"[{texts.PersonCard}] {viewer.Find(content.Text("user_id") ?? "")?.Name}",
            "location" => $"{texts.Location} {content.Text("name")}",
            "system" => SystemText(content, viewer),
            _ => texts.UnknownMessage(message.MsgType),
        });
    }

    /// <summary>Divider text, or a template with names put in: <c>{from_user} invited {to_chatters}</c>.</summary>
    public static string SystemText(JsonElement content, Viewer viewer)
    {
        var divider = content.At("params").At("divider_text");
        if (divider.IsObject)
        {
            return divider.At("i18n_text").Text(viewer.Texts.Code == "zh" ? "zh_CN" : "en_US") ?? divider.Text("text") ?? viewer.Texts.NewDivider;
        }

        var template = content.Text("template") ?? "";
        return Placeholder().Replace(template, match =>
        {
            var value = content.At(match.Groups[1].Value);
            return value.IsArray ? string.Join(", ", value.EnumerateArray().Select(static v => v.AsText())) : value.AsText() ?? "";
        });
    }

    private static string Card(Message message, Viewer viewer)
    {
        var texts = viewer.Texts;
        if (CardDocument.Parse(message.Card?.For(viewer.Me.UserId) ?? message.Content) is not { } card) return texts.Card;
        var scene = viewer.Scene(message);
        var summary = scene.TextOf(card.Config.At("summary"));
        if (summary.Length == 0 && card.Config.Flag("streaming_mode")) return texts.Generating;
        var title = summary.Length > 0 ? summary : scene.TextOf(card.Header(texts.CardLocale).At("title"));
        return title.Length > 0 ? Cut(texts.CardTitled(title)) : texts.Card;
    }

    private static string Post(JsonElement post, Viewer viewer)
    {
        if (post.Text("title") is { Length: > 0 } title) return title;
        return string.Concat(post.Items("content").SelectMany(static line => line.IsArray ? line.EnumerateArray().ToArray() : []).Take(20).Select(tag => tag.Text("tag") switch
        {
            "at" => "@" + (tag.Text("user_id") == "all" ? viewer.Texts.Everyone : viewer.Find(tag.Text("user_id") ?? "")?.Name ?? tag.Text("user_name")) + " ",
            "img" => viewer.Texts.Image,
            "media" => viewer.Texts.Video,
            _ => tag.Text("text") ?? "",
        }));
    }

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }

    [GeneratedRegex(@"\{([a-z_]{1,40})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
