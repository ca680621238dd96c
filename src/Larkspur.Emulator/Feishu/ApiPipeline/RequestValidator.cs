using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.Catalogue;
using Microsoft.Extensions.Primitives;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>Validates the fields of a request by the catalogue, as the platform's gateway does (code 99992402).</summary>
/// <remarks>Fields that the catalogue does not know are ignored. The texts of the descriptions are UNVERIFIED, but for "… is required".</remarks>
public static class RequestValidator
{
    public const int MostViolations = 20;

    public static JsonArray Check(
        ApiEndpoint endpoint, IReadOnlyDictionary<string, string> path, IQueryCollection query, JsonObject body, IReadOnlyDictionary<string, UploadedFile> files)
    {
        var violations = new JsonArray();
        foreach (var field in endpoint.PathParams) CheckTexts(field, path.TryGetValue(field.Name, out var v) ? v : default(StringValues), violations);
        foreach (var field in endpoint.Query) CheckTexts(field, query[field.Name], violations);
        var isForm = !endpoint.ContentType.StartsWith("application/json", StringComparison.Ordinal);
        foreach (var field in endpoint.Body)
        {
            if (field.Type == FieldType.File)
            {
                if (field.Required && !files.ContainsKey(field.Name)) Add(violations, field.Name, null, $"{field.Name} is required");
            }
            else if (isForm)
            {
                CheckTexts(field, (body[field.Name] as JsonValue)?.GetValue<string>(), violations);
            }
            else
            {
                CheckNode(field, body[field.Name], field.Name, violations);
            }
        }

        return violations;
    }

    private static void CheckTexts(Field field, StringValues values, JsonArray violations)
    {
        var given = values.Where(v => !string.IsNullOrEmpty(v)).Select(v => v!).ToArray();
        if (given.Length == 0)
        {
            if (field.Required) Add(violations, field.Name, null, $"{field.Name} is required");
            return;
        }

        if (field.ArrayDepth > 0)
        {
            CheckCount(field, given.Length, field.Name, violations);
        }

        foreach (var text in field.ArrayDepth > 0 ? given : given[..1]) CheckText(field, text, violations);
    }

    private static void CheckText(Field field, string text, JsonArray violations)
    {
        var fits = field.Type switch
        {
            FieldType.Int => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            FieldType.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            FieldType.Boolean => text is "true" or "false" or "True" or "False" or "1" or "0",
            _ => true,
        };
        if (!fits)
        {
            Add(violations, field.Name, text, $"{field.Name} must be of type {Name(field.Type)}");
            return;
        }

        if (field.Type is FieldType.Int or FieldType.Number) CheckRange(field, double.Parse(text, CultureInfo.InvariantCulture), field.Name, violations);
        if (field.Type == FieldType.String) CheckLength(field, text, field.Name, violations);
        CheckEnum(field, text, field.Name, violations);
    }

    private static void CheckNode(Field field, JsonNode? node, string path, JsonArray violations, int depth = 0)
    {
        if (violations.Count >= MostViolations) return;
        if (node is null)
        {
            if (field.Required) Add(violations, path, null, $"{path} is required");
            return;
        }

        if (depth < field.ArrayDepth)
        {
            if (node is not JsonArray list)
            {
                Add(violations, path, Shorten(node), $"{path} must be a list");
                return;
            }

            if (depth == 0) CheckCount(field, list.Count, path, violations);
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is { } item) CheckNode(field, item, $"{path}[{i}]", violations, depth + 1);
            }

            return;
        }

        if (!Fits(field.Type, node))
        {
            Add(violations, path, Shorten(node), $"{path} must be of type {Name(field.Type)}");
            return;
        }

        switch (node)
        {
            case JsonObject o when field.Type == FieldType.Object:
                foreach (var inner in field.Fields) CheckNode(inner, o[inner.Name], $"{path}.{inner.Name}", violations);
                break;
            case JsonValue v when field.Type == FieldType.String:
                var text = v.GetValue<string>();
                CheckLength(field, text, path, violations);
                CheckEnum(field, text, path, violations);
                break;
            case JsonValue v when field.Type is FieldType.Int or FieldType.Number:
                CheckRange(field, v.GetValue<JsonElement>().GetDouble(), path, violations);
                CheckEnum(field, v.ToJsonString(), path, violations);
                break;
        }
    }

    private static bool Fits(FieldType type, JsonNode node) => type switch
    {
        FieldType.Object or FieldType.Map => node is JsonObject,
        FieldType.String => node.GetValueKind() == JsonValueKind.String,
        FieldType.Boolean => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        FieldType.Int => node is JsonValue v && v.GetValueKind() == JsonValueKind.Number && v.GetValue<JsonElement>().TryGetInt64(out _),
        FieldType.Number => node.GetValueKind() == JsonValueKind.Number,
        _ => true,
    };

    private static void CheckLength(Field field, string text, string path, JsonArray violations)
    {
        var length = text.EnumerateRunes().Count();
        if (field.MaxLength is { } max && length > max) Add(violations, path, text, $"the max len is {max}");
        if (field.MinLength is { } min && length < min && (length > 0 || field.Required)) Add(violations, path, text, $"the min len is {min}");
        if (field.Pattern is { } pattern && length > 0 && !Matches(pattern, text)) Add(violations, path, text, $"{path} must match {pattern}");
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

    private static void CheckRange(Field field, double number, string path, JsonArray violations)
    {
        if (field.Max is { } max && number > max) Add(violations, path, Text(number), $"the max value is {Text(max)}");
        if (field.Min is { } min && number < min) Add(violations, path, Text(number), $"the min value is {Text(min)}");
    }

    private static void CheckCount(Field field, int count, string path, JsonArray violations)
    {
        if (field.MaxItems is { } max && count > max) Add(violations, path, Text(count), $"the max len is {max}");
        if (field.MinItems is { } min && count < min && (count > 0 || field.Required)) Add(violations, path, Text(count), $"the min len is {min}");
    }

    private static void CheckEnum(Field field, string text, string path, JsonArray violations)
    {
        if (field.Enum.Length == 0 || Array.IndexOf(field.Enum, text) >= 0) return;
        if (text.Length == 0 && !field.Required) return;
        Add(violations, path, text, $"{path} is {(field.Required ? "required" : "optional")}, options: [{string.Join(',', field.Enum)}]");
    }

    private static void Add(JsonArray violations, string field, string? value, string description)
    {
        if (violations.Count >= MostViolations) return;
        var item = new JsonObject { ["field"] = field };
        if (value is not null) item["value"] = value.Length > 200 ? value[..200] : value;
        item["description"] = description;
        violations.Add(item);
    }

    private static string Shorten(JsonNode node) => node.ToJsonString();

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Name(FieldType type) => type.ToString().ToLowerInvariant();
}
