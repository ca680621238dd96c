using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>Reads the number that begins with a group of digits: a whole one or none, never a part of a longer one.</summary>
internal static class NumberReader
{
    /// <summary>Reads it.</summary>
    /// <param name="window">The text.</param>
    /// <param name="at">The first digit of a group.</param>
    /// <param name="kinds">What is looked for.</param>
    /// <param name="lastEnd">Where what was found before it ended, or -1.</param>
    /// <param name="labelled">Only what follows a label and an equals sign: within a web address.</param>
    /// <param name="found">Where it is. A country's prefix is no part of it.</param>
    public static bool Read(ref TextWindow window, int at, IReadOnlySet<PersonalData> kinds, int lastEnd, bool labelled, out MaskedSpan found)
    {
        found = default;
        if (!MayBegin(window[at], window[at + 1])) return false;
        var chain = DigitChain.Read(ref window, at);
        if (!Recognise(ref window, chain, out var kind, out var from, out var next, out var end) || !kinds.Contains(kind)) return false;
        var grouped = IsGrouped(chain, from, next);
        if (labelled && !IsParameter(ref window, at, kind)) return false;
        if (!labelled && !Surroundings.LeftAllows(ref window, at, kind, grouped, lastEnd) || !Surroundings.RightAllows(ref window, chain, next, end, kind, grouped)) return false;
        if (window[end] == '@' && kinds.Contains(PersonalData.Email) && EmailAddress.Read(ref window, LastGroup(chain, next)) > 0) return false;
        found = new MaskedSpan(chain.At(from), end - chain.At(from), kind);
        return true;
    }

    // The first two digits tell most numbers that are of no kind at a glance: they are neither read further nor held back.
    private static bool MayBegin(char first, char second) => first switch
    {
        _ when second == Folding.Unseen => true,
        _ when !Folding.IsDigit(second) => false,
        '0' => second == '0',
        '1' => second != '0',
        '2' => second is >= '1' and <= '7',
        '7' => second == '1',
        '8' => second is '1' or '2' or '3' or '6',
        _ => true,
    };

    // What the digits are, by themselves. The longer one first; the one with more evidence before the other of its length.
    private static bool Recognise(ref TextWindow window, in DigitChain chain, out PersonalData kind, out int from, out int next, out int end)
    {
        (kind, from, next, end) = (default, 0, 0, 0);
        if (IdCardNumber.Is(ref window, chain, 0, out end, out next))
        {
            kind = PersonalData.IdCard;
            return true;
        }

        next = BankCardNumber.LengthAt(chain, 0);
        if (next > 0)
        {
            kind = PersonalData.BankCard;
        }
        else if (IdCardNumber.IsOld(chain, 0))
        {
            kind = PersonalData.IdCard;
            next = IdCardNumber.OldLength;
        }
        else
        {
            kind = PersonalData.Mobile;
            from = MobileNumber.Prefix(chain);
            if (from > 0 && chain.GapBefore(from) == Gap.Dot || !MobileNumber.Is(chain, from, from > 0)) return false;
            next = from + MobileNumber.Length;
        }

        end = chain.At(next - 1) + 1;
        return true;
    }

    // phone=138…, phone=+86138…, phone=%2B86138…
    private static bool IsParameter(ref TextWindow window, int at, PersonalData kind)
    {
        var value = at;
        if (window[value - 1] == '+') value--;
        else if (window[value - 1] is 'B' or 'b' && window[value - 2] == '2' && window[value - 3] == '%') value -= 3;
        return window[value - 1] == '=' && Labels.Before(ref window, value - 1, kind);
    }

    private static bool IsGrouped(in DigitChain chain, int from, int next)
    {
        for (var i = from + 1; i < next; i++)
        {
            if (chain.IsBorder(i)) return true;
        }

        return false;
    }

    private static int LastGroup(in DigitChain chain, int next)
    {
        var first = next - 1;
        while (!chain.IsBorder(first)) first--;
        return chain.At(first);
    }
}
