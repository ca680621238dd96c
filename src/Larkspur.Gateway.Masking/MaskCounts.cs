namespace Larkspur.Gateway.Masking;

/// <summary>How much was masked, by kind, for metrics and logs. Numbers only, never the data. Not for several threads at once.</summary>
internal sealed class MaskCounts
{
    private readonly SortedDictionary<string, int> _byName = new(StringComparer.Ordinal);

    /// <summary>How many of a kind.</summary>
    public int this[PersonalData kind] => _byName.GetValueOrDefault(kind.Name());

    /// <summary>How many of each, by the name of the kind or of the custom rule. What was not met is not listed.</summary>
    public IReadOnlyDictionary<string, int> ByName => _byName;

    /// <summary>All together.</summary>
    public int Total { get; private set; }

    /// <summary>Adds a span that was masked.</summary>
    public void Add(MaskedSpan span)
    {
        _byName[span.Name] = _byName.GetValueOrDefault(span.Name) + 1;
        Total++;
    }

    /// <summary>Adds what another counted.</summary>
    public void Add(MaskCounts other)
    {
        foreach (var (name, count) in other._byName) _byName[name] = _byName.GetValueOrDefault(name) + count;
        Total += other.Total;
    }

    internal void Clear()
    {
        _byName.Clear();
        Total = 0;
    }
}
