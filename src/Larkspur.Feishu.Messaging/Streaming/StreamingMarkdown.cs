using System.Text;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>Markdown that is still being written: made safe to show at any moment, and taken apart where it outgrows a card.</summary>
public static partial class StreamingMarkdown
{
    /// <summary>The text as it can be shown now: an open code fence is closed, and what is cut in the middle at its end (half an emoji, half a tag, half a fence) is left out.</summary>
    /// <remarks>Text that is complete is returned as it is.</remarks>
    public static string Showable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 0 && char.IsHighSurrogate(text[^1])) text = text[..^1];
        var open = CodeFence.OpenIn(text);
        if (open is null)
        {
            // The platform would draw "<font col" as text, and take it back with the next frame.
            if (HalfTag().Match(text) is { Success: true } tag) text = text[..tag.Index];
            return HalfFence().Match(text) is { Success: true } half ? text[..half.Index] : text;
        }

        // A closing fence that is half there would stand in the code.
        if (HalfFence().Match(text) is { Success: true } closing && closing.Index > 0) text = text[..closing.Index];
        return CodeFence.OpenIn(text) is { } fence ? text + (text.EndsWith('\n') ? "" : "\n") + fence.Marks : text;
    }

    /// <summary>The text as a frame shows it: <see cref="Showable"/>, and bold words or inline code wait until they are closed.</summary>
    public static string Growing(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Showable(GrowingMarkdown.WithoutOpenMarks(text));
    }

    /// <summary>Takes mentions out of service: a text that a model or a stranger wrote must not call everybody. Code is left as it is.</summary>
    public static string WithoutMentions(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains('<', StringComparison.Ordinal)) return text;
        var made = new StringBuilder(text.Length + 16);
        CodeFence? open = null;
        foreach (var line in Lines(text))
        {
            var wasOpen = open is not null;
            open = CodeFence.After(open, line);
            made.Append(wasOpen || open is not null ? line : Mention().Replace(line.ToString(), "&#60;$1"));
        }

        return made.ToString();
    }

    /// <summary>Takes a text apart into pages that each fit a card and are complete in themselves: a code fence that a page ends in is closed there and opened again on the next.</summary>
    /// <remarks>Where a page ends depends on the text before it alone: as a text grows, earlier pages stay as they are.</remarks>
    /// <param name="text">Any markdown.</param>
    /// <param name="most">Size of a page by <see cref="Size"/>; at least 200.</param>
    /// <returns>At least one page, which may be empty.</returns>
    public static IReadOnlyList<string> Split(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 200);
        var pages = new List<string>();
        var rest = text;
        while (true)
        {
            var fits = Fitting(rest, most);
            if (fits == rest.Length)
            {
                pages.Add(rest);
                return pages;
            }

            // Room for the fence that may have to be closed.
            var end = Break(rest, Fitting(rest, most - 80));
            var page = rest[..end];
            rest = rest[end..].TrimStart('\n');
            if (CodeFence.OpenIn(page) is { } open)
            {
                page = page.TrimEnd('\n') + "\n" + open.Marks;
                rest = open.Line + "\n" + rest;
            }

            pages.Add(page.TrimEnd('\n'));
        }
    }

    /// <summary>Bytes that a text takes inside a card's JSON: UTF-8, quotes, backslashes and line breaks escaped.</summary>
    public static int Size(ReadOnlySpan<char> text)
    {
        var size = 0;
        foreach (var c in text) size += Bytes(c);
        return size;
    }

    // Half of a surrogate pair is two of its four bytes.
    private static int Bytes(char c) => c switch
    {
        '"' or '\\' or '\n' or '\r' or '\t' => 2,
        < ' ' => 6,
        < '\u0080' => 1,
        < '\u0800' => 2,
        _ when char.IsSurrogate(c) => 2,
        _ => 3,
    };

    private static int Fitting(string text, int most)
    {
        var size = 0;
        for (var i = 0; i < text.Length; i++)
        {
            size += Bytes(text[i]);
            if (size > most) return char.IsLowSurrogate(text[i]) ? i - 1 : i;
        }

        return text.Length;
    }

    /// <summary>The best place to end a page: between paragraphs, else lines, else sentences, else words; not in the first two thirds.</summary>
    private static int Break(string text, int most)
    {
        var least = most * 2 / 3;
        var window = text.AsSpan(least, most - least);
        var paragraph = window.LastIndexOf("\n\n");
        while (paragraph >= 0)
        {
            if (CodeFence.OpenIn(text.AsSpan(0, least + paragraph)) is null) return least + paragraph + 1;
            paragraph = window[..paragraph].LastIndexOf("\n\n");
        }

        if (window.LastIndexOf('\n') is >= 0 and var line) return least + line + 1;
        if (window.LastIndexOfAny("。！？；") is >= 0 and var sentence) return least + sentence + 1;
        if (window.LastIndexOf(' ') is >= 0 and var word) return least + word + 1;
        return char.IsLowSurrogate(text[most]) ? most - 1 : most;
    }

    /// <summary>Lines with their ends.</summary>
    private static LineReader Lines(string text) => new(text);

    [GeneratedRegex("</?[A-Za-z_][^<>\\n]{0,200}$")]
    private static partial Regex HalfTag();

    [GeneratedRegex("(?<=^|\\n) {0,3}(?:`{1,2}|~{1,2})$")]
    private static partial Regex HalfFence();

    [GeneratedRegex("<(/?at(?![A-Za-z_])|/?person(?![A-Za-z_]))", RegexOptions.IgnoreCase)]
    private static partial Regex Mention();

    private ref struct LineReader(string text)
    {
        private readonly string _text = text;
        private int _next;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly LineReader GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next >= _text.Length) return false;
            var end = _text.IndexOf('\n', _next);
            var after = end < 0 ? _text.Length : end + 1;
            Current = _text.AsSpan(_next, after - _next);
            _next = after;
            return true;
        }
    }
}
