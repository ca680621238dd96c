using System.Text;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>C# source text with indentation.</summary>
internal sealed class Code
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public Code Line(string text = "")
    {
        if (text.Length > 0) _text.Append(' ', _depth * 4).Append(text);
        _text.Append('\n');
        return this;
    }

    public Code Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
        return this;
    }

    public Code Close(string tail = "")
    {
        _depth--;
        return Line("}" + tail);
    }

    public Code Indented(string text)
    {
        _depth++;
        Line(text);
        _depth--;
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>A C# string literal.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') literal.Append('\\').Append(c);
            else if (c < ' ') literal.Append("\\u").Append(((int)c).ToString("x4"));
            else literal.Append(c);
        }

        return literal.Append('"').ToString();
    }
}
