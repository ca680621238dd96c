using System.Collections;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>Which rows were met: a bit for each, so that a million cost 125 kB.</summary>
internal sealed class SeenRows
{
    private const int Span = 1 << 16;

    private readonly Dictionary<long, BitArray> _parts = [];

    public long Count { get; private set; }

    public void Add(long id)
    {
        if (!_parts.TryGetValue(id / Span, out var part)) _parts[id / Span] = part = new(Span);
        if (part[(int)(id % Span)]) return;
        part[(int)(id % Span)] = true;
        Count++;
    }

    public bool Has(long id) => _parts.TryGetValue(id / Span, out var part) && part[(int)(id % Span)];
}
