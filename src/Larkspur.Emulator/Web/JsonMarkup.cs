using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Emulator.Web.Cards;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web;

/// <summary>
/// JSON to read: indented, its parts told apart. The platforms like to put JSON into strings of JSON; such a string is shown as what
/// it holds, marked as one, for that is what somebody wants to read.
/// </summary>
internal sealed class JsonMarkup
{
    /// <summary>Strings within strings: beyond, a string stays one.</summary>
    private const int MostInner = 4;

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HtmlWriter _html = new();
    private readonly string _inString;

    private JsonMarkup(string inString) => _inString = inString;

    /// <returns>Null when the text is no JSON object or list, as when it was cut.</returns>
    /// <param name="inString">In the reader's words, the mark of JSON that is a string on the wire.</param>
    public static MarkupString? Of(string text, string inString)
    {
        if (Parse(text) is not { } document) return null;
        using (document)
        {
            var markup = new JsonMarkup(inString);
            markup.Write(document.RootElement, 0, 0);
            return markup._html.ToMarkup();
        }
    }

    private static JsonDocument? Parse(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..]) return null;
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(JsonElement value, int depth, int inner)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                List('{', '}', value.EnumerateObject().ToArray(), depth, member =>
                {
                    Token("j-key", JsonSerializer.Serialize(member.Name, AsWritten));
                    _html.Text(": ");
                    Write(member.Value, depth + 1, inner);
                });
                break;
            case JsonValueKind.Array:
                List('[', ']', value.EnumerateArray().ToArray(), depth, item => Write(item, depth + 1, inner));
                break;
            case JsonValueKind.String:
                WriteString(value.GetString()!, depth, inner);
                break;
            default:
                Token(value.ValueKind == JsonValueKind.Number ? "j-number" : "j-word", value.GetRawText());
                break;
        }
    }

    private void WriteString(string text, int depth, int inner)
    {
        if (inner == MostInner || Parse(text) is not { } held)
        {
            Token("j-text", JsonSerializer.Serialize(text, AsWritten));
            return;
        }

        using (held)
        {
            _html.Open("span", "j-inner", ("data-note", _inString));
            Write(held.RootElement, depth, inner + 1);
            _html.Close("span");
        }
    }

    private void List<T>(char open, char close, T[] items, int depth, Action<T> write)
    {
        _html.Text(open.ToString());
        for (var i = 0; i < items.Length; i++)
        {
            _html.Text(i == 0 ? "\n" : ",\n").Text(new string(' ', 2 * depth + 2));
            write(items[i]);
        }

        if (items.Length > 0) _html.Text("\n").Text(new string(' ', 2 * depth));
        _html.Text(close.ToString());
    }

    private void Token(string kind, string text) => _html.Open("span", kind).Text(text).Close("span");
}
