using System.Text.Json;
using Larkspur.Emulator.Web.Cards;

namespace Larkspur.Emulator.Web.Messages;

/// <summary>A rich text message: paragraphs of tagged pieces, in one or more languages.</summary>
internal static class PostMessage
{
    /// <summary>The viewer's language, else the first one there is; received posts come without the language around them.</summary>
    public static JsonElement Choose(JsonElement content, string locale)
    {
        if (content.At("content").IsArray) return content;
        var post = content.At("post") is { ValueKind: JsonValueKind.Object } wrapped ? wrapped : content;
        return post.At(locale) is { ValueKind: JsonValueKind.Object } own ? own : post.Members().Select(static m => m.Value).FirstOrDefault(static v => v.IsObject);
    }

    public static string? Styles(JsonElement tag) => Measures.Join(tag.Items("style").Select(static s => s.AsText() switch
    {
        "bold" => "st-b",
        "italic" => "st-i",
        "underline" => "st-u",
        "lineThrough" => "st-s",
        _ => null,
    }));
}
