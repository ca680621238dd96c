using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Wire;

/// <summary>Writes JSON byte for byte as <c>JSON.stringify</c> of JavaScript does.</summary>
/// <remarks>
/// The official Node clients check an event's signature over <c>JSON.stringify(parsed body)</c>, so a pushed body has to survive that trip
/// unchanged: no escaped <c>+</c> or CJK, no blanks, integer-like keys first in ascending order, <c>1.0</c> as <c>1</c>.
/// </remarks>
public static class CanonicalJson
{
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject o:
                text.Append('{');
                var first = true;
                foreach (var (key, value) in JavaScriptOrder(o))
                {
                    if (!first) text.Append(',');
                    first = false;
                    WriteString(text, key);
                    text.Append(':');
                    Write(text, value);
                }

                text.Append('}');
                break;
            case JsonArray a:
                text.Append('[');
                for (var i = 0; i < a.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Write(text, a[i]);
                }

                text.Append(']');
                break;
            default:
                WriteValue(text, (JsonValue)node);
                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> JavaScriptOrder(JsonObject o) =>
        o.All(p => ArrayIndex(p.Key) is null)
            ? o
            : o.Where(p => ArrayIndex(p.Key) is not null).OrderBy(p => ArrayIndex(p.Key)).Concat(o.Where(p => ArrayIndex(p.Key) is null));

    private static uint? ArrayIndex(string key) =>
        uint.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index != uint.MaxValue
        && index.ToString(CultureInfo.InvariantCulture) == key ? index : null;

    private static void WriteValue(StringBuilder text, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(text, value.GetValue<string>());
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.ToJsonString()));
                break;
            default:
                text.Append(value.ToJsonString());
                break;
        }
    }

    /// <summary>Integers that a double holds exactly stay as they are; the rest takes JavaScript's shortest form.</summary>
    private static string Number(string raw)
    {
        if (long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) && Math.Abs(integer) <= 1L << 53)
        {
            return integer.ToString(CultureInfo.InvariantCulture);
        }

        var number = double.Parse(raw, CultureInfo.InvariantCulture);
        if (number == 0) return "0";
        if (!double.IsFinite(number)) return "null";
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var e = shortest.IndexOf('E');
        if (e < 0) return shortest;
        var exponent = int.Parse(shortest[(e + 1)..], CultureInfo.InvariantCulture);
        return Math.Abs(number) is >= 1e-6 and < 1e21
            ? Expand(shortest[..e], exponent)
            : shortest[..e] + "e" + (exponent < 0 ? "-" : "+") + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>1.25 and 3 make 1250; 1.25 and -3 make 0.00125.</summary>
    private static string Expand(string mantissa, int exponent)
    {
        var sign = mantissa[0] == '-' ? "-" : "";
        var digits = mantissa.TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        if (exponent < 0) return sign + "0." + new string('0', -exponent - 1) + digits;
        return digits.Length <= exponent + 1 ? sign + digits.PadRight(exponent + 1, '0') : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ':
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                    {
                        text.Append(c).Append(value[++i]);
                    }
                    else if (char.IsSurrogate(c))
                    {
                        text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    }
                    else
                    {
                        text.Append(c);
                    }

                    break;
            }
        }

        text.Append('"');
    }
}
