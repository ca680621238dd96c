using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Tables.Searching;

/// <summary>
/// Reads filters: <c>Status = Open and (Amount &gt; 100 or Due = today)</c>. <c>and</c> binds more closely than <c>or</c>. A name or value
/// with blanks or signs stands in double quotes.
/// </summary>
internal sealed class FilterParser
{
    public const string Pointer = "?filter";
    public const string IsEmpty = "is empty";
    public const string IsNotEmpty = "is not empty";
    public const string Contains = "contains";
    public const string Excludes = "excludes";

    /// <summary>Deeper than any that the platform takes.</summary>
    private const int Deepest = 8;

    private static readonly string[] Signs = ["=", "!=", ">", ">=", "<", "<="];

    private readonly List<FilterToken> _tokens;
    private int _next;
    private int _depth;

    private FilterParser(string text) => _tokens = new FilterScanner(text, Pointer).Read();

    private FilterToken Now => _tokens[_next];

    /// <summary>Reads one.</summary>
    /// <exception cref="RequestRefusedException">It is none; the sentence says where.</exception>
    public static FilterNode Read(string text)
    {
        var parser = new FilterParser(text);
        var read = parser.Group(all: false);
        return parser.Now.Kind == FilterTokenKind.End ? read
            : throw FilterScanner.Wrong(Pointer, parser.Now, TablesTexts.ExpectedJoin);
    }

    private FilterNode Group(bool all)
    {
        var parts = new List<FilterNode> { all ? One() : Group(all: true) };
        while (Now.Is(all ? "and" : "or"))
        {
            _next++;
            parts.Add(all ? One() : Group(all: true));
        }

        return parts.Count == 1 ? parts[0] : new FilterGroup(all, parts);
    }

    private FilterNode One()
    {
        if (!Now.IsSign("(")) return Condition();
        if (++_depth > Deepest) throw FilterScanner.Wrong(Pointer, Now, TablesTexts.TooDeep);
        _next++;
        var inner = Group(all: false);
        if (!Now.IsSign(")")) throw FilterScanner.Wrong(Pointer, Now, TablesTexts.ExpectedClose);
        _next++;
        _depth--;
        return inner;
    }

    private FilterCondition Condition()
    {
        var field = Take(TablesTexts.ExpectedField);
        var at = Now;
        _next++;
        if (at.Kind == FilterTokenKind.Sign && Signs.Contains(at.Text, StringComparer.Ordinal)) return new(field, at.Text,
            [Take(TablesTexts.ExpectedValue)]);
        if (at.Is(Contains) || at.Is(Excludes)) return new(field, at.Is(Contains) ? Contains : Excludes, Several());
        if (!at.Is("is")) throw FilterScanner.Wrong(Pointer, at, TablesTexts.ExpectedOperator);
        var not = Now.Is("not");
        if (not) _next++;
        if (!Now.Is("empty")) throw FilterScanner.Wrong(Pointer, Now, TablesTexts.ExpectedEmpty);
        _next++;
        return new(field, not ? IsNotEmpty : IsEmpty, []);
    }

    private List<FilterToken> Several()
    {
        var values = new List<FilterToken> { Take(TablesTexts.ExpectedValue) };
        while (Now.IsSign(","))
        {
            _next++;
            values.Add(Take(TablesTexts.ExpectedValue));
        }

        return values;
    }

    private FilterToken Take(Common.Localisation.LocalText expected) =>
        Now.Kind is FilterTokenKind.Word or FilterTokenKind.Quoted ? _tokens[_next++] : throw FilterScanner.Wrong(Pointer, Now, expected);
}
