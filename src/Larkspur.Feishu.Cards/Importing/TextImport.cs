using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>Texts: JSON 1.0 translated them with "i18n", JSON 2.0 does with "i18n_content".</summary>
internal static class TextImport
{
    public static JsonObject Translated(JsonObject text)
    {
        if (text["i18n"] is not JsonObject translations || text.ContainsKey("i18n_content")) return text;
        var result = (JsonObject)text.DeepClone();
        result.Remove("i18n");
        result["i18n_content"] = translations.DeepClone();
        if (!result.ContainsKey("content") && translations.Count > 0 && translations.First().Value is { } first) result["content"] = first.DeepClone();
        return result;
    }
}
