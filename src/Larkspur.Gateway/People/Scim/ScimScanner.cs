using System.Text.Json;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Reads a filter or a path from left to right, each character once (the grammar of RFC 7644, section 3.4.2.2).</summary>
/// <param name="text">The filter or path, bounded by whoever calls.</param>
internal sealed class ScimScanner(string text)
{
    private int _at;

    public bool AtEnd
    {
        get
        {
            Blanks();
            return _at == text.Length;
        }
    }

    /// <summary>Goes over a sign if it is next.</summary>
    public bool Takes(char sign)
    {
        Blanks();
        if (_at == text.Length || text[_at] != sign) return false;
        _at++;
        return true;
    }

    /// <summary>Goes over a word if it is next, whatever its case.</summary>
    public bool Takes(string word)
    {
        Blanks();
        if (string.Compare(text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0) return false;
        var end = _at + word.Length;
        if (end < text.Length && IsOfWord(text[end])) return false;
        _at = end;
        return true;
    }

    /// <summary>A name, an operator, a number, true or false.</summary>
    public string Word()
    {
        Blanks();
        var start = _at;
        while (_at < text.Length && IsOfWord(text[_at])) _at++;
        return _at > start ? text[start.._at] : throw ScimRefusedException.Filter($"A name is missing at character {_at + 1}.");
    }

    /// <summary>An attribute, with a filter in brackets that asks for a type, a value, or both.</summary>
    public ScimPath Path()
    {
        var path = ScimPath.Of(Word());
        if (!Takes('[')) return path;
        do
        {
            var (name, op, value) = (Word().ToLowerInvariant(), Word(), Literal());
            if (!op.Equals("eq", StringComparison.OrdinalIgnoreCase)) throw ScimRefusedException.Filter("In brackets there is eq only.");
            path = name switch
            {
                "type" => path with { Type = value.ToLowerInvariant() },
                "primary" when value.Equals("true", StringComparison.OrdinalIgnoreCase) => path with { Type = "work" },
                "value" => path with { Value = value },
                _ => throw ScimRefusedException.Filter("In brackets there are type, primary and value."),
            };
        }
        while (Takes("and"));
        if (!Takes(']')) throw ScimRefusedException.Filter("A bracket is not closed.");
        if (_at < text.Length && text[_at] == '.')
        {
            _at++;
            path = path with { Sub = Word().ToLowerInvariant() };
        }

        return path;
    }

    /// <summary>A text in quotes as JSON writes it, a number, true, false or null.</summary>
    public string Literal()
    {
        Blanks();
        if (_at == text.Length || text[_at] != '"') return Word();
        var start = _at++;
        while (_at < text.Length && text[_at] != '"') _at += text[_at] == '\\' ? 2 : 1;
        if (_at >= text.Length) throw ScimRefusedException.Filter("A quoted text is not closed.");
        _at++;
        try
        {
            var value = JsonSerializer.Deserialize<string>(text[start.._at])!;
            return value.Contains('\0', StringComparison.Ordinal) ? throw ScimRefusedException.Filter("A quoted text is none.") : value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ScimRefusedException.Filter("A quoted text is none.");
        }
    }

    private void Blanks()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '_' or '-' or '$';
}
