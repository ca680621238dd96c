namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>The part of a growing text that is at hand. Positions are those of the whole text.</summary>
/// <remarks>
/// Whoever looks past the end of what has come gets U+0000, as at the end of the text, and leaves the window <see cref="Starved"/>: what he concluded may change when more
/// comes and must be thrown away. So a conclusion that is kept never depends on where the pieces of a stream were cut.
/// </remarks>
internal ref struct TextWindow(ReadOnlySpan<char> text, int start, bool isFinal)
{
    /// <summary>How far back of where it stands a finder may look. A stream keeps as much.</summary>
    public const int LookBack = 48;

    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>The first position at hand.</summary>
    public int Start { get; } = start;

    /// <summary>One past the last position at hand.</summary>
    public readonly int End => Start + _text.Length;

    /// <summary>The text ends here; no more will come.</summary>
    public bool IsFinal { get; } = isFinal;

    /// <summary>Somebody looked past the end of a text that still grows.</summary>
    public bool Starved { get; set; }

    /// <summary>Characters looked at, the measure of work.</summary>
    public long Looks { get; private set; }

    /// <summary>The character there, folded; U+0000 outside of the text.</summary>
    public char this[int at]
    {
        get
        {
            Looks++;
            var index = at - Start;
            if ((uint)index < (uint)_text.Length) return Folding.Fold(_text[index]);
            if (index >= 0 && !IsFinal) Starved = true;
            return '\0';
        }
    }

    /// <summary>Counts characters that were looked at elsewhere.</summary>
    public void Work(int looks) => Looks += looks;

    /// <summary>The word, in lower case, ends before this position and is a whole one. Its length and one more must lie within <see cref="LookBack"/>.</summary>
    public bool HasWordBefore(int end, string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (char.ToLowerInvariant(this[end - word.Length + i]) != word[i]) return false;
        }

        return !char.IsAsciiLetterOrDigit(this[end - word.Length - 1]);
    }

    /// <summary>What stands there, unfolded.</summary>
    public readonly ReadOnlySpan<char> Slice(int from, int to) => _text[(from - Start)..(to - Start)];
}
