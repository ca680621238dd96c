using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sources.Relational;

/// <summary>Values that databases keep as text.</summary>
internal static class TextForms
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>So many come back from a double as they were, whatever they are.</summary>
    private const int SafeDigits = 15;

    /// <summary>More a double has not.</summary>
    private const int MostDigits = 17;

    private static readonly string[] Dates =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm",
    ];

    private static readonly string[] Instants = [.. Dates.SelectMany(form => form == "yyyy-MM-dd" ? [form]
        : (string[])[form, form + "'Z'", form + "zzz", form + " zzz", form + "zz"])];

    /// <summary>A date and time as ISO 8601 or SQL writes it. What names no zone is UTC, as the databases' own functions take it.</summary>
    public static DateTimeOffset? Instant(string text) => DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? Whole(instant) : null;

    /// <summary>A day, also one with a midnight behind it.</summary>
    public static DateOnly? Date(string text) =>
        DateTime.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.TimeOfDay == TimeSpan.Zero ? DateOnly.FromDateTime(date) : null;

    /// <summary>Canonical values are in milliseconds, cut and never rounded: else what is read would lie behind what was stored.</summary>
    private static DateTimeOffset Whole(DateTimeOffset instant) =>
        new(instant.Ticks - instant.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    /// <summary>A number in digits.</summary>
    /// <param name="text">The number.</param>
    /// <param name="isReal">It comes from a binary one: it is the shortest text of that, and has no digits of its own to lose.</param>
    public static Reading Number(string text, bool isReal)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var near)
            || Canonical.Number(near) is not { } number) return Reading.Not(ValueKind.Number, text);
        if (isReal || Digits(text) is var digits && digits <= SafeDigits) return new(number);
        return digits <= MostDigits && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && Canonical.Number(exact) is { } same ? new(same) : Reading.Not(ValueKind.Number, text, Problems.DigitsLost);
    }

    /// <summary>Digits that count.</summary>
    private static int Digits(string number)
    {
        var mantissa = number.IndexOfAny(['e', 'E']) is >= 0 and var e ? number[..e] : number;
        return mantissa.Trim().Replace(".", "", StringComparison.Ordinal).TrimStart('-', '+', '0').TrimEnd('0').Length;
    }

    /// <summary>A JSON array of texts; false: it is none.</summary>
    public static bool IsSet(string text, out string? set)
    {
        set = null;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Null) return true;
            if (json.RootElement.ValueKind != JsonValueKind.Array
                || json.RootElement.EnumerateArray().Any(member => member.ValueKind != JsonValueKind.String)) return false;
            set = Canonical.Set(json.RootElement.EnumerateArray().Select(member => member.GetString()!));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>People: a JSON array, or one person alone. One alone is also written so, as a column for one has it.</summary>
    public static string? People(string text) => text.StartsWith('[') && IsSet(text, out var set) ? set : Canonical.Set([text.Trim()]);

    /// <inheritdoc cref="People"/>
    public static string OfPeople(string set) => Canonical.AsSet(set) is [var one] && !one.StartsWith('[') && one == one.Trim() ? one : set;

    public static string Json(IEnumerable<string> members) => JsonSerializer.Serialize(members, Plain);
}
