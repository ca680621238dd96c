namespace Larkspur.Gateway.Common.Text;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class Spelling
{
    /// <summary>The name that is nearest to a word: at most a third of its letters differ.</summary>
    /// <returns>Null: none is near.</returns>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        var (nearest, least) = ((string?)null, Math.Max(1, word.Length / 3) + 1);
        foreach (var name in names)
        {
            if (Math.Abs(name.Length - word.Length) >= least) continue;
            var distance = Distance(word.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < least) (nearest, least) = (name, distance);
        }

        return nearest;
    }

    /// <summary>Letters to put in, take out or change. Names are short: the square of their length is nothing.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var above = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = above + (one[i - 1] == other[j - 1] ? 0 : 1);
                above = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
