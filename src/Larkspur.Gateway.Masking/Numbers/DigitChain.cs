using System.Runtime.CompilerServices;
using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking.Numbers;

/// <summary>What stands between two digits of a chain.</summary>
internal enum Gap
{
    /// <summary>Nothing that can be seen.</summary>
    None,

    /// <summary>One or two blanks, or a dash with a blank beside it.</summary>
    Blank,

    /// <summary>A dash.</summary>
    Hyphen,

    /// <summary>A full stop.</summary>
    Dot,
}

/// <summary>Digits in a row, with the gaps that people leave when they write a long number; groups are what lies between gaps.</summary>
internal struct DigitChain
{
    /// <summary>Digits that are read at most: a prefix of four, the longest number, the longest one after it, and one that tells that this one goes on.</summary>
    public const int Max = 44;

    /// <summary>Unseen characters between two digits: two are an accident of copying, more of them are no number.</summary>
    public const int MaxUnseen = 2;
    private const int MaxBlanks = 2;

    private Digits _digits;
    private Places _at;
    private Gaps _gaps;

    /// <summary>How many digits there are.</summary>
    public int Count { get; private set; }

    /// <summary>The digit's value.</summary>
    public readonly int this[int index] => _digits[index];

    /// <summary>Where it stands.</summary>
    public readonly int At(int index) => _at[index];

    /// <summary>What stands before it; before the first one and past the last one a blank, which is where a group begins.</summary>
    public readonly Gap GapBefore(int index) => index == 0 || index >= Count ? Gap.Blank : _gaps[index];

    /// <summary>A group begins with it, or the chain ends before it.</summary>
    public readonly bool IsBorder(int index) => GapBefore(index) != Gap.None;

    /// <summary>Digits of the group that begins with this one.</summary>
    public readonly int GroupLength(int index)
    {
        var end = index + 1;
        while (!IsBorder(end)) end++;
        return end - index;
    }

    /// <summary>The digits as one number; at most 18 of them.</summary>
    public readonly long Value(int from, int count)
    {
        var value = 0L;
        for (var i = from; i < from + count; i++) value = value * 10 + _digits[i];
        return value;
    }

    /// <summary>Reads as much as there is, at most <see cref="Max"/> digits.</summary>
    /// <param name="window">The text.</param>
    /// <param name="at">The first digit.</param>
    public static DigitChain Read(ref TextWindow window, int at)
    {
        var chain = new DigitChain();
        var gap = Gap.Blank;
        for (var next = at; chain.Count < Max && next >= 0; next = Next(ref window, next + 1, out gap))
        {
            chain._digits[chain.Count] = (byte)(window[next] - '0');
            chain._at[chain.Count] = next;
            chain._gaps[chain.Count++] = gap;
        }

        return chain;
    }

    // Where the next digit of the chain stands, or -1.
    private static int Next(ref TextWindow window, int at, out Gap gap)
    {
        gap = Gap.None;
        at = PastUnseen(ref window, at);
        var blanks = Blanks(ref window, ref at);
        if (blanks > 0) gap = Gap.Blank;
        if (window[at] == '-')
        {
            at++;
            gap = Blanks(ref window, ref at) > 0 || blanks > 0 ? Gap.Blank : Gap.Hyphen;
        }
        else if (blanks == 0 && window[at] == '.')
        {
            at++;
            gap = Gap.Dot;
        }

        if (gap != Gap.None) at = PastUnseen(ref window, at);
        return Folding.IsDigit(window[at]) ? at : -1;
    }

    private static int Blanks(ref TextWindow window, ref int at)
    {
        var blanks = 0;
        while (blanks < MaxBlanks && window[at] == ' ')
        {
            at++;
            blanks++;
        }

        return blanks;
    }

    private static int PastUnseen(ref TextWindow window, int at)
    {
        for (var unseen = 0; unseen < MaxUnseen && window[at] == Folding.Unseen; unseen++) at++;
        return at;
    }

    [InlineArray(Max)]
    private struct Digits
    {
        private byte _first;
    }

    [InlineArray(Max)]
    private struct Places
    {
        private int _first;
    }

    [InlineArray(Max)]
    private struct Gaps
    {
        private Gap _first;
    }
}
