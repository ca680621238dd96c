using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Notifications;

/// <summary>Fills a type's template once per language and puts the two together: amounts, dates and names read differently in each.</summary>
internal static class NotificationTemplateFiller
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The filled CardMessage, as JSON.</summary>
    public static string Fill(NotificationType type, IReadOnlyDictionary<string, NotificationValue> values, List<TemplateProblem> problems)
    {
        var chinese = Expand(type, values, problems, t => t.Chinese);
        // What is wrong in one language is in the other.
        var english = Expand(type, values, [], t => t.English);
        return Join(chinese, english, "")!.ToJsonString(Relaxed);
    }

    private static JsonNode? Expand(NotificationType type, IReadOnlyDictionary<string, NotificationValue> values, List<TemplateProblem> problems, Func<LocalText, string> language)
    {
        var template = type.Template;
        var kinds = template.Variables.ToDictionary(v => v.Name, v => v.Kind, StringComparer.Ordinal);
        var filled = values.ToDictionary(v => v.Key, v => new TemplateValue(kinds[v.Key], JsonSerializer.SerializeToElement(language(v.Value.Text), Relaxed)), StringComparer.Ordinal);
        return new TemplateExpansion(template, problems).Expand(filled);
    }

    private static JsonNode? Join(JsonNode? chinese, JsonNode? english, string member) => (chinese, english) switch
    {
        (JsonObject zh, JsonObject en) when IsText(zh) && IsText(en) => new JsonObject { ["zh"] = zh["zh"]!.DeepClone(), ["en"] = en["en"]!.DeepClone() },
        (JsonObject zh, JsonObject en) => new JsonObject(zh.Select(m => KeyValuePair.Create(m.Key, Join(m.Value, en[m.Key], m.Key)))),
        (JsonArray zh, JsonArray en) => new JsonArray([.. zh.Select((item, i) => Join(item, i < en.Count ? en[i] : item, member))]),
        // An address opens the same page for all.
        (JsonValue zh, JsonValue en) when member != "url" && zh.GetValueKind() == JsonValueKind.String && zh.ToString() != en.ToString() => new JsonObject { ["zh"] = zh.ToString(), ["en"] = en.ToString() },
        _ => chinese?.DeepClone(),
    };

    private static bool IsText(JsonObject node) => node.Count is 1 or 2 && node["zh"] is JsonValue && node["en"] is JsonValue;
}
