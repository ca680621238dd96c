using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>What stands beside a number decides whether it is one: a longer number, an identifier, an amount, a version are none.</summary>
internal static class Surroundings
{
    // Groups of this length beside a number that is itself in groups are taken for more of the same number.
    private const int ShortGroup = 3;
    private const int LongGroup = 6;

    /// <summary>What stands before the number leaves it one.</summary>
    /// <param name="window">The text.</param>
    /// <param name="at">The first digit, the country's prefix included.</param>
    /// <param name="kind">What it looks like.</param>
    /// <param name="grouped">It has gaps within.</param>
    /// <param name="lastEnd">Where what was found before it ended; it is none of this one's groups.</param>
    public static bool LeftAllows(ref TextWindow window, int at, PersonalData kind, bool grouped, int lastEnd)
    {
        if (at == lastEnd) return true;
        var c = window[at - 1];
        if (Folding.IsLetter(c) || c == '_') return Labels.Before(ref window, at, kind);
        if (IsCurrency(c)) return false;
        switch (c)
        {
            case '.':
                return at - 1 == lastEnd || (Folding.IsDigit(window[at - 2]) ? IsItem(ref window, at - 1) : !window.HasWordBefore(at - 1, "no"));
            case '-':
                var before = window[at - 2];
                return at - 1 == lastEnd || !Folding.IsDigit(before) && (!Folding.IsLetter(before) && before != '_' || Labels.Before(ref window, at - 1, kind));
            case ' ':
                var word = at - 1;
                while (at - word < 3 && window[word - 1] == ' ') word--;
                if (word == lastEnd) return true;
                if (IsCurrency(window[word - 1]) || CurrencyBefore(ref window, word)) return false;
                return !grouped || !IsGroupBefore(ref window, word);
            default:
                return true;
        }
    }

    /// <summary>What stands after the number leaves it one.</summary>
    /// <param name="window">The text.</param>
    /// <param name="chain">The digits.</param>
    /// <param name="next">The first digit after the number, if there is one.</param>
    /// <param name="end">One past its last character.</param>
    /// <param name="kind">What it looks like.</param>
    /// <param name="grouped">It has gaps within.</param>
    public static bool RightAllows(ref TextWindow window, in DigitChain chain, int next, int end, PersonalData kind, bool grouped)
    {
        if (next < chain.Count)
        {
            var length = chain.GroupLength(next);
            return chain.GapBefore(next) switch
            {
                Gap.Blank => !grouped || length is < ShortGroup or > LongGroup || IsNumber(ref window, chain, next),
                // Numbers that delivery services lend out have an extension: 138…-1234.
                Gap.Hyphen => kind == PersonalData.Mobile && length is 3 or 4 && chain.IsBorder(next + length) && IsLast(ref window, chain, next + length) || IsNumber(ref window, chain, next),
                _ => false,
            };
        }

        var c = window[end];
        if (Folding.IsLetter(c)) return kind == PersonalData.Mobile && Labels.After(ref window, end);
        if (Folding.IsDigit(c) || c is '_' or '%') return false;
        if (c == '-' && Folding.IsLetter(window[end + 1])) return Folding.IsLetter(window[end + 2]) && Folding.IsLetter(window[end + 3]);
        if (c == '.' && Folding.IsDigit(window[end + 1])) return false;
        return !IsUnit(ref window, c == ' ' ? end + 1 : end);
    }

    // Of a chain: whether another number of any kind begins with this digit.
    private static bool IsNumber(ref TextWindow window, in DigitChain chain, int from) =>
        MobileNumber.Is(chain, from, prefixed: false) || BankCardNumber.LengthAt(chain, from) > 0 || IdCardNumber.Is(ref window, chain, from, out _, out _);

    private static bool IsLast(ref TextWindow window, in DigitChain chain, int next) =>
        next < chain.Count ? chain.GapBefore(next) == Gap.Blank : !char.IsAsciiLetterOrDigit(window[chain.At(chain.Count - 1) + 1]);

    private static bool IsGroupBefore(ref TextWindow window, int end)
    {
        var length = 0;
        while (length <= LongGroup && Folding.IsDigit(window[end - 1 - length])) length++;
        // The first group of an IBAN: two letters and two digits.
        if (length == 2 && Folding.IsLetter(window[end - 3]) && Folding.IsLetter(window[end - 4])) return true;
        return length is >= ShortGroup and <= LongGroup;
    }

    // A list's number at a line's beginning: 2.138…; anywhere else that is a decimal.
    private static bool IsItem(ref TextWindow window, int dot)
    {
        var digits = 1;
        while (digits <= 2 && Folding.IsDigit(window[dot - 1 - digits])) digits++;
        return digits <= 2 && window[dot - digits] != '0' && window[dot - 1 - digits] is '\0' or '\n' or '\r';
    }

    private static bool IsCurrency(char c) => c is '$' or '¥' or '￥' or '€' or '£' or '\uFFE1';

    private static bool CurrencyBefore(ref TextWindow window, int end) => window.HasWordBefore(end, "usd") || window.HasWordBefore(end, "cny")
        || window.HasWordBefore(end, "rmb") || window.HasWordBefore(end, "eur") || window.HasWordBefore(end, "hkd");

    // An amount's unit. New Year's Day and the Lantern Festival begin with the same character and are none.
    private static bool IsUnit(ref TextWindow window, int at) => window[at] switch
    {
        '元' => window[at + 1] is not ('旦' or '宵'),
        '美' or '港' or '欧' or '日' => window[at + 1] == '元',
        '人' => window[at + 1] == '民' && window[at + 2] == '币',
        'U' => window[at + 1] == 'S' && window[at + 2] == 'D',
        'C' => window[at + 1] == 'N' && window[at + 2] == 'Y',
        'R' => window[at + 1] == 'M' && window[at + 2] == 'B',
        'E' => window[at + 1] == 'U' && window[at + 2] == 'R',
        _ => false,
    };
}
