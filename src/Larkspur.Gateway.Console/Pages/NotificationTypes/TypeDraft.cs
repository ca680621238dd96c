using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.NotificationTypes;

/// <summary>A notification type while it is edited: its parts as they stand in the fields. JSON keeps the form in which it was written.</summary>
internal sealed record TypeDraft
{
    /// <summary>A field longer than this is not read: what the API takes in all is 100 KiB.</summary>
    public const int Longest = 30_000;

    private const int LongestLine = 100;
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public string TitleZh { get; set; } = "";

    public string TitleEn { get; set; } = "";

    public string DescriptionZh { get; set; } = "";

    public string DescriptionEn { get; set; } = "";

    /// <summary>JSON.</summary>
    public string Variables { get; set; } = "";

    /// <summary>JSON.</summary>
    public string Template { get; set; } = "";

    /// <summary>JSON; empty: a notification must name its recipients.</summary>
    public string Recipients { get; set; } = "";

    public bool Decision { get; set; }

    public string QuietHours { get; set; } = "normal";

    /// <summary>Null: a setting switches it.</summary>
    public bool? Enabled { get; set; }

    /// <summary>What a new type begins with: it makes a card already.</summary>
    public static TypeDraft New { get; } = new()
    {
        TitleZh = NotificationTypeTexts.DraftTitle.Chinese, TitleEn = NotificationTypeTexts.DraftTitle.English, Enabled = true,
        Variables = """
            {
              "number": { "type": "text", "required": true, "label": { "zh": "单号", "en": "Number" }, "sample": "NO-2026-0001" },
              "link": { "type": "url", "label": { "zh": "链接", "en": "Link" }, "sample": "https://erp.example.com/NO-2026-0001" }
            }
            """,
        Template = """
            {
              "strings": {
                "head": { "zh": "请查看", "en": "Please have a look" },
                "number": { "zh": "单号", "en": "Number" },
                "open": { "zh": "查看详情", "en": "View details" }
              },
              "message": {
                "title": "${strings.head}",
                "status": "info",
                "facts": [{ "label": "${strings.number}", "value": "${number}" }],
                "actions": [{ "$if": "link", "id": "open", "label": "${strings.open}", "url": "${link}" }]
              }
            }
            """,
    };

    /// <summary>The parts of a definition.</summary>
    /// <param name="definition">As it was given.</param>
    /// <param name="switched">A setting switches it.</param>
    public static TypeDraft Of(JsonElement definition, bool switched)
    {
        var (titleZh, titleEn) = Both(definition, "title");
        var (aboutZh, aboutEn) = Both(definition, "description");
        return new TypeDraft
        {
            TitleZh = titleZh, TitleEn = titleEn, DescriptionZh = aboutZh, DescriptionEn = aboutEn,
            Variables = Json(definition, "variables"), Template = Json(definition, "template"), Recipients = Json(definition, "recipients"),
            Decision = definition.TryGetProperty("decision", out var decision) && decision.ValueKind == JsonValueKind.True,
            QuietHours = definition.TryGetProperty("quiet_hours", out var hours) && hours.ValueKind == JsonValueKind.String ? hours.GetString()! : "normal",
            Enabled = switched ? null : !definition.TryGetProperty("enabled", out var enabled) || enabled.ValueKind != JsonValueKind.False,
        };
    }

    /// <summary>The definition, or what keeps the fields from being one.</summary>
    public JsonElement? Definition(List<TypeFinding> findings)
    {
        var text = new StringBuilder("{\n\"title\": ").Append(Text(TitleZh, TitleEn));
        if (DescriptionZh.Length > 0 || DescriptionEn.Length > 0) text.Append(",\n\"description\": ").Append(Text(DescriptionZh, DescriptionEn));
        text.Append(CultureInfo.InvariantCulture, $",\n\"decision\": {(Decision ? "true" : "false")},\n\"quiet_hours\": {JsonValue.Create(QuietHours).ToJsonString(Relaxed)}");
        if (Enabled is { } on) text.Append(CultureInfo.InvariantCulture, $",\n\"enabled\": {(on ? "true" : "false")}");
        foreach (var (name, json) in new[] { ("recipients", Recipients), ("variables", Variables), ("template", Template) })
        {
            if (string.IsNullOrWhiteSpace(json)) continue;
            if (Problem(name, json) is { } problem) findings.Add(problem);
            else text.Append(CultureInfo.InvariantCulture, $",\n\"{name}\": ").Append(json);
        }

        return findings.Count > 0 ? null : JsonSerializer.Deserialize<JsonElement>(text.Append("\n}").ToString());
    }

    private static TypeFinding? Problem(string field, string json)
    {
        if (json.Length > Longest) return new TypeFinding(field, "", NotificationTypeTexts.TooLong(Longest), null);
        try
        {
            JsonDocument.Parse(json).Dispose();
            return null;
        }
        catch (JsonException e)
        {
            var (line, column) = ((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
            return new TypeFinding(field, "", NotificationTypeTexts.NotJson(line, column), null) { Line = (int)line };
        }
    }

    private static string Text(string zh, string en) => new JsonObject { ["zh"] = zh, ["en"] = en }.ToJsonString(Relaxed);

    private static (string Zh, string En) Both(JsonElement definition, string name)
    {
        if (!definition.TryGetProperty(name, out var given)) return ("", "");
        if (given.ValueKind == JsonValueKind.String) return (given.GetString()!, given.GetString()!);
        return given.ValueKind == JsonValueKind.Object ? (Word("zh"), Word("en")) : ("", "");

        string Word(string language) => given.TryGetProperty(language, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "";
    }

    /// <summary>A member as it was written, moved to the margin; what stands in one long line is laid out.</summary>
    private static string Json(JsonElement definition, string name)
    {
        if (!definition.TryGetProperty(name, out var given) || given.ValueKind == JsonValueKind.Null) return "";
        var raw = given.GetRawText();
        var lines = raw.Split('\n');
        if (lines.Length == 1) return raw.Length <= LongestLine ? raw : JsonSerializer.Serialize(given, Indented);
        var margin = lines.Skip(1).Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart(' ').Length);
        return string.Join('\n', lines.Select((line, i) => i == 0 || line.Length < margin ? line.TrimEnd('\r') : line[margin..].TrimEnd('\r')));
    }
}

/// <summary>Something that is wrong with a draft.</summary>
/// <param name="Field">The field: <c>title</c>, <c>template</c>…; empty: the type as a whole.</param>
/// <param name="Place">Where in it, as a JSON pointer; empty: all of it.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">More about it, or what helps.</param>
internal sealed record TypeFinding(string Field, string Place, LocalText Message, LocalText? Fix)
{
    /// <summary>Where the text breaks; null: the place says where it is.</summary>
    public int? Line { get; init; }

    /// <summary>The card is made all the same.</summary>
    public bool IsWarning { get; init; }
}
