namespace Larkspur.Feishu.Cards.Validation;

/// <summary>A part of markdown that matters to the validator.</summary>
internal enum MarkdownPart
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>&lt;at …>.</summary>
    Mention,

    /// <summary>&lt;person …>.</summary>
    Person,

    /// <summary>[text](address), &lt;link url=…> or &lt;a href=…>.</summary>
    Link,
}

/// <summary>One pass over markdown of a card; code is skipped, since nothing in it is a tag.</summary>
internal ref struct MarkdownReader(string text)
{
    private const int LongestTag = 2048;

    private int _at;
    private bool _lineStart = true;
    private int _columnsOfLine = -1;

    public MarkdownPart Kind { get; private set; }

    /// <summary>Whom a mention names: id, ids or email.</summary>
    public string? Id { get; private set; }

    /// <summary>The attribute of text messages.</summary>
    public string? TextMessageId { get; private set; }

    public string? Url { get; private set; }

    /// <summary>Tables of the markdown so far: a line of cells above a line of dashes.</summary>
    public int Tables { get; private set; }

    public bool Next()
    {
        while (_at < text.Length)
        {
            var unit = text[_at];
            if (_lineStart) BeginLine();
            if (_at >= text.Length) return false;
            unit = text[_at];
            switch (unit)
            {
                case '\n':
                    _lineStart = true;
                    _at++;
                    continue;
                case '\\':
                    _at += 2;
                    continue;
                case '`':
                    SkipCode();
                    continue;
                case '<' when Tag():
                    return true;
                case ']' when _at + 1 < text.Length && text[_at + 1] == '(':
                    if (Address()) return true;
                    continue;
                default:
                    _at++;
                    continue;
            }
        }

        return false;
    }

    /// <summary>Notices tables, and skips fenced code whole.</summary>
    private void BeginLine()
    {
        _lineStart = false;
        var end = text.IndexOf('\n', _at);
        var line = text.AsSpan(_at, (end < 0 ? text.Length : end) - _at).Trim();
        if (line.StartsWith("```"))
        {
            var close = end < 0 ? -1 : text.IndexOf("\n```", end, StringComparison.Ordinal);
            _at = close < 0 ? text.Length : close + 4;
            _columnsOfLine = -1;
            return;
        }

        if (_columnsOfLine > 0 && line.Length > 2 && line.Contains('-') && !line.ContainsAnyExcept("|-: ") && line.Contains('|')) Tables++;
        _columnsOfLine = line.Count('|');
    }

    private void SkipCode()
    {
        var run = 1;
        while (_at + run < text.Length && text[_at + run] == '`') run++;
        var fence = text.AsSpan(_at, run);
        var from = _at + run;
        var rest = text.AsSpan(from, Math.Min(text.Length - from, LongestTag));
        var close = rest.IndexOf(fence);
        _at = close < 0 ? from : from + close + run;
    }

    private bool Tag()
    {
        var from = _at + 1;
        var rest = text.AsSpan(from, Math.Min(text.Length - from, LongestTag));
        var end = rest.IndexOf('>');
        _at++;
        if (end < 0) return false;
        var inner = rest[..end];
        var blank = inner.IndexOfAny(' ', '\t', '\n');
        var name = blank < 0 ? inner : inner[..blank];
        var attributes = blank < 0 ? default : inner[blank..];
        Kind = name switch
        {
            "at" => MarkdownPart.Mention,
            "person" => MarkdownPart.Person,
            "link" or "a" => MarkdownPart.Link,
            _ => MarkdownPart.None,
        };
        if (Kind == MarkdownPart.None) return false;
        _at = from + end + 1;
        if (Kind == MarkdownPart.Link)
        {
            Url = Attribute(attributes, "url") ?? Attribute(attributes, "href");
            return Url is not null;
        }

        Id = Attribute(attributes, "id") ?? Attribute(attributes, "ids") ?? Attribute(attributes, "email");
        TextMessageId = Attribute(attributes, "user_id") ?? Attribute(attributes, "open_id");
        return true;
    }

    private bool Address()
    {
        var from = _at + 2;
        var rest = text.AsSpan(from, Math.Min(text.Length - from, LongestTag));
        var end = rest.IndexOf(')');
        _at += 2;
        if (end < 0) return false;
        var target = rest[..end].Trim();
        var title = target.IndexOfAny(" \t\n");
        Url = (title < 0 ? target : target[..title]).Trim("<>").ToString();
        _at = from + end + 1;
        Kind = MarkdownPart.Link;

        // ![](img_…) is a picture by key, and $name is an address of 1.0's href.
        return Url.Length > 0 && !Url.StartsWith("img_", StringComparison.Ordinal) && Url[0] != '$';
    }

    private static string? Attribute(ReadOnlySpan<char> attributes, ReadOnlySpan<char> name)
    {
        var from = 0;
        while (from < attributes.Length)
        {
            var found = attributes[from..].IndexOf(name);
            if (found < 0) return null;
            var start = from + found;
            var after = start + name.Length;
            from = after;
            if (start == 0 || !char.IsWhiteSpace(attributes[start - 1])) continue;
            var rest = attributes[after..].TrimStart();
            if (rest.IsEmpty || rest[0] != '=') continue;
            rest = rest[1..].TrimStart();
            if (rest.IsEmpty) return "";
            if (rest[0] is '"' or '\'')
            {
                var close = rest[1..].IndexOf(rest[0]);
                return (close < 0 ? rest[1..] : rest.Slice(1, close)).ToString();
            }

            var end = rest.IndexOfAny(' ', '\t', '/');
            return (name is "url" or "href" ? rest[..(rest.IndexOfAny(' ', '\t') is var e and >= 0 ? e : rest.Length)] : end < 0 ? rest : rest[..end]).ToString();
        }

        return null;
    }
}
