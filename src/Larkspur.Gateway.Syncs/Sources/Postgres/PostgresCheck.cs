using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>Words of a check like <c>kind IN ('a', 'b')</c>, which the server writes <c>kind = ANY (ARRAY['a'::text, …])</c>.</summary>
internal static partial class PostgresCheck
{
    public static IReadOnlyList<string> Options(string definition) => Check.Match(definition) is { Success: true } check
        ? [.. Word().Matches(check.Groups[1].Value).Select(word => word.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal))] : [];

    // The text is the company's: it is read in one go, and not tried in every way.
    private static readonly Regex Check = new(
        @"^CHECK \(\(+[^=]*? = ANY \(+ARRAY\[((?:'(?:[^']|'')*'::[a-z ]+(?:, )?)+)\]\)?[^)]*\)+( NOT VALID)?$",
        RegexOptions.NonBacktracking);

    [GeneratedRegex("'((?:[^']|'')*)'::")]
    private static partial Regex Word();
}
