using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>A text in one language: <c>zh_CN</c> or <c>en</c>.</summary>
internal sealed record LocalText(string Text, string Lang);

/// <summary>Names and labels of forms: one text in each language.</summary>
internal static class LocalTexts
{
    private const int MostLanguages = 10;

    /// <param name="most">Characters of one text.</param>
    /// <exception cref="WeComRefusal">301025.</exception>
    public static ImmutableArray<LocalText> Read(JsonObject json, string name, int most)
    {
        // An option's text is one object where a form is made, and a list where it is read.
        var items = json[name] is JsonObject one ? [one] : WeComJson.Objects(json, name) ?? [];
        if (items.Count is 0 or > MostLanguages) throw ApprovalRefusal.Param($"{name} is missing");
        var texts = items.Select(i => new LocalText(WeComJson.Text(i, "text") ?? "", WeComJson.Text(i, "lang") ?? "")).ToImmutableArray();
        if (texts.FirstOrDefault(t => t.Text.Length == 0 || t.Text.Length > most) is not null) throw ApprovalRefusal.Param($"a text of {name} has 1 to {most} characters");
        return texts.Any(t => t.Lang is not ("zh_CN" or "en")) ? throw ApprovalRefusal.Param($"lang of {name} is zh_CN or en") : texts;
    }

    public static JsonArray Show(ImmutableArray<LocalText> texts) => WeComJson.List(texts.Select(t => new JsonObject { ["text"] = t.Text, ["lang"] = t.Lang }));

    public static string Of(ImmutableArray<LocalText> texts, bool chinese) => (texts.FirstOrDefault(t => t.Lang == (chinese ? "zh_CN" : "en")) ?? texts[0]).Text;
}
