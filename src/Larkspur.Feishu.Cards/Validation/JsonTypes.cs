using System.Globalization;
using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>JSON's types in words.</summary>
internal static class JsonTypes
{
    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    public static string Name(FieldKind kind) => kind switch
    {
        FieldKind.Object or FieldKind.Map => "an object",
        FieldKind.String => "a string",
        FieldKind.Int => "a whole number",
        FieldKind.Number => "a number",
        FieldKind.Boolean => "true or false",
        _ => "a string or an object",
    };

    public static bool Fits(JsonElement value, FieldKind kind) => kind switch
    {
        FieldKind.Object or FieldKind.Map => value.ValueKind == JsonValueKind.Object,
        FieldKind.String => value.ValueKind == JsonValueKind.String,
        FieldKind.Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        FieldKind.Number => value.ValueKind == JsonValueKind.Number,
        FieldKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind is JsonValueKind.String or JsonValueKind.Object,
    };

    /// <summary>The same value in the type that is asked for; null where there is none.</summary>
    public static CardEdit? Converted(JsonElement value, SchemaField field) => (value.ValueKind, field.Kind) switch
    {
        (JsonValueKind.String, FieldKind.Int) when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var whole) =>
            CardEdit.Value(whole.ToString(CultureInfo.InvariantCulture)),
        (JsonValueKind.String, FieldKind.Number) when decimal.TryParse(value.GetString(), NumberStyles.Number,
            CultureInfo.InvariantCulture, out var number) =>
            CardEdit.Value(number.ToString(CultureInfo.InvariantCulture)),
        (JsonValueKind.String, FieldKind.Boolean) when value.GetString() is "true" or "false" => CardEdit.Value(value.GetString()!),
        (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False, FieldKind.String) => CardEdit.Text(value.GetRawText()),
        (JsonValueKind.String, FieldKind.Object) when field.Fields?.Find("tag") is not null && field.Fields.Find("content") is not null =>
            CardEdit.Value($"{{\"tag\": \"plain_text\", \"content\": {value.GetRawText()}}}"),
        _ => null,
    };
}
