using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.Cards.Validation;

namespace Larkspur.Emulator.Feishu.Cards.Templates;

/// <summary>Puts values into a template's <c>${variable}</c>s.</summary>
/// <remarks>
/// A text that is nothing but one variable becomes the value with its own type; inside a longer text the value is written out. A variable
/// without value and default is an empty text, or leaves its property away (UNVERIFIED). The builder's loop containers are not played: no
/// page tells what they look like in JSON.
/// </remarks>
internal static partial class TemplateVariables
{
    public static readonly IReadOnlyList<string> Types = ["string", "number", "boolean", "image", "user", "date", "time", "datetime", "object", "array"];

    public static CardProblem? Validate(CardTemplateVersion version, JsonObject given)
    {
        foreach (var variable in version.Variables)
        {
            if (given[variable.Name] is not { } value) continue;
            var (expected, format) = Wire(variable.Type);
            var actual = Kind(value);
            if (actual != expected)
            {
                return new CardProblem(200732, null,
                    "the actual type of the variable is inconsistent with the specified type in the template. Please check the type of the variable",
                    $"varName: {variable.Name}, specifiedType: {expected}, actualType: {actual}");
            }

            if (format is not null && !DateTime.TryParseExact(value.GetValue<string>(), format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                return new CardProblem(200737, null, "the format of the variable is incorrect. Please check the format of the variable",
                    $"varName: {variable.Name}, specifiedFormat: {format}, actualFormat: {value.GetValue<string>()}");
            }
        }

        return null;
    }

    public static JsonNode? Fill(JsonNode? node, CardTemplateVersion version, JsonObject given)
    {
        JsonNode? ValueOf(string name)
        {
            if (given[name] is { } value) return value.DeepClone();
            return version.Variables.FirstOrDefault(v => v.Name == name)?.Default is { } otherwise ? JsonNode.Parse(otherwise) : null;
        }

        switch (node)
        {
            case JsonObject o:
                var filled = new JsonObject();
                foreach (var (name, inner) in o)
                {
                    var value = Fill(inner, version, given);
                    // A property that a variable without value should have filled is left away.
                    if (value is not null || inner is null) filled[name] = value;
                }

                return filled;
            case JsonArray list:
                return new JsonArray([.. list.Select(i => Fill(i, version, given)).Where(static i => i is not null)]);
            case JsonValue v when v.GetValueKind() == JsonValueKind.String:
                var text = v.GetValue<string>();
                if (Placeholder().Match(text) is { Success: true } whole && whole.Length == text.Length)
                {
                    var declared = version.Variables.FirstOrDefault(x => x.Name == whole.Groups[1].Value)?.Type;
                    return ValueOf(whole.Groups[1].Value) ?? (declared is null or "string" ? JsonValue.Create("") : null);
                }

                return JsonValue.Create(Placeholder().Replace(text, m => ValueOf(m.Groups[1].Value) switch
                {
                    null => "",
                    JsonValue s when s.TryGetValue<string>(out var plain) => plain,
                    var other => other.ToJsonString(),
                }));
            default:
                return node?.DeepClone();
        }
    }

    private static (string Kind, string? Format) Wire(string type) => type switch
    {
        "number" or "boolean" or "object" or "array" => (type, null),
        "date" => ("string", "yyyy-MM-dd"),
        "time" => ("string", "HH:mm"),
        "datetime" => ("string", "yyyy-MM-dd HH:mm"),
        _ => ("string", null),
    };

    private static string Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]{0,63})\}")]
    private static partial Regex Placeholder();
}
