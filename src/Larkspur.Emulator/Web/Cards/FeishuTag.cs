using System.Net;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>One of the few HTML-like tags that the platform knows inside card markdown, as read from the text.</summary>
internal sealed class FeishuTag : LeafInline
{
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public bool Closing { get; init; }

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}

/// <summary>
/// Reads the platform's tags and nothing else: HTML is switched off in the markdown pipeline, so whatever this parser does not
/// recognise stays text. One pass, no back-tracking.
/// </summary>
internal sealed class FeishuTagParser : InlineParser
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "font", "at", "person", "link", "a", "text_tag", "number_tag", "local_datetime", "br", "hr", "b", "i", "u", "s", "strong", "em", "del",
    };

    public FeishuTagParser() => OpeningCharacters = ['<'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (Read(slice.Text, slice.Start, slice.End) is not { } read) return false;
        processor.Inline = read.Tag;
        slice.Start = read.Next;
        return true;
    }

    internal static (FeishuTag Tag, int Next)? Read(string text, int start, int end)
    {
        var at = start + 1;
        var closing = at <= end && text[at] == '/';
        if (closing) at++;

        var name = Word(text, ref at, end);
        if (!Known.Contains(name)) return null;

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var spaced = Skip(text, ref at, end);
            if (at > end) return null;
            if (text[at] == '>') break;
            if (text[at] == '/' && at < end && text[at + 1] == '>')
            {
                at++;
                break;
            }

            if (!spaced) return null;
            var key = Word(text, ref at, end);
            if (key.Length == 0) return null;
            Skip(text, ref at, end);
            if (at > end || text[at] != '=')
            {
                attributes[key] = "";
                continue;
            }

            at++;
            Skip(text, ref at, end);
            if (Value(text, ref at, end) is not { } value) return null;
            attributes[key] = value;
        }

        return (new FeishuTag { Name = name, Attributes = attributes, Closing = closing }, at + 1);
    }

    private static string Word(string text, ref int at, int end)
    {
        var from = at;
        while (at <= end && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-')) at++;
        return text[from..at];
    }

    private static bool Skip(string text, ref int at, int end)
    {
        var from = at;
        while (at <= end && text[at] is ' ' or '\t' or '\n') at++;
        return at > from;
    }

    private static string? Value(string text, ref int at, int end)
    {
        if (at > end) return null;
        var quote = text[at];
        var from = at;
        if (quote is '"' or '\'')
        {
            var close = text.IndexOf(quote, at + 1, end - at);
            if (close < 0) return null;
            at = close + 1;
            return WebUtility.HtmlDecode(text[(from + 1)..close]);
        }

        while (at <= end && !(text[at] is ' ' or '\t' or '\n' or '>' or '"' or '\'' or '<')) at++;
        return WebUtility.HtmlDecode(text[from..at]);
    }
}
