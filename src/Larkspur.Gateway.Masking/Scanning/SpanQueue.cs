namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>Puts what several finders found into one order without overlaps.</summary>
/// <remarks>The one that begins first goes first, of two the longer one, of these the earlier rule. What sticks out of it is a span of its own, so that nothing that was found is shown.</remarks>
internal sealed class SpanQueue(IReadOnlyList<CustomMask> rules)
{
    private readonly List<MaskedSpan> _waiting = [];
    private readonly Comparison<MaskedSpan> _order = (a, b) =>
        a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Length != b.Length ? b.Length.CompareTo(a.Length) : Rank(rules, a).CompareTo(Rank(rules, b));

    private int _next;
    private int _covered;

    /// <summary>Lets the finders go on with what is at hand.</summary>
    /// <returns>Where everything that begins before has been found.</returns>
    public int Advance(IFinder[] finders, ref TextWindow window)
    {
        _waiting.RemoveRange(0, _next);
        _next = 0;
        var known = _waiting.Count;
        var settled = window.End;
        foreach (var finder in finders)
        {
            finder.Advance(ref window, _waiting);
            settled = Math.Min(settled, finder.Settled);
        }

        if (_waiting.Count > known && finders.Length > 1) _waiting.Sort(_order);
        return settled;
    }

    /// <summary>The next span that begins before a position up to which everything has been found.</summary>
    public bool TryTake(int settled, out MaskedSpan span)
    {
        for (; _next < _waiting.Count; _next++)
        {
            span = _waiting[_next];
            if (span.Start >= settled) return false;
            if (span.End <= _covered) continue;
            if (span.Start < _covered) span = span with { Start = _covered, Length = span.End - _covered, Clipped = true };
            _covered = span.End;
            _next++;
            return true;
        }

        span = default;
        return false;
    }

    private static int Rank(IReadOnlyList<CustomMask> rules, MaskedSpan span)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i] == span.Custom) return i;
        }

        return rules.Count;
    }
}
