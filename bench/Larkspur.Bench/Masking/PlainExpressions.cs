using System.Text.RegularExpressions;

namespace Larkspur.Bench.Masking;

/// <summary>What one finds when one looks for how others do it: an expression for each kind, and no look at what stands beside it.</summary>
internal static partial class PlainExpressions
{
    private static readonly (string Kind, Regex Pattern)[] Kinds = [("email", Email()), ("id_card", IdCard()), ("bank_card", BankCard()), ("mobile", Mobile())];

    /// <summary>What they find: kind, beginning, length. An earlier kind's find is no later kind's.</summary>
    public static IReadOnlyList<(string Kind, int Start, int Length)> Find(string text)
    {
        var found = new List<(string Kind, int Start, int Length)>();
        foreach (var (kind, pattern) in Kinds)
        {
            var before = found.Count;
            foreach (var match in pattern.EnumerateMatches(text))
            {
                var overlaps = false;
                for (var i = 0; i < before && !overlaps; i++) overlaps = match.Index < found[i].Start + found[i].Length && found[i].Start < match.Index + match.Length;
                if (!overlaps) found.Add((kind, match.Index, match.Length));
            }
        }

        return found;
    }

    /// <summary>The text with what they find replaced, each kind by itself.</summary>
    public static string Mask(string text)
    {
        foreach (var (_, pattern) in Kinds) text = pattern.Replace(text, "***");
        return text;
    }

    [GeneratedRegex(@"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)")]
    private static partial Regex IdCard();

    [GeneratedRegex(@"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)")]
    private static partial Regex BankCard();

    [GeneratedRegex(@"(?<!\d)1[3-9]\d{9}(?!\d)")]
    private static partial Regex Mobile();
}
