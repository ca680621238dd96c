using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Larkspur.Feishu.ApiGenerator.Facts;

internal enum JsonKind { Null, Boolean, Number, Text, List, Object }

/// <summary>A parsed JSON value. Numbers keep their text: the generator never calculates with them.</summary>
internal sealed class JsonValue
{
    private static readonly List<JsonValue> NoItems = new();
    private static readonly List<KeyValuePair<string, JsonValue>> NoMembers = new();
    private readonly List<KeyValuePair<string, JsonValue>>? _members;
    private readonly List<JsonValue>? _items;

    private JsonValue(JsonKind kind, string text, List<JsonValue>? items, List<KeyValuePair<string, JsonValue>>? members)
    {
        Kind = kind;
        Text = text;
        _items = items;
        _members = members;
    }

    public JsonKind Kind { get; }

    /// <summary>The text of a string, number or boolean.</summary>
    public string Text { get; }

    public IReadOnlyList<JsonValue> Items => _items ?? NoItems;

    public IReadOnlyList<KeyValuePair<string, JsonValue>> Members => _members ?? NoMembers;

    public bool IsTrue => Kind == JsonKind.Boolean && Text == "true";

    public JsonValue? this[string name]
    {
        get
        {
            if (_members is null) return null;
            foreach (var member in _members)
                if (member.Key == name) return member.Value;
            return null;
        }
    }

    public static JsonValue Scalar(JsonKind kind, string text) => new(kind, text, null, null);

    public static JsonValue List(List<JsonValue> items) => new(JsonKind.List, "", items, null);

    public static JsonValue Object(List<KeyValuePair<string, JsonValue>> members) => new(JsonKind.Object, "", null, members);
}

/// <summary>
/// A small recursive JSON reader. A generator that carried System.Text.Json would have to ship it, and its dependencies, into every
/// compiler and IDE that loads it.
/// </summary>
internal sealed class JsonReader
{
    private readonly string _text;
    private int _at;

    private JsonReader(string text) => _text = text;

    public static JsonValue Parse(string text)
    {
        var reader = new JsonReader(text);
        var value = reader.Value();
        reader.Blank();
        if (reader._at != text.Length) throw reader.Wrong("text after the end");
        return value;
    }

    private JsonValue Value()
    {
        Blank();
        switch (Peek())
        {
            case '{': return Object();
            case '[': return List();
            case '"': return JsonValue.Scalar(JsonKind.Text, String());
            case 't': return Word("true", JsonKind.Boolean);
            case 'f': return Word("false", JsonKind.Boolean);
            case 'n': return Word("null", JsonKind.Null);
            default: return Number();
        }
    }

    private JsonValue Object()
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        _at++;
        Blank();
        while (Peek() != '}')
        {
            if (members.Count > 0) Expect(',');
            Blank();
            var name = String();
            Blank();
            Expect(':');
            members.Add(new KeyValuePair<string, JsonValue>(name, Value()));
            Blank();
        }

        _at++;
        return JsonValue.Object(members);
    }

    private JsonValue List()
    {
        var items = new List<JsonValue>();
        _at++;
        Blank();
        while (Peek() != ']')
        {
            if (items.Count > 0) Expect(',');
            items.Add(Value());
            Blank();
        }

        _at++;
        return JsonValue.List(items);
    }

    private string String()
    {
        Expect('"');
        var end = _text.IndexOfAny(QuoteOrEscape, _at);
        if (end < 0) throw Wrong("a string that does not end");
        if (_text[end] == '"')
        {
            var plain = _text.Substring(_at, end - _at);
            _at = end + 1;
            return plain;
        }

        var text = new StringBuilder();
        while (true)
        {
            var c = Next();
            if (c == '"') return text.ToString();
            text.Append(c == '\\' ? Escaped() : c);
        }
    }

    private char Escaped()
    {
        var c = Next();
        switch (c)
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'u':
                if (_at + 4 > _text.Length) throw Wrong("an escape that does not end");
                var code = ushort.Parse(_text.Substring(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                _at += 4;
                return (char)code;
            default: return c;
        }
    }

    private JsonValue Number()
    {
        var start = _at;
        while (_at < _text.Length && "+-.eE0123456789".IndexOf(_text[_at]) >= 0) _at++;
        if (_at == start) throw Wrong("an unexpected character");
        return JsonValue.Scalar(JsonKind.Number, _text.Substring(start, _at - start));
    }

    private JsonValue Word(string word, JsonKind kind)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0) throw Wrong("an unknown word");
        _at += word.Length;
        return JsonValue.Scalar(kind, word);
    }

    private void Blank()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t') _at++;
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw Wrong("the end of the text");

    private char Next() => _at < _text.Length ? _text[_at++] : throw Wrong("the end of the text");

    private void Expect(char c)
    {
        if (Peek() != c) throw Wrong($"'{Peek()}' instead of '{c}'");
        _at++;
    }

    private FormatException Wrong(string what) => new($"Not JSON at character {_at}: {what}.");

    private static readonly char[] QuoteOrEscape = { '"', '\\' };
}
