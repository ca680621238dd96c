using System.Collections.Frozen;
using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>
/// A resident identity card's number. GB 11643-1999: six digits of region, eight of the day of birth, three of sequence, a check character (ISO 7064 MOD 11-2) that may be X.
/// Before: six, six (year in two digits), three, and no check. A foreigner's permanent residence card of 2023 has the same form with a 9 before the region.
/// </summary>
internal static class IdCardNumber
{
    public const int Length = 18;
    public const int OldLength = 15;

    private const int MostGroups = 6;
    private const int ShortestGroup = 2;

    private static readonly FrozenSet<int> Provinces = new[]
    {
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
    }.ToFrozenSet();

    private static ReadOnlySpan<byte> Weights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>A number of 18 characters begins with this digit.</summary>
    /// <param name="window">The text, for the X.</param>
    /// <param name="chain">The digits.</param>
    /// <param name="from">The first one.</param>
    /// <param name="end">Where it ends in the text.</param>
    /// <param name="count">How many of its characters are digits of the chain: 17 before an X.</param>
    public static bool Is(ref TextWindow window, in DigitChain chain, int from, out int end, out int count)
    {
        (end, count) = (0, 0);
        if (chain.Count - from < Length - 1 || !Provinces.Contains((int)chain.Value(from, 2)) && !(chain[from] == 9 && Provinces.Contains((int)chain.Value(from + 1, 2)))) return false;
        if (!CalendarDay.Is((int)chain.Value(from + 6, 4), (int)chain.Value(from + 10, 2), (int)chain.Value(from + 12, 2))) return false;
        var sum = 0;
        for (var i = 0; i < Length - 1; i++) sum += Weights[i] * chain[from + i];
        var check = (12 - sum % 11) % 11;
        if (check == 10)
        {
            count = Length - 1;
            end = chain.At(from + count - 1) + 1;
            if (char.ToUpperInvariant(window[end]) != 'X') return false;
            end++;
            return IsWritten(chain, from, count);
        }

        count = Length;
        if (chain.Count - from < count || chain[from + count - 1] != check || !chain.IsBorder(from + count)) return false;
        end = chain.At(from + count - 1) + 1;
        return IsWritten(chain, from, count);
    }

    /// <summary>A number of 15 digits begins with this one. Nothing but region and day of birth tells it from another number.</summary>
    public static bool IsOld(in DigitChain chain, int from)
    {
        if (chain.Count - from < OldLength || !chain.IsBorder(from + OldLength) || !Provinces.Contains((int)chain.Value(from, 2))) return false;
        if (!CalendarDay.Is(1900 + (int)chain.Value(from + 6, 2), (int)chain.Value(from + 8, 2), (int)chain.Value(from + 10, 2))) return false;
        return chain.GroupLength(from) is OldLength || chain.GroupLength(from) == 6 && chain.GroupLength(from + 6) == 6;
    }

    private static bool IsWritten(in DigitChain chain, int from, int count)
    {
        var groups = 0;
        for (var at = from; at < from + count; groups++)
        {
            var length = chain.GroupLength(at);
            if (groups == MostGroups || length < ShortestGroup || at > from && chain.GapBefore(at) == Gap.Dot) return false;
            at += length;
        }

        return true;
    }
}
