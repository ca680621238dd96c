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

    public virtual Fence? FenceOf(int partition)
    {
        lock (_gate) return _held.Contains(partition) ? new Fence(partition, _tokens[partition]) : null;
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
            foreach (var fence in fences) _tokens[fence.Partition] = fence.Token;
            var partitions = Partitions.From(fences.Select(f => f.Partition));
            _held = _held.With(partitions);
            foreach (var holder in _holders) holder.Gained(partitions);
        }
    }

    /// <summary>Stops work on partitions; the task ends when nothing of them runs any more.</summary>
    protected Task LoseAsync(Partitions partitions)
    {
        lock (_gate)
        {
            _held = _held.Without(partitions);
            return Task.WhenAll(_holders.Select(h => h.LoseAsync(partitions)));
        }
    }
}
