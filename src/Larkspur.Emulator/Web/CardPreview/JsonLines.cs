using System.Text;
using System.Text.Json;

namespace Larkspur.Emulator.Web.CardPreview;

/// <summary>On which line of a JSON text each value stands, by its pointer.</summary>
internal sealed class JsonLines
{
    /// <summary>A pointer that is longer is not kept: its value counts as standing where the nearest kept one around it does.</summary>
    /// <remarks>A property's name may be as long as the text, and would stand once more before each of ten thousand values in it.</remarks>
    private const int LongestPointer = 400;

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
                    if (places.Peek().Pointer is { } named) lines._lines[named] = line;
                    continue;
                }

                string? pointer = "";
                if (places.TryPeek(out var around))
                {
                    if (around.IsList) around.Name = (++around.Index).ToString();
                    pointer = around.Pointer;
                }

                if (pointer is not null) lines._lines.TryAdd(pointer, line);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) places.Push(new Place(pointer, reader.TokenType == JsonTokenType.StartArray));
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The card's validator says what is wrong with the text; the lines until there hold.
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

    private sealed class Place(string? above, bool isList)
    {
        public bool IsList { get; } = isList;

        public int Index { get; set; } = -1;

        public string Name { get; set; } = "";

        /// <summary><see langword="null"/> when it is too long to be kept.</summary>
        public string? Pointer => above is not null && above.Length + Name.Length < LongestPointer ? $"{above}/{Name}" : null;
    }
}
