using System.Globalization;
using System.Text;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Tables.Searching;

/// <summary>What a piece of a filter is.</summary>
internal enum FilterTokenKind
{
    End,

    /// <summary>A bare word: a name, a value, <c>and</c>.</summary>
    Word,

    /// <summary>In double quotes: a name or a value, whatever it says.</summary>
    Quoted,

    /// <summary><c>=</c>, <c>!=</c>, <c>&gt;</c>, <c>(</c>, <c>,</c>…</summary>
    Sign,
}

/// <summary>A piece of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its characters, without quotes.</param>
/// <param name="At">Where it begins, from 1.</param>
internal sealed record FilterToken(FilterTokenKind Kind, string Text, int At)
{
    /// <summary>A word of the grammar, in whatever case.</summary>
    public bool Is(string word) => Kind == FilterTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSign(string sign) => Kind == FilterTokenKind.Sign && Text == sign;
}

/// <summary>Takes filters, and lists of names, into pieces.</summary>
internal sealed class FilterScanner(string text, string pointer)
{
    private const string Signs = "()=!<>,";

    private int _next;

    /// <summary>The pieces, the end last.</summary>
    /// <exception cref="RequestRefusedException">A quote is not closed.</exception>
    public List<FilterToken> Read()
    {
        var tokens = new List<FilterToken>();
        do tokens.Add(Next());
        while (tokens[^1].Kind != FilterTokenKind.End);
        return tokens;
    }

    /// <summary>What is wrong, and where.</summary>
    public static RequestRefusedException Wrong(string pointer, FilterToken at, LocalText what) => RequestRefusedException.Malformed(
        pointer == "?filter" ? "bad_filter" : "bad_parameter", pointer,
        TablesTexts.AtPlace(what, at.At.ToString(CultureInfo.InvariantCulture),
            at.Kind == FilterTokenKind.End ? TablesTexts.TheEnd : LocalText.From($"\"{JsonFields.Shown(at.Text)}\"")));

    private FilterToken Next()
    {
        while (_next < text.Length && char.IsWhiteSpace(text[_next])) _next++;
        var at = _next + 1;
        if (_next == text.Length) return new(FilterTokenKind.End, "", at);
        if (text[_next] == '"') return Quoted(at);
        if (Signs.Contains(text[_next], StringComparison.Ordinal))
        {
            var two = _next + 1 < text.Length && text[_next] is '!' or '<' or '>' && text.ElementAtOrDefault(_next + 1) == '=';
            var sign = text.Substring(_next, two ? 2 : 1);
            _next += sign.Length;
            return new(FilterTokenKind.Sign, sign, at);
        }

        var from = _next;
        while (_next < text.Length && !char.IsWhiteSpace(text[_next]) && text[_next] != '"'
            && !Signs.Contains(text[_next], StringComparison.Ordinal)) _next++;
        return new(FilterTokenKind.Word, text[from.._next], at);
    }

    /// <summary>A quote in it is written twice.</summary>
    private FilterToken Quoted(int at)
    {
        var said = new StringBuilder();
        for (_next++; _next < text.Length; _next++)
        {
            if (text[_next] != '"') said.Append(text[_next]);
            else if (text.ElementAtOrDefault(_next + 1) == '"') said.Append(text[_next++]);
            else
            {
                _next++;
                return new(FilterTokenKind.Quoted, said.ToString(), at);
            }
        }

        throw Wrong(pointer, new(FilterTokenKind.End, "", at), TablesTexts.OpenQuote);
    }
}
