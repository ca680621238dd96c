using System.Globalization;
using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>Looks into JSON whose shape is not sure: what is not there is undefined, and nothing throws.</summary>
internal static class JsonForms
{
    public static JsonElement Member(this JsonElement json, string name)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : default;

    public static IEnumerable<JsonElement> Items(this JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray()
        : [];

    public static bool IsNothing(this JsonElement json) => json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>A text, or a number as it is written.</summary>
    public static string? TextOf(this JsonElement json, string name) => json.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static bool TryGet(this JsonElement json, out int number)
    {
        number = 0;
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out number);
    }

    /// <summary>A whole number, also one that is text or written with a fraction of zero.</summary>
    public static bool TryGet(this JsonElement json, out long number)
    {
        number = 0;
        if (!json.TryGet(out double value) || Math.Abs(value) >= 1L << 53 || value != Math.Floor(value)) return false;
        number = (long)value;
        return true;
    }

    /// <summary>A number, also one that is text: so the old list sends it, and events.</summary>
    public static bool TryGet(this JsonElement json, out double number)
    {
        number = 0;
        return json.ValueKind switch
        {
            JsonValueKind.Number => json.TryGetDouble(out number) && double.IsFinite(number),
            JsonValueKind.String => double.TryParse(json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
                && double.IsFinite(number),
            _ => false,
        };
    }

    /// <summary>JSON in a text; false: it is none.</summary>
    public static bool TryParse(string text, out JsonElement json)
    {
        json = default;
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text));
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document) || !IsAtEnd(ref reader)) return false;
            json = document.RootElement.Clone();
            document.Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsAtEnd(ref Utf8JsonReader reader) => !reader.Read();
}
