using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Gateway.Syncs.Values;

/// <summary>
/// The one text of a value, whichever side it was read from; null is no value. Reading back what was written must give the same text, else
/// the two sides would overwrite each other for ever (facts B2).
/// </summary>
internal static class Canonical
{
    /// <summary>What <see cref="ValueKind.Boolean"/> has instead of nothing.</summary>
    public const string False = "false";

    public const string True = "true";

    private const string InstantForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string DateForm = "yyyy-MM-dd";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a cell that holds nothing is.</summary>
    public static string? Nothing(ValueKind kind) => kind == ValueKind.Boolean ? False : null;

    public static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text.ReplaceLineEndings("\n");

    public static string Boolean(bool value) => value ? True : False;

    /// <summary>Null: no double holds it without losing digits.</summary>
    public static string? Number(decimal value)
    {
        var near = (double)value;
        var text = Number(near);
        return text is not null && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var back) && back == value
            ? text : null;
    }

    /// <summary>Null: it is infinite, or no number.</summary>
    public static string? Number(double value)
    {
        if (!double.IsFinite(value)) return null;
        // Minus zero is zero.
        var text = (value + 0.0).ToString("R", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString(InstantForm, CultureInfo.InvariantCulture);

    public static string Date(DateOnly date) => date.ToString(DateForm, CultureInfo.InvariantCulture);

    public static string? Set(IEnumerable<string> members)
    {
        string[] sorted = [.. members.Where(member => member.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.Length == 0 ? null : JsonSerializer.Serialize(sorted, Plain);
    }

    public static double AsNumber(string value) => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static DateTimeOffset AsInstant(string value) =>
        DateTimeOffset.ParseExact(value, InstantForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static DateOnly AsDate(string value) => DateOnly.ParseExact(value, DateForm, CultureInfo.InvariantCulture);

    public static string[] AsSet(string? value) => value is null ? [] : JsonSerializer.Deserialize<string[]>(value)!;

    /// <summary>128 bits of SHA-256 over values, each with its length: what differs in the hash differs in a value.</summary>
    public static string Hash(IEnumerable<string?> values)
    {
        var text = new StringBuilder();
        foreach (var value in values) text.Append(value?.Length ?? -1).Append(':').Append(value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
