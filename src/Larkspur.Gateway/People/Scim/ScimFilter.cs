namespace Larkspur.Gateway.People.Scim;

/// <summary>A comparison of a filter.</summary>
/// <param name="Path">What is compared.</param>
/// <param name="Operator">eq, co or sw.</param>
/// <param name="Value">With what.</param>
internal sealed record ScimTerm(ScimPath Path, string Operator, string Value);

/// <summary>Filters as far as they are answered: comparisons joined by <c>and</c>. What else RFC 7644 has is
/// <c>invalidFilter</c>.</summary>
internal static class ScimFilter
{
    /// <summary>A filter has no more characters, comparisons, and parentheses within one another: it costs little whatever it is.</summary>
    private const int Longest = 2048;
    private const int MostTerms = 20;
    private const int Deepest = 8;

    /// <summary>The comparisons that must all hold; none for no filter.</summary>
    /// <exception cref="ScimRefusedException"><c>invalidFilter</c>.</exception>
    public static IReadOnlyList<ScimTerm> Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        if (text.Length > Longest) throw ScimRefusedException.Filter($"A filter has at most {Longest} characters.");
        var scanner = new ScimScanner(text);
        var terms = new List<ScimTerm>();
        ReadAll(scanner, terms, 0);
        return scanner.AtEnd ? terms : throw ScimRefusedException.Filter("Comparisons are joined by and; there is no or, and no not.");
    }

    private static void ReadAll(ScimScanner scanner, List<ScimTerm> terms, int depth)
    {
        if (depth > Deepest) throw ScimRefusedException.Filter("There are too many parentheses.");
        do
        {
            if (scanner.Takes('('))
            {
                ReadAll(scanner, terms, depth + 1);
                if (!scanner.Takes(')')) throw ScimRefusedException.Filter("A parenthesis is not closed.");
            }
            else
            {
                terms.Add(Term(scanner));
            }

            if (terms.Count > MostTerms) throw ScimRefusedException.Filter($"A filter has at most {MostTerms} comparisons.");
        }
        while (scanner.Takes("and"));
    }

    private static ScimTerm Term(ScimScanner scanner)
    {
        var path = scanner.Path();
        if (path is { Value: { } inside, Sub: null }) return new(path with { Value = null, Sub = "value" }, "eq", inside);
        var op = scanner.Word().ToLowerInvariant();
        if (op is not ("eq" or "co" or "sw")) throw ScimRefusedException.Filter("There are the operators eq, co and sw.");
        return new(path, op, scanner.Literal());
    }
}
