using System.Globalization;

namespace Larkspur.Gateway.Masking;

/// <summary>How large an expression is once its counted repetitions are written out.</summary>
internal static class PatternSize
{
    private const long TooLarge = int.MaxValue;

    /// <summary>Characters that counted repetitions add: 5 for <c>[ab]{6}</c>, 99 * 100 and more for <c>(a{100}){100}</c>. A text that is no expression is measured as if it were one.</summary>
    public static long Repeated(string pattern)
    {
        // Of each open group: what it matches at most when each part is written out once, and the last of its parts.
        var outer = new Stack<long>();
        var (size, last, added) = (0L, 0L, 0L);
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '(':
                    outer.Push(size);
                    size = last = 0;
                    break;
                case ')':
                    last = size;
                    size = (outer.TryPop(out var before) ? before : 0) + last;
                    break;
                case '{' when Count(pattern, i + 1) is { } counted:
                    var more = Math.Min(TooLarge, last * Math.Max(0, counted.Times - 1));
                    i = counted.End;
                    (size, last, added) = (Math.Min(TooLarge, size + more), Math.Min(TooLarge, last + more), Math.Min(TooLarge, added + more));
                    break;
                case '*' or '+' or '?' or '|' or '^':
                    break;
                default:
                    i = EndOfPart(pattern, i);
                    (size, last) = (size + 1, 1);
                    break;
            }
        }

        return added;
    }

    /// <summary>The number of a counted repetition, of <c>{m,n}</c> the larger, of <c>{m,}</c> m, and where it ends. Null: it is none.</summary>
    private static (long Times, int End)? Count(string pattern, int at)
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0) return null;
        var parts = pattern[at..end].Split(',');
        if (parts.Length > 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least)) return null;
        return (Math.Min(TooLarge, parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : least), end);
    }

    /// <summary>Where a single character, an escape or a class ends.</summary>
    private static int EndOfPart(string pattern, int at)
    {
        if (pattern[at] == '\\') return at + 1;
        if (pattern[at] != '[') return at;
        // A bracket that comes first in its class is one of its characters.
        for (var i = at + (at + 1 < pattern.Length && pattern[at + 1] == '^' ? 3 : 2); i < pattern.Length; i++)
        {
            if (pattern[i] == '\\') i++;
            else if (pattern[i] == ']') return i;
        }

        return pattern.Length;
    }
}
