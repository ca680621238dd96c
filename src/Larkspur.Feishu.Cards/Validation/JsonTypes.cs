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
}
