namespace Larkspur.Gateway.Queueing;

/// <summary>One key's entries, and from when on they may go. Times are clock timestamps.</summary>
internal sealed class Lane<T>(string key, int partition, IComparer<T> order, int ranks) where T : class, IQueuedRow
{
    private readonly long[] _held = new long[ranks];
    private readonly bool[] _hasMore = new bool[ranks];
    private readonly bool[] _parked = new bool[ranks];
    private readonly bool[] _asking = new bool[ranks];
    private readonly LaneRead<T>?[] _reads = new LaneRead<T>?[ranks];
    private readonly int[] _readSize = new int[ranks];
    private long _closed;

    public string Key { get; } = key;

    public int Partition { get; } = partition;

    /// <summary>What waits, the next one first.</summary>
    public SortedSet<T> Entries { get; } = new(order);

    /// <summary>Rows of the class that come after what is held were left in the table: they are read when that runs out, and none joins before.</summary>
    public bool HasMore(int rank) => _hasMore[rank];

    /// <inheritdoc cref="HasMore"/>
    public void SetMore(int rank, bool more)
    {
        _hasMore[rank] = more;
        if (!more) _parked[rank] = false;
        else if (_reads[rank] is { } read) read.MoreCame = true;
    }

    /// <summary>The most urgent class that goes on in the table; -1: none does.</summary>
    public int FirstWithMore => Array.IndexOf(_hasMore, true);

    /// <summary>It stands in line for its next rows of the class.</summary>
    public bool IsAsking(int rank) => _asking[rank];

    /// <inheritdoc cref="IsAsking"/>
    public void SetAsking(int rank, bool asking) => _asking[rank] = asking;

    /// <summary>The read of the class that is under way and still wanted.</summary>
    public LaneRead<T>? ReadOf(int rank) => _reads[rank];

    /// <summary>The lane's next rows of the class are read from now on.</summary>
    /// <param name="rank">The class.</param>
    /// <param name="most">Rows that may join.</param>
    /// <remarks>What is held and runs is read again, so that no row is passed over that became known late.</remarks>
    public LaneRead<T> BeginRead(int rank, int most)
    {
        var size = _readSize[rank] == 0 ? most : Math.Min(most, _readSize[rank]);
        _readSize[rank] = size < most ? size * 2 : 0;
        return _reads[rank] = new LaneRead<T>(this, CountOf(rank) + 1 + size);
    }

    /// <summary>The next read may be followed by another pause: it is a small one, and those after it grow.</summary>
    public void BeginSmall(int rank) => _readSize[rank] = 4;

    /// <summary>The read has ended, or what it says is not wanted any more.</summary>
    public void EndRead(int rank) => _reads[rank] = null;

    /// <summary>A row of the lane is not held any more.</summary>
    public void Left(T entry) => _reads[entry.Rank]?.Left(entry.Id);

    /// <summary>What the class, or a more urgent one, left in the table goes before anything that comes now.</summary>
    public bool HasMoreBefore(int rank) => _hasMore.AsSpan(0, rank + 1).Contains(true);

    /// <summary>The class was put back into the table until its pause is over.</summary>
    public bool IsParked(int rank) => _parked[rank];

    /// <inheritdoc cref="IsParked"/>
    public void SetParked(int rank, bool parked) => _parked[rank] = parked;

    /// <summary>The lane is not forgotten while some class has more.</summary>
    public bool HasMoreOfAny => FirstWithMore >= 0;

    /// <summary>Entries of a class that wait.</summary>
    public int CountOf(int rank) => Entries.Count(e => e.Rank == rank);

    /// <summary>What goes next.</summary>
    public T? Head => Entries.Min;

    /// <summary>What runs.</summary>
    public T? Running { get; set; }

    /// <summary>Somebody waits for the running entry's end.</summary>
    public TaskCompletionSource? Idle { get; set; }

    public ITimer? Timer { get; set; }

    /// <summary>Belongs to the scheduler: where it has put the lane.</summary>
    public object? Place { get; set; }

    /// <summary>Earliest start of what goes next: of what waits here, else of what was put back into the table, else of anything at all.</summary>
    public long Opens => Head is { } head ? OpensFor(head.Rank) : Math.Max(_closed, ParkedUntil);

    /// <summary>Earliest start of a class.</summary>
    public long OpensFor(int rank) => Math.Max(_closed, _held[rank]);

    /// <summary>Nothing of the lane goes before.</summary>
    public void Close(long until) => _closed = Math.Max(_closed, until);

    /// <summary>Nothing of the class goes before. What is less urgent stands behind it.</summary>
    public void Hold(int rank, long until) => _held[rank] = until;

    private long ParkedUntil
    {
        get
        {
            var first = long.MaxValue;
            for (var rank = 0; rank < _parked.Length; rank++)
            {
                if (_parked[rank]) first = Math.Min(first, _held[rank]);
            }

            return first == long.MaxValue ? 0 : first;
        }
    }
}
