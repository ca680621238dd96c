using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>Types, lists of values, lengths and ranges of single properties.</summary>
internal sealed class ValueRules(CardGrammar grammar, JsonObject card, Findings findings)
{
    /// <returns>Whether the kind of JSON is the wanted one.</returns>
    public bool Fits(CardField field, JsonNode node, string pointer)
    {
        var kind = node.GetValueKind();
        var fits = field.Type switch
        {
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "int" => node is JsonValue v && kind == JsonValueKind.Number && v.TryGetValue<JsonElement>(out var e) && e.TryGetInt64(out _),
            "number" => kind == JsonValueKind.Number,
            "object" or "map" => kind == JsonValueKind.Object,
            _ => field.AnyOf.Count == 0 || field.AnyOf.Any(a => a switch
            {
                "string" => kind == JsonValueKind.String,
                "object" => kind == JsonValueKind.Object,
                _ => true,
            }),
        };
        if (!fits) findings.Structure(pointer, $"invalid type, property: {field.Name}, expected: {(field.AnyOf.Count > 0 ? string.Join(" or ", field.AnyOf) : field.Type)}, actual: {Name(kind)}");
        return fits;
    }

    public void Validate(CardField field, JsonValue value, string pointer)
    {
        if (value.GetValueKind() == JsonValueKind.Number) ValidateNumber(field, value.GetValue<JsonElement>().GetDouble(), pointer);
        else if (value.GetValueKind() == JsonValueKind.String) ValidateText(field, value.GetValue<string>(), pointer);
        else if (field.Enum.Count > 0 && !field.Enum.Contains(value.ToJsonString())) Unlisted(field, value.ToJsonString(), pointer);
    }

    private void ValidateNumber(CardField field, double number, string pointer)
    {
        if (number < field.Min || number > field.Max || (field.Range is { } range && (number < range.Min || number > range.Max)))
        {
            findings.Structure(pointer, $"value out of range, property: {field.Name}, value: {number.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private void ValidateText(CardField field, string text, string pointer)
    {
        if (field.MaxLength is { } most && text.EnumerateRunes().Count() > most) findings.Structure(pointer, $"value too long, property: {field.Name}, limit: {most}");
        if (field.Pattern is { } pattern && !Matches(pattern, text)) findings.Structure(pointer, $"invalid value, property: {field.Name}, value: {text}");
        if (field.Enum.Count == 0 && field.Range is null && field.EnumRef is null) return;
        if (text.Length == 0 || text == field.Default || field.Enum.Contains(text)) return;
        if (field.Range is { } range && IsLength(text, range, field.Percent)) return;
        if (field.EnumRef is { } list)
        {
            // New icons appear all the time; a client without one shows none.
            if (list == "icon" || grammar.Values(list) is not { } known || known.Contains(text)) return;
            if (list == "color" && (text is "default" || text.StartsWith("rgba(", StringComparison.Ordinal) || Own("color", text))) return;
        }

        if (field.Custom is { } custom && Own(custom.Split('.')[^1], text)) return;
        Unlisted(field, text, pointer);
    }

    private void Unlisted(CardField field, string value, string pointer) => findings.Structure(pointer, $"invalid value, property: {field.Name}, value: {value}");

    /// <summary>A value that the card defined for itself in <c>config.style</c>.</summary>
    private bool Own(string kind, string name) => card["config"] is JsonObject config && config["style"] is JsonObject style && style[kind] is JsonObject own && own.ContainsKey(name);

    /// <summary>One to four lengths: <c>12px</c>, <c>4px 12px</c>, also with commas between them.</summary>
    private static bool IsLength(string text, (double Min, double Max) range, bool percent)
    {
        var parts = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length is >= 1 and <= 4 && parts.All(part =>
        {
            var isPercent = part.EndsWith('%');
            var number = isPercent ? part[..^1] : part.EndsWith("px", StringComparison.Ordinal) ? part[..^2] : part;
            if (!double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var length)) return false;
            if (isPercent) return length is >= 0 and <= 100 && (percent || double.IsPositiveInfinity(range.Max));
            return length >= range.Min && length <= range.Max;
        });
    }

    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return true; // The rule could not be checked; the platform's own engine does not backtrack.
        }
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "list",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
