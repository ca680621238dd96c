using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary>Values of cells as texts of a file, and back. Times are those of the base's zone, as people see them there.</summary>
internal sealed partial class CellText(TimeZoneInfo zone)
{
    private const string Separator = "; ";
    private static readonly string[] Yes = ["true", "yes", "1", "是", "√", "✓", "y"];
    private static readonly string[] No = ["false", "no", "0", "否", "n"];
    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d", "yyyy-M-d", "yyyy.MM.dd", "yyyy年M月d日", "yyyyMMdd"];
    private static readonly string[] Times =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy/M/d H:mm:ss", "yyyy/M/d H:mm"];

    /// <summary>What a text of a file is in a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">The text; not empty.</param>
    /// <returns>The value for the gateway, or what is wrong with the text.</returns>
    public (JsonNode? Value, string? Problem) Read(FieldView field, string text) => field.Type switch
    {
        "number" => Number(text.Trim()) is { } number ? (number, null) : (null, Words.Of("it is no number.", "不是数字。")),
        "checkbox" => Tick(text.Trim()) is { } tick ? (tick, null) : (null, Words.Of("it is neither yes nor no.", "既不是“是”也不是“否”。")),
        "date" => Time(text.Trim()) is { } time ? (time, null)
            : (null, Words.Of("it is no date: write 2026-11-30, or 2026-11-30 09:00.", "不是日期：请写成 2026-11-30 或 2026-11-30 09:00。")),
        "multi_select" or "people" or "group_chat" or "single_link" or "duplex_link" or "files" => (List(text), null),
        "location" => Place(text) is { } place ? (place, null)
            : (null, Words.Of("it is no place: write LONGITUDE,LATITUDE.", "不是位置：请写成“经度,纬度”。")),
        "url" => (Link(text.Trim()), null),
        "text" => (text, null),
        _ => (text.Trim(), null),
    };

    /// <summary>A value as text, for files without types.</summary>
    public string Text(FieldView field, JsonElement value) => Typed(field, value) switch
    {
        null => "",
        bool tick => tick ? "true" : "false",
        DateTime time =>
            time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var text => (string)text,
    };

    /// <summary>A value with its type: text, a number, yes or no, a time; null: nothing.</summary>
    public object? Typed(FieldView field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Number => value.TryGetDecimal(out var exact) ? exact : value.GetDouble(),
        JsonValueKind.String when IsOfTime(field) && value.GetString()!.EndsWith('Z') && value.TryGetDateTimeOffset(out var at) =>
            TimeZoneInfo.ConvertTime(at, zone).DateTime,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => string.Join(Separator, value.EnumerateArray().Select(One)),
        _ => One(value),
    };

    private static bool IsOfTime(FieldView field) => field.Type is "date" or "created_time" or "modified_time" or "formula" or "lookup";

    private static string One(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return value.ValueKind == JsonValueKind.String ? value.GetString()!
            : value.GetRawText();
        if (Member("open_id") is { } person) return Member("name") is { } name ? $"{name} <{person}>" : person;
        if (Member("token") is { } file) return Member("name") is { } called ? $"{called} <{file}>" : file;
        if (Member("link") is { } link) return Member("text") is { } shown && shown != link ? $"{shown} <{link}>" : link;
        return value.TryGetProperty("longitude", out var east) && value.TryGetProperty("latitude", out var north) ? $"{east},{north}"
            : value.GetRawText();

        string? Member(string name) => value.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String
            && found.GetString() is { Length: > 0 } text ? text : null;
    }

    private static JsonNode? Number(string text)
    {
        if (Grouped().IsMatch(text)) text = text.Replace(",", "", StringComparison.Ordinal);
        var style = NumberStyles.Float;
        if (decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var exact)
            && (exact != 0 || !text.Any(c => c is >= '1' and <= '9')))
            return exact;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    private static JsonNode? Tick(string text) => Yes.Contains(text, StringComparer.OrdinalIgnoreCase) ? true
        : No.Contains(text, StringComparer.OrdinalIgnoreCase) ? false : null;

    private JsonNode? Time(string text)
    {
        if (DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && !zone.IsInvalidTime(time))
            return new DateTimeOffset(time, zone.GetUtcOffset(time)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        return Instant().IsMatch(text) ? text : null;
    }

    private static JsonArray List(string text) => new([.. text.Split([';', '；', '\n'],
        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => (JsonNode)InBrackets(one))]);

    /// <summary>A label, and in brackets behind it what counts.</summary>
    private static string InBrackets(string text) => text.EndsWith('>') && text.LastIndexOf('<') is >= 0 and var from
        ? text[(from + 1)..^1] : text;

    private static JsonNode Link(string text) => InBrackets(text) is var link && link != text
        ? new JsonObject { ["link"] = link, ["text"] = text[..text.LastIndexOf('<')].Trim() } : link;

    private static JsonNode? Place(string text) => text.Split([',', '，']) is [var east, var north]
        && decimal.TryParse(east, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
        && decimal.TryParse(north, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
        ? new JsonObject { ["longitude"] = longitude, ["latitude"] = latitude } : null;

    [GeneratedRegex(@"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Instant();
}
