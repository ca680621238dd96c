using System.Text;
using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking;

/// <summary>Masks a text that grows, without ever showing a part of what turns out to be personal. Not for several threads at once.</summary>
/// <remarks>
/// What it gives, put together, is what <see cref="Masker.Mask(string)"/> gives for the whole text, wherever it was cut. It holds back what may still become personal: usually the last
/// word or number, at most <see cref="MaxHeld"/> characters; with an expression of one's own, its reach and a quarter more.
/// </remarks>
internal sealed class StreamMasker
{
    /// <summary>Characters held back at most by kinds of personal data and by words: the longest mail address is 318, the longest row of digits with gaps is less than 512.</summary>
    public const int MaxHeld = 512;

    private readonly Masker _masker;
    private readonly MaskCounts _counts = new();
    private IFinder[] _finders;
    private SpanQueue _queue;
    private char[] _text = new char[256];
    private int _start;
    private int _length;
    private int _shown;
    private bool _ended;

    internal StreamMasker(Masker masker)
    {
        _masker = masker;
        _finders = masker.Finders();
        _queue = new SpanQueue(masker.Policy.Custom);
    }

    /// <summary>How much was masked in what has been given so far, since the beginning or the last replacement.</summary>
    public MaskCounts Counts => _counts;

    /// <summary>Characters that are held back.</summary>
    public int Held => Math.Max(0, _start + _length - _shown);

    /// <summary>Characters looked at: a measure of work.</summary>
    internal long Looks { get; private set; }

    /// <summary>Takes a piece of the text.</summary>
    /// <returns>What may be shown by now, to be added to what was given before; often less or more than the piece, and it may be empty.</returns>
    /// <exception cref="InvalidOperationException">The text has ended.</exception>
    public string Append(string delta)
    {
        if (_ended) throw new InvalidOperationException("The text has ended.");
        if (_finders.Length == 0) return delta;
        Store(delta);
        return Give(isFinal: false);
    }

    /// <summary>The text was written anew: all that was given before is void.</summary>
    /// <returns>What may be shown by now of the new text, in place of what was given before.</returns>
    public string Replace(string text)
    {
        (_start, _length, _shown, _ended) = (0, 0, 0, false);
        _finders = _masker.Finders();
        _queue = new SpanQueue(_masker.Policy.Custom);
        _counts.Clear();
        return Append(text);
    }

    /// <summary>The text ends.</summary>
    /// <returns>The rest; empty the second time.</returns>
    public string End()
    {
        if (_ended) return "";
        _ended = true;
        return Give(isFinal: true);
    }

    private string Give(bool isFinal)
    {
        var window = new TextWindow(_text.AsSpan(0, _length), _start, isFinal);
        var settled = _queue.Advance(_finders, ref window);
        Looks += window.Looks;
        var given = new StringBuilder();
        while (_queue.TryTake(settled, out var span))
        {
            given.Append(window.Slice(_shown, span.Start));
            MaskedForm.Write(span, window.Slice(span.Start, span.End), _masker.Policy.Mark, given);
            _shown = span.End;
            _counts.Add(span);
        }

        var until = Math.Max(settled, _shown);
        // Half a character is none: the other half comes with the next piece.
        if (!isFinal && until > _shown && char.IsHighSurrogate(window.Slice(until - 1, until)[0])) until--;
        given.Append(window.Slice(_shown, until));
        _shown = until;
        Forget(Math.Min(settled, _shown) - TextWindow.LookBack);
        return given.ToString();
    }

    private void Store(string delta)
    {
        if (_length + delta.Length > _text.Length) Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + delta.Length));
        delta.CopyTo(_text.AsSpan(_length));
        _length += delta.Length;
    }

    private void Forget(int before)
    {
        var gone = before - _start;
        if (gone <= 0) return;
        _text.AsSpan(gone, _length - gone).CopyTo(_text);
        (_start, _length) = (before, _length - gone);
    }
}
