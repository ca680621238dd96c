using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>Finds what a rule's expression matches.</summary>
/// <remarks>
/// An expression may look at any distance, a stream cannot. So the text is cut into blocks by its positions, not by how it came: matches that begin in a block are looked for in a
/// window that ends <see cref="CustomMask.Reach"/> characters after the block. A match longer than that may be cut there. The whole text at once is searched in the same windows.
/// <para>A window may take the rule's time, and a text a few times of it: what comes after that is not looked at, and not shown. So nobody's text holds an answer up, and none slips through.</para>
/// </remarks>
internal sealed class ExpressionFinder(CustomMask rule) : IFinder
{
    /// <summary>Windows that may take all their time.</summary>
    private const int SlowWindows = 4;

    /// <summary>What a text may cost in any case: a long one on a busy machine is not yet hostile.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(2);

    private readonly Regex _pattern = rule.Pattern!;
    private readonly int _step = Step(rule);
    private int _block;
    private int _next;
    private TimeSpan _spent;

    /// <inheritdoc/>
    public int Settled { get; private set; }

    private TimeSpan Patience => _pattern.MatchTimeout * SlowWindows is var own && own > LeastPatience ? own : LeastPatience;

    /// <summary>Length of a block, in characters.</summary>
    public static int Step(CustomMask rule) => Math.Max(16, rule.Reach / 4);

    /// <inheritdoc/>
    public void Advance(ref TextWindow window, List<MaskedSpan> found)
    {
        while (_block < window.End)
        {
            // One more than the reach: a word's border after the longest match can be seen.
            var last = _block + _step + rule.Reach + 1;
            if (last > window.End)
            {
                if (!window.IsFinal) return;
                last = window.End;
            }

            var from = Math.Max(_block, _next);
            if (from < _block + _step && from < last) Search(ref window, from, last, found);
            _block = Math.Min(_block + _step, window.End);
            Settled = _block;
        }
    }

    private void Search(ref TextWindow window, int from, int last, List<MaskedSpan> found)
    {
        if (_spent > Patience)
        {
            Hide(from, last, found);
            return;
        }

        var start = Math.Max(from - 1, 0);
        window.Work(last - start);
        // What is measured is work, like the expression's own time-out: no clock that a test could turn.
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            foreach (var match in _pattern.EnumerateMatches(window.Slice(start, last), from - start))
            {
                if (start + match.Index >= _block + _step) return;
                if (match.Length > 0) Add(start + match.Index, match.Length, found);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // What could not be judged in time is not shown.
            Hide(from, last, found);
        }
        finally
        {
            _spent += TimeProvider.System.GetElapsedTime(begun);
        }
    }

    /// <summary>The rest of the block.</summary>
    private void Hide(int from, int last, List<MaskedSpan> found)
    {
        from = Math.Max(from, _next);
        var until = Math.Min(_block + _step, last);
        if (from < until) Add(from, until - from, found);
    }

    private void Add(int at, int length, List<MaskedSpan> found)
    {
        found.Add(new MaskedSpan(at, length, Kind: null, rule));
        _next = at + length;
    }
}
