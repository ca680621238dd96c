using System;
using System.Collections.Generic;

namespace Larkspur.TextGenerator;

/// <summary>A piece of a text: words, or the place of a value.</summary>
internal sealed class Piece
{
    private Piece(string words, string name, string type, string format, Template? one, Template? many)
    {
        Words = words;
        Name = name;
        Type = type;
        Format = format;
        One = one;
        Many = many;
    }

    /// <summary>What is said as it is; empty for a placeholder.</summary>
    public string Words { get; }

    /// <summary>The placeholder's name; empty for words.</summary>
    public string Name { get; }

    /// <summary>The C# type that is said with it; empty: any.</summary>
    public string Type { get; }

    /// <summary>The .NET format that is said with it, like <c>N0</c>.</summary>
    public string Format { get; }

    /// <summary>What is said where the value is 1; null: the value itself is said.</summary>
    public Template? One { get; }

    /// <summary>What is said where it is another one.</summary>
    public Template? Many { get; }

    public static Piece Said(string words) => new(words, "", "", "", null, null);

    public static Piece Value(string name, string type, string format) => new("", name, type, format, null, null);

    public static Piece Counted(string name, string type, string format, Template one, Template many) =>
        new("", name, type, format, one, many);
}

/// <summary>
/// A text, taken apart: <c>{when}</c>, <c>{count:int}</c>, <c>{count:long:N0}</c>, <c>{count|one message|{count} messages}</c>;
/// <c>{{</c> and <c>}}</c> are braces.
/// </summary>
internal sealed class Template
{
    private static readonly string[] Types = { "int", "long", "double", "decimal", "string" };
    private static readonly char[] EndsOfName = { '|', '}', '{' };

    private Template(IReadOnlyList<Piece> pieces) => Pieces = pieces;

    public IReadOnlyList<Piece> Pieces { get; }

    /// <exception cref="FormatException">A brace or a placeholder is wrong; the message says which.</exception>
    public static Template Of(string text)
    {
        var at = 0;
        return Read(text, ref at, "");
    }

    private static Template Read(string text, ref int at, string ends)
    {
        var pieces = new List<Piece>();
        var words = new System.Text.StringBuilder();
        while (at < text.Length && ends.IndexOf(text[at]) < 0)
        {
            var c = text[at++];
            if (c is '{' or '}' && at < text.Length && text[at] == c && !(c == '}' && ends.Length > 0)) at++;
            else if (c == '}') throw new FormatException("a } stands alone; write }} for a brace");
            else if (c == '{')
            {
                if (words.Length > 0) pieces.Add(Piece.Said(words.ToString()));
                words.Clear();
                pieces.Add(Placeholder(text, ref at));
                continue;
            }

            words.Append(c);
        }

        if (words.Length > 0) pieces.Add(Piece.Said(words.ToString()));
        return new Template(pieces);
    }

    private static Piece Placeholder(string text, ref int at)
    {
        var end = text.IndexOfAny(EndsOfName, at);
        if (end < 0 || text[end] == '{') throw new FormatException("a placeholder does not end with }; write {{ for a brace");
        var parts = text.Substring(at, end - at).Split(':');
        var (name, type, format) = (parts[0], parts.Length > 1 ? parts[1] : "", parts.Length > 2 ? parts[2] : "");
        if (!IsParameter(name))
            throw new FormatException($"{{{name}}} is no name for a value: it begins with a small letter and has letters and digits");
        if (parts.Length > 3 || parts.Length > 1 && Array.IndexOf(Types, type) < 0)
        {
            var known = string.Join(", ", Types);
            throw new FormatException($"{{{name}}} has no type that is known: {known}, and after it a format, like {{count:long:N0}}");
        }

        at = end;
        if (text[at++] == '}') return Piece.Value(name, type, format);

        var one = Read(text, ref at, "|}");
        if (at >= text.Length || text[at++] != '|') throw new FormatException($"{{{name}|…}} needs two forms: {{{name}|one|many}}");
        var many = Read(text, ref at, "|}");
        if (at >= text.Length || text[at++] != '}') throw new FormatException($"{{{name}|…}} has more than two forms, or does not end");
        return Piece.Counted(name, type, format, one, many);
    }

    private static bool IsParameter(string name)
    {
        if (name.Length == 0 || name[0] is < 'a' or > 'z') return false;
        foreach (var c in name)
        {
            if (c is not (>= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9')) return false;
        }

        return true;
    }
}
