using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.ApiPipeline;

/// <summary>Reads members of what a client sent; a member of the wrong type is refused, as one that is missing is not.</summary>
internal static class WeComJson
{
    /// <exception cref="WeComRefusal">40058.</exception>
    public static string? Text(JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        _ => throw WeComRefusal.Parameter($"{name} is not a string"),
    };

    /// <summary>Whole numbers; also written as a string, as the platform takes them.</summary>
    /// <exception cref="WeComRefusal">40058.</exception>
    public static long? Number(JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonValue v when v.TryGetValue<long>(out var number) => number,
        JsonValue v when v.TryGetValue<double>(out var number) && number == Math.Truncate(number) && Math.Abs(number) < 1L << 53 => (long)number,
        JsonValue v when v.TryGetValue<string>(out var text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw WeComRefusal.Parameter($"{name} is not a number"),
    };

    public static bool Flag(JsonObject json, string name) => json[name] is JsonValue v && v.TryGetValue<bool>(out var flag) ? flag : Number(json, name) is not (null or 0);

    /// <exception cref="WeComRefusal">40058.</exception>
    public static JsonObject? Object(JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonObject o => o,
        _ => throw WeComRefusal.Parameter($"{name} is not an object"),
    };

    /// <summary>The members of a list, which must be objects.</summary>
    /// <exception cref="WeComRefusal">40058.</exception>
    public static IReadOnlyList<JsonObject>? Objects(JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonArray list => [.. list.Select(i => i as JsonObject ?? throw WeComRefusal.Parameter($"{name} holds no objects"))],
        _ => throw WeComRefusal.Parameter($"{name} is not a list"),
    };

    /// <summary>The members of a list of strings or numbers.</summary>
    /// <exception cref="WeComRefusal">40058.</exception>
    public static IReadOnlyList<string> Texts(JsonObject json, string name) => json[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select(i => i is JsonValue v && v.GetValueKind() is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Number ? i.ToString() : throw WeComRefusal.Parameter($"{name} holds no strings"))],
        _ => throw WeComRefusal.Parameter($"{name} is not a list"),
    };

    public static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>At most so many bytes of UTF-8, cut between characters.</summary>
    public static string Cut(string text, int bytes)
    {
        if (Bytes(text) <= bytes) return text;
        var (length, used) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + rune.Utf8SequenceLength > bytes) break;
            (length, used) = (length + rune.Utf16SequenceLength, used + rune.Utf8SequenceLength);
        }

        return text[..length];
    }

    public static JsonArray List(IEnumerable<string> items) => new([.. items.Select(i => (JsonNode?)i)]);

    public static JsonArray List(IEnumerable<JsonObject> items) => new([.. items.Select(i => (JsonNode?)i)]);
}
