namespace Larkspur.Gateway.Storage.Leases;

/// <summary>The leases that a process believes it holds, and who works under them.</summary>
internal abstract class LeaseRegistry : ILeases
{
    private readonly Lock _gate = new();
    private readonly List<ILeaseHolder> _holders = [];
    private readonly long[] _tokens = new long[Partitions.Count];
    private Partitions _held;

    public string Node { get; } = Guid.NewGuid().ToString("N")[..12];

    public virtual bool IsShared => false;

    public virtual bool MayBeShared => false;

    public virtual string? Problem => null;

    public Partitions Held
    {
        get { lock (_gate) return _held; }
    }

    public virtual Fence? FenceOf(int part)
    {
        lock (_gate) return _held.Contains(part) ? new Fence(part, _tokens[part]) : null;
    }

    public void Register(ILeaseHolder holder)
    {
        lock (_gate)
        {
            _holders.Add(holder);
            if (!_held.IsEmpty) holder.Gained(_held);
        }
    }

    /// <summary>Notes leases that were taken.</summary>
    protected void Gained(IReadOnlyCollection<Fence> fences)
    {
        if (fences.Count == 0) return;
        lock (_gate)
        {
            foreach (var fence in fences) _tokens[fence.Part] = fence.Token;
            var parts = Partitions.From(fences.Select(f => f.Part));
            _held = _held.With(parts);
            foreach (var holder in _holders) holder.Gained(parts);
        }
    }

    /// <summary>Stops work on partitions; the task ends when nothing of them runs any more.</summary>
    protected Task LoseAsync(Partitions parts)
    {
        lock (_gate)
        {
            _held = _held.Without(parts);
            return Task.WhenAll(_holders.Select(h => h.LoseAsync(parts)));
        }
    }
}
