using System.Text;
using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking;

/// <summary>What is shown in place of personal data: enough to recognise one's own, not enough to use another's. Separators and widths stay as they are.</summary>
internal static class MaskedForm
{
    private const int LocalMarks = 3;

    /// <summary>Writes it.</summary>
    /// <param name="span">What it is.</param>
    /// <param name="original">What stands there.</param>
    /// <param name="mark">Stands for a hidden character.</param>
    /// <param name="to">Where it is written.</param>
    public static void Write(in MaskedSpan span, ReadOnlySpan<char> original, char mark, StringBuilder to)
    {
        if (span.Custom is { } rule) to.Append(rule.Replacement);
        else if (span.Clipped) Digits(original, 0, 0, mark, to);
        else if (span.Kind == PersonalData.Email) Address(original, mark, to);
        else if (span.Kind == PersonalData.BankCard) Digits(original, 0, 4, mark, to);
        else Digits(original, 3, 4, mark, to);
    }

    // The first and the last ones are shown, and what is no digit or letter: 138****5678, 110***********1234, **** **** **** 1234.
    private static void Digits(ReadOnlySpan<char> original, int first, int last, char mark, StringBuilder to)
    {
        var all = 0;
        foreach (var c in original) all += IsPart(c) ? 1 : 0;
        var at = 0;
        foreach (var c in original)
        {
            if (IsPart(c) && at++ is var index && index >= first && index < all - last) to.Append(Mark(c, mark));
            else to.Append(c);
        }
    }

    // The first character, if it is not the only one, and the domain: a***@example.com. The number of stars says nothing of the length.
    private static void Address(ReadOnlySpan<char> original, char mark, StringBuilder to)
    {
        var sign = original.IndexOfAny('@', '＠', '﹫');
        if (sign > 1) to.Append(original[0]);
        to.Append(Mark(original[0], mark), LocalMarks).Append(original[sign..]);
    }

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(Folding.Fold(c));

    private static char Mark(char hidden, char mark) => mark == '*' && hidden > '~' ? '＊' : mark;
}
