using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>Words of a check like <c>kind IN ('a', 'b')</c>, which the server writes <c>kind = ANY (ARRAY['a'::text, …])</c>.</summary>
internal static partial class PostgresCheck
{
    public static IReadOnlyList<string> Options(string definition) => Check().Match(definition) is { Success: true } check
        ? [.. Word().Matches(check.Groups[1].Value).Select(word => word.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal))] : [];

    [GeneratedRegex(@"^CHECK \(\(+[^=]*? = ANY \(+ARRAY\[((?:'(?:[^']|'')*'::[a-z ]+(?:, )?)+)\]\)?[^)]*\)+( NOT VALID)?$")]
    private static partial Regex Check();

    [GeneratedRegex("'((?:[^']|'')*)'::")]
    private static partial Regex Word();
}
