using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Larkspur.TextGenerator;

/// <summary>A member of an object: a string, null or another object; texts need nothing else of JSON.</summary>
internal sealed class JsonMember
{
    public JsonMember(string name, Place place, string? text, List<JsonMember>? members)
    {
        Name = name;
        Place = place;
        Text = text;
        Members = members;
    }

    public string Name { get; }

    /// <summary>Where the name stands.</summary>
    public Place Place { get; }

    public string? Text { get; }

    public List<JsonMember>? Members { get; }

    public JsonMember? this[string name] => Members?.Find(member => member.Name == name);
}

/// <summary>Reads JSON and knows where everything stands, so that an error names its line.</summary>
internal sealed class JsonReader
{
    private readonly string _text;
    private int _at;
    private int _line;
    private int _lineStart;

    private JsonReader(string text) => _text = text;

    /// <exception cref="NotJsonException">The file is not an object of strings and objects.</exception>
    public static List<JsonMember> Read(string text)
    {
        var reader = new JsonReader(text);
        reader.Blank();
        var members = reader.Object();
        reader.Blank();
        if (reader._at != text.Length) throw reader.Wrong("there is something after its end");
        return members;
    }

    private List<JsonMember> Object()
    {
        var members = new List<JsonMember>();
        Expect('{');
        Blank();
        while (Peek() != '}')
        {
            if (members.Count > 0)
            {
                Expect(',');
                Blank();
            }

            var place = Here();
            var name = String();
            Blank();
            Expect(':');
            Blank();
            members.Add(Member(name, place));
            Blank();
        }

        _at++;
        return members;
    }

    private JsonMember Member(string name, Place place)
    {
        switch (Peek())
        {
            case '{':
                return new JsonMember(name, place, null, Object());
            case 'n' when string.CompareOrdinal(_text, _at, "null", 0, 4) == 0:
                _at += 4;
                return new JsonMember(name, place, null, null);
            case '"':
                return new JsonMember(name, place, String(), null);
            default:
                throw Wrong("a string or an object is expected here");
        }
    }

    private string String()
    {
        Expect('"');
        var text = new StringBuilder();
        while (true)
        {
            var c = Peek();
            if (c is '\n' or '\r') throw Wrong("a string has to end on its line; write a line break as \\n");
            _at++;
            if (c == '"') return text.ToString();
            text.Append(c == '\\' ? Escaped() : c);
        }
    }

    private char Escaped()
    {
        var c = Peek();
        _at++;
        switch (c)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case '"' or '\\' or '/': return c;
            case 'u' when _at + 4 <= _text.Length
                && ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default: throw Wrong($"\\{c} means nothing");
        }
    }

    private void Blank()
    {
        for (; _at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t'; _at++)
        {
            if (_text[_at] != '\n') continue;
            _line++;
            _lineStart = _at + 1;
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw Wrong("it ends too early");

    private void Expect(char c)
    {
        if (Peek() != c) throw Wrong($"'{c}' is expected, not '{Peek()}'");
        _at++;
    }

    private Place Here() => new(_at, _line, _at - _lineStart);

    private NotJsonException Wrong(string what) => new(what, Here());
}

/// <summary>A file that cannot be read, with the place where reading ended.</summary>
internal sealed class NotJsonException : Exception
{
    public NotJsonException(string what, Place place)
        : base(what) => Place = place;

    public Place Place { get; }
}
