namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>Characters that people take for the same: full-width forms, blanks of all kinds, dashes of all kinds.</summary>
internal static class Folding
{
    /// <summary>Joins digits without being seen. Copied from tables, web pages and address books.</summary>
    public const char Unseen = '\u200B';

    private static readonly char[] Low = [.. Enumerable.Range(0, 0x100).Select(static c => c switch { 0xA0 => ' ', 0xAD => Unseen, _ => (char)c })];

    /// <summary>The ASCII character that it stands for, or itself.</summary>
    public static char Fold(char c) => c < Low.Length ? Low[c] : c < '\u2000' ? c : Rare(c);

    public static bool IsDigit(char folded) => char.IsAsciiDigit(folded);

    public static bool IsLetter(char folded) => char.IsAsciiLetter(folded);

    /// <summary>Of an address's part before the at sign.</summary>
    public static bool IsLocal(char folded) => char.IsAsciiLetterOrDigit(folded) || folded is '.' or '_' or '-' or '+' or '%' or '\'';

    private static char Rare(char c) => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        '\u3000' or (>= '\u2000' and <= '\u200A') or '\u202F' => ' ',
        (>= '\u2010' and <= '\u2015') or '\u2212' or '\uFE63' or '\uFE58' => '-',
        (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or '\u2060' or '\uFEFF' => Unseen,
        '\uFE6B' => '@',
        _ => c,
    };
}
