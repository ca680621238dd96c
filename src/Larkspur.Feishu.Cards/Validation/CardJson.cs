using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Strict reading of a card's text: one JSON value, no comments, no trailing commas, bounded depth, no broken UTF-16.</summary>
internal static class CardJson
{
    /// <summary>Five containers need 23 levels; the rest is room for chart specs and callback values.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>As people write it, for texts that go into a file or an editor and not into HTML.</summary>
    public static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions WithDuplicates = new() { MaxDepth = MaxDepth };

    /// <summary>Parses; what is wrong goes into <paramref name="inspection"/>. Null when nothing can be read.</summary>
    public static JsonDocument? Parse(string json, CardInspection inspection)
    {
        if (HasLoneSurrogate(json))
        {
            inspection.Error(CardRules.Json, "The text holds half of a surrogate pair, which no UTF-8 can carry.", "Cut texts at whole characters (runes), not at UTF-16 units.");
            return null;
        }

        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (JsonException strict)
        {
            return ParseWithDuplicates(json, strict, inspection);
        }
    }

    private static JsonDocument? ParseWithDuplicates(string json, JsonException strict, CardInspection inspection)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, WithDuplicates);
        }
        catch (JsonException)
        {
            inspection.BrokenLine = (int)(strict.LineNumber ?? 0) + 1;
            var deep = strict.Message.Contains("maximum", StringComparison.OrdinalIgnoreCase);
            inspection.Error(
                deep ? CardRules.TooDeep : CardRules.Json,
                deep ? $"The JSON is nested deeper than {MaxDepth} levels." : $"The text is not JSON: it breaks at line {strict.LineNumber + 1}, byte {strict.BytePositionInLine + 1}.",
                deep ? "Flatten it: containers may be nested five deep." : "Write cards with CardBuilder or a JSON serialiser, not by joining strings.");
            return null;
        }

        FindDuplicates(document.RootElement, inspection);
        return document;
    }

    private static void FindDuplicates(JsonElement element, CardInspection inspection)
    {
        if (inspection.IsFull) return;
        if (element.ValueKind == JsonValueKind.Object)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in element.EnumerateObject())
            {
                inspection.Path.Push(property.Name);
                if (!seen.Add(property.Name))
                {
                    inspection.Error(CardRules.DuplicateProperty,
                        $"{CardInspection.Quote(property.Name)} stands twice in one object; readers disagree about which of them counts.",
                            "Keep one.", CardEdit.Remove);
                }

                FindDuplicates(property.Value, inspection);
                inspection.Path.Pop();
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                inspection.Path.Push(index++);
                FindDuplicates(item, inspection);
                inspection.Path.Pop();
            }
        }
    }

    /// <summary>Half a pair, as a character or as an escape: JsonElement would throw when such a string is read.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<char> json)
    {
        var high = false;
        for (var i = 0; i < json.Length; i++)
        {
            var unit = json[i];
            if (unit == '\\' && i + 1 < json.Length)
            {
                var escape = json[i + 1];
                if (escape != 'u' || i + 5 >= json.Length || !ushort.TryParse(json.Slice(i + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
                {
                    if (high) return true;
                    i++;
                    continue;
                }

                unit = (char)code;
                i += 5;
            }

            if (high != char.IsLowSurrogate(unit)) return true;
            high = char.IsHighSurrogate(unit);
        }

        return high;
    }

    /// <summary>Size in UTF-8, without making the bytes.</summary>
    public static int Utf8Length(string json) => Encoding.UTF8.GetByteCount(json);
}
