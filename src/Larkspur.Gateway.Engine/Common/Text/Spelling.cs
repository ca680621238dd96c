namespace Larkspur.Gateway.Common.Text;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class Spelling
{
    /// <summary>The name nearest to a word: at most a third of its letters differ, and no more than <paramref name="most"/>.</summary>
    /// <returns>Null: none is near.</returns>
    public static string? Nearest(string word, IEnumerable<string> names, int most = int.MaxValue)
    {
        var (nearest, least) = ((string?)null, Math.Min(most, Math.Max(1, word.Length / 3)) + 1);
        foreach (var name in names)
        {
            if (Math.Abs(name.Length - word.Length) >= least) continue;
            var distance = Distance(word.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < least) (nearest, least) = (name, distance);
        }

        return nearest;
    }

    /// <summary>
    /// Letters to put in, take out or change, and neighbours to change places. Names are short: the square of their length is nothing.
    /// </summary>
    private static int Distance(string one, string other)
    {
        var (before, above, row) = (new int[other.Length + 1], new int[other.Length + 1], Enumerable.Range(0, other.Length + 1).ToArray());
        for (var i = 1; i <= one.Length; i++)
        {
            (before, above, row) = (above, row, before);
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = one[i - 1] == other[j - 1];
                row[j] = Math.Min(above[j - 1] + (same ? 0 : 1), Math.Min(above[j], row[j - 1]) + 1);
                var swapped = !same && i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                if (swapped) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
        }

        return row[^1];
    }
}
