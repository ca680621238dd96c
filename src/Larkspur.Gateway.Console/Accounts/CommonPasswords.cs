using System.Collections.Frozen;
using System.Reflection;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>
/// The 10,000 most common passwords of breaches (source and licence: NOTICE), which is what is tried first by whoever guesses.
/// </summary>
internal static class CommonPasswords
{
    private const string Resource = "Larkspur.Gateway.Console.CommonPasswords.txt";

    /// <summary>A known password with fewer characters before or behind it is guessed as fast as the password.</summary>
    private const int Tail = 6;

    /// <summary>What is tried first here, with 12 characters or more, or padded to them.</summary>
    private static readonly string[] Ours =
        ["larkspur", "administrator", "123456789012", "qwertyuiop", "passw0rd", "iloveyou", "letmein", "welcome"];

    // Read at the first password that is judged; most processes judge none.
    private static readonly Lazy<FrozenSet<string>> Known = new(Read);

    /// <summary>
    /// Whether a password is one of them: in whatever case, with a few characters before or behind it, with any number of digits and
    /// signs around it, or repeated.
    /// </summary>
    public static bool Has(string password)
    {
        var plain = password.ToLowerInvariant();
        for (var extra = 0; extra < Tail && extra < plain.Length; extra++)
        {
            if (Known.Value.Contains(plain[..^extra]) || Known.Value.Contains(plain[extra..])) return true;
        }

        return Known.Value.Contains(plain.Trim(Padding)) || Known.Value.Contains(plain.TrimEnd(Padding)) || IsRepeated(plain);
    }

    private static readonly char[] Padding =
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => !char.IsAsciiLetter(c))];

    /// <summary>One of them twice or more: <c>dragondragon</c>.</summary>
    private static bool IsRepeated(string plain)
    {
        for (var length = 1; length <= plain.Length / 2; length++)
        {
            var (word, times) = (plain[..length], plain.Length / length);
            if (string.Concat(Enumerable.Repeat(word, times + 1)).StartsWith(plain, StringComparison.Ordinal)
                && Known.Value.Contains(word)) return true;
        }

        return false;
    }

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!);
        var words = new HashSet<string>(Ours, StringComparer.Ordinal);
        while (reader.ReadLine() is { } line) words.Add(line);
        return words.ToFrozenSet(StringComparer.Ordinal);
    }
}
