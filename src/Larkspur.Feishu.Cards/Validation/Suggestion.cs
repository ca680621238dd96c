namespace Larkspur.Feishu.Cards.Validation;

/// <summary>What somebody may have meant.</summary>
internal static class Suggestion
{
    private const int LongestWord = 40;

    /// <summary>The candidate that differs in at most two letters, or null.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length is < 3 or > LongestWord) return null;
        string? best = null;
        var least = 3;
        foreach (var candidate in candidates)
        {
            if (candidate.Length > LongestWord || Math.Abs(candidate.Length - word.Length) >= least) continue;
            var distance = Distance(word, candidate);
            if (distance < least) (best, least) = (candidate, distance);
        }

        return best;
    }

    /// <summary>"Did you mean …? " or a list when it is short.</summary>
    public static string OneOf(string word, IReadOnlyCollection<string> candidates) =>
        Nearest(word, candidates) is { } near ? $"Did you mean \"{near}\"?"
        : candidates.Count <= 16 ? $"Use one of: {string.Join(", ", candidates.Order(StringComparer.Ordinal))}."
        : "Use one of the values in the platform's list.";

    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> row = stackalloc int[LongestWord + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
