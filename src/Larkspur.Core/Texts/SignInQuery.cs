using System.Security.Cryptography;
using System.Text;

namespace Larkspur;

/// <summary>The query with which a platform's sign-in page sends a browser back: the same form on every platform, in somebody else's hands
/// on its way.</summary>
public sealed class SignInQuery
{
    private const int Longest = 8192;
    private const int LongestError = 200;

    private readonly Dictionary<string, string> _told;

    private SignInQuery(Dictionary<string, string> told) => _told = told;

    /// <summary>The page's word for why not, without control characters, 200 of it at most; null: none was given.</summary>
    public string? Error => this["error"] is { } error ? new([.. error.Where(c => !char.IsControl(c)).Take(LongestError)]) : null;

    /// <summary>A value; null: there is none, or it is empty.</summary>
    public string? this[string name] => _told.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Reads a query, with or without its question mark.</summary>
    /// <returns>Null: it is empty, longer than any that a page sends, or has a value twice.</returns>
    public static SignInQuery? Parse(string? query)
    {
        if (string.IsNullOrEmpty(query) || query.Length > Longest) return null;
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int split = part.IndexOf('=', StringComparison.Ordinal);
            if (split > 0 && !told.TryAdd(Decode(part[..split]), Decode(part[(split + 1)..]))) return null;
        }

        return new SignInQuery(told);
    }

    /// <summary>Its state is the one that this browser was sent away with; compared in constant time.</summary>
    /// <exception cref="ArgumentException">There is no expected state: then anybody's code would do.</exception>
    public bool HasState(string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(expected);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(this["state"] ?? ""), Encoding.UTF8.GetBytes(expected));
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
