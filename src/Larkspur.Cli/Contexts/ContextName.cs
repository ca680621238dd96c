using System.CommandLine;
using System.CommandLine.Parsing;

namespace Larkspur.Cli.Contexts;

/// <summary>Names of contexts: words that need no quotes.</summary>
internal static class ContextName
{
    private const int Longest = 80;

    public const string Rule = "letters, digits and . _ : -, up to 80";

    public static bool IsOne(string name) =>
        name.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || ".-_:".Contains(c, StringComparison.Ordinal));

    public static void Check(SymbolResult result, IReadOnlyList<Token> tokens)
    {
        if (tokens.Count == 1 && !IsOne(tokens[0].Value)) result.AddError($"\"{tokens[0].Value}\" is no name of a context: {Rule}.");
    }

    /// <summary>The name that an address has unless it is given one.</summary>
    public static string Of(Uri address) => address.IsDefaultPort ? address.Host.Trim('[', ']')
        : $"{address.Host.Trim('[', ']')}:{address.Port}";

    public static Argument<string> Argument(string help, ArgumentArity? arity = null)
    {
        var name = new Argument<string>("name") { Description = help };
        if (arity is { } many) name.Arity = many;
        name.Validators.Add(result => Check(result, result.Tokens));
        return name;
    }
}
