using System.Text;
using System.Text.Json;

namespace Larkspur.Emulator.Web.CardPreview;

/// <summary>On which line of a JSON text each value stands, by its pointer.</summary>
internal sealed class JsonLines
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    private JsonLines()
    {
    }

    /// <returns>Lines from 1. A text that breaks off has those of its readable beginning.</returns>
    public static JsonLines Of(string text)
    {
        var lines = new JsonLines();
        var utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 64 });
        var places = new Stack<Place>();
        var (line, counted) = (1, 0);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    places.Pop();
                    continue;
                }

                for (; counted < reader.TokenStartIndex; counted++)
                {
                    if (utf8[counted] == '\n') line++;
                }

                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    places.Peek().Name = reader.GetString()!.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
                    lines._lines[places.Peek().Pointer] = line;
                    continue;
                }

                var pointer = "";
                if (places.TryPeek(out var around))
                {
                    if (around.IsList) around.Name = (++around.Index).ToString();
                    pointer = around.Pointer;
                }

                lines._lines.TryAdd(pointer, line);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) places.Push(new Place(pointer, reader.TokenType == JsonTokenType.StartArray));
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The card's judge says what is wrong with the text; the lines until there hold.
        }

        return lines;
    }

    /// <summary>The line of the value, or of the nearest one around it.</summary>
    public int At(string pointer)
    {
        while (true)
        {
            if (_lines.TryGetValue(pointer, out var line)) return line;
            var cut = pointer.LastIndexOf('/');
            if (cut < 0) return 1;
            pointer = pointer[..cut];
        }
    }

    private sealed class Place(string above, bool isList)
    {
        public bool IsList { get; } = isList;

        public int Index { get; set; } = -1;

        public string Name { get; set; } = "";

        public string Pointer => $"{above}/{Name}";
    }
}
