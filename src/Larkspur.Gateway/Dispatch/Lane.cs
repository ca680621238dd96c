namespace Larkspur.Gateway.Dispatch;

/// <summary>One key's entries, and from when on they may go. Times are clock timestamps.</summary>
internal sealed class Lane<T>(string key, int part, IComparer<T> order, int ranks) where T : class, IOrdered
{
    private readonly long[] _held = new long[ranks];
    private long _closed;

    public string Key { get; } = key;

    public int Part { get; } = part;

    /// <summary>What waits, the next one first.</summary>
    public SortedSet<T> Entries { get; } = new(order);

    /// <summary>What goes next.</summary>
    public T? Head => Entries.Min;

    /// <summary>What runs.</summary>
    public T? Running { get; set; }

    /// <summary>Somebody waits for the running entry's end.</summary>
    public TaskCompletionSource? Idle { get; set; }

    public ITimer? Timer { get; set; }

    /// <summary>Belongs to the choice: where it has put the lane.</summary>
    public object? Place { get; set; }

    /// <summary>Earliest start of what goes next, or of anything at all when nothing waits.</summary>
    public long Opens => Head is { } head ? Math.Max(_closed, _held[head.Rank]) : _closed;

    /// <summary>Nothing of the lane goes before.</summary>
    public void Close(long until) => _closed = Math.Max(_closed, until);

    /// <summary>Nothing of the class goes before. What is less urgent stands behind it.</summary>
    public void Hold(int rank, long until) => _held[rank] = until;
}
