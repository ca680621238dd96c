namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>A mobile number of mainland China: eleven digits, 13 to 19 at the beginning. Which of the ranges are given out changes every year, so all count.</summary>
internal static class MobileNumber
{
    public const int Length = 11;

    /// <summary>Digits of the country's prefix at the chain's beginning: 2 for 86, 4 for 0086, 0 for none.</summary>
    public static int Prefix(in DigitChain chain)
    {
        if (chain.Count >= 4 && chain.GapBefore(1) == Gap.None && chain.GapBefore(2) == Gap.None && chain.GapBefore(3) == Gap.None && chain.Value(0, 4) == 86) return 4;
        return chain.Count >= 2 && chain.GapBefore(1) == Gap.None && chain.Value(0, 2) == 86 ? 2 : 0;
    }

    /// <summary>One begins with this digit and is written in a way in which such numbers are written.</summary>
    /// <param name="chain">The digits.</param>
    /// <param name="from">The first one of the number, after the country's prefix.</param>
    /// <param name="prefixed">The prefix stands before it, so the grouping may be any.</param>
    public static bool Is(in DigitChain chain, int from, bool prefixed)
    {
        if (chain.Count - from < Length || chain[from] != 1 || chain[from + 1] < 3 || !chain.IsBorder(from + Length)) return false;
        var groups = 0;
        Span<int> lengths = stackalloc int[4];
        var blank = false;
        var dot = false;
        var hyphen = false;
        for (var at = from; at < from + Length;)
        {
            if (groups == lengths.Length) return false;
            if (at > from)
            {
                blank |= chain.GapBefore(at) == Gap.Blank;
                dot |= chain.GapBefore(at) == Gap.Dot;
                hyphen |= chain.GapBefore(at) == Gap.Hyphen;
            }

            lengths[groups] = chain.GroupLength(at);
            at += lengths[groups++];
        }

        lengths = lengths[..groups];
        if (groups == 1 || lengths.SequenceEqual([3, 4, 4])) return !dot || !blank && !hyphen;
        if (dot) return false;
        // Blanks also part numbers that have nothing to do with each other: 150 pieces, on 20240601.
        if (lengths.SequenceEqual([3, 8])) return prefixed || !blank || !CalendarDay.Is((int)chain.Value(from + 3, 4), (int)chain.Value(from + 7, 2), (int)chain.Value(from + 9, 2));
        return (prefixed || !blank) && (lengths.SequenceEqual([7, 4]) || lengths.SequenceEqual([4, 3, 4]) || lengths.SequenceEqual([4, 4, 3]) || lengths.SequenceEqual([3, 3, 5]) || lengths.SequenceEqual([5, 6]));
    }
}
