namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>A payment card's number (ISO/IEC 7812): a prefix that is given out, the length that goes with it, and the check digit of Luhn.</summary>
internal static class BankCardNumber
{
    private const int Shortest = 14;
    private const int Longest = 19;

    // The first six digits from and to, and the lengths. Chinese banks have had cards of their own beside UnionPay's 62.
    private static readonly (int From, int To, int Short, int Long)[] Ranges =
    [
        (300000, 305999, 14, 14), (360000, 369999, 14, 14), (380000, 399999, 14, 14), // Diners Club
        (340000, 349999, 15, 15), (370000, 379999, 15, 15), // American Express
        (352800, 358999, 16, 16), // JCB
        (400000, 499999, 16, 16), // Visa
        (405512, 405512, 17, 17), (601428, 601428, 17, 17), // Bank of Communications
        (436700, 436799, 19, 19), (456351, 456351, 19, 19), (601382, 601382, 19, 19), // China Construction Bank, Bank of China
        (510000, 559999, 16, 16), (222100, 272099, 16, 16), // Mastercard
        (601100, 601199, 16, 16), (644000, 659999, 16, 16), // Discover
        (620000, 629999, 16, 19), (810000, 817199, 16, 19), // UnionPay
        (955800, 955999, 19, 19), // ICBC, Agricultural Bank
    ];

    /// <summary>How many digits the card's number has that begins with this one, or 0.</summary>
    public static int LengthAt(in DigitChain chain, int from)
    {
        if (chain.Count - from < Shortest) return 0;
        var prefix = (int)chain.Value(from, 6);
        for (var length = Math.Min(Longest, chain.Count - from); length >= Shortest; length--)
        {
            if (chain.IsBorder(from + length) && IsGiven(prefix, length) && IsWritten(chain, from, length) && Luhn(chain, from, length)) return length;
        }

        return 0;
    }

    private static bool IsGiven(int prefix, int length)
    {
        foreach (var range in Ranges)
        {
            if (prefix >= range.From && prefix <= range.To && length >= range.Short && length <= range.Long) return true;
        }

        return false;
    }

    // In one piece; in fours with a rest; as on the card of American Express and Diners Club; the issuer's six digits and the rest; or halves.
    private static bool IsWritten(in DigitChain chain, int from, int length)
    {
        Span<int> groups = stackalloc int[5];
        var count = 0;
        for (var at = from; at < from + length;)
        {
            if (count == groups.Length || at > from && chain.GapBefore(at) == Gap.Dot) return false;
            groups[count] = chain.GroupLength(at);
            at += groups[count++];
        }

        groups = groups[..count];
        return count == 1
            || groups[..^1].IndexOfAnyExcept(4) < 0 && groups[^1] <= 4
            || groups.SequenceEqual([4, 6, 5]) || groups.SequenceEqual([4, 6, 4])
            || count == 2 && groups[0] is 6 or 8;
    }

    private static bool Luhn(in DigitChain chain, int from, int length)
    {
        var sum = 0;
        for (var i = 0; i < length; i++)
        {
            var digit = chain[from + length - 1 - i];
            sum += i % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }
}
