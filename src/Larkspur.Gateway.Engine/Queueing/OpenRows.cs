using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Queueing;

/// <summary>
/// What of one class is held in memory, and how far the table was read. A pass reads the open rows in their order, page by page as there is
/// room; while one is under way what arrives waits for its end, so that nothing overtakes. Used under the queue's lock.
/// </summary>
/// <param name="rank">The class.</param>
/// <param name="capacity">Rows of it held in memory.</param>
/// <param name="share">Rows of it that one lane holds at most.</param>
/// <param name="clock">For the time between looks at the whole table.</param>
internal sealed class OpenRows<T>(int rank, int capacity, int share, TimeProvider clock) where T : class, IQueuedRow
{
    private const int MaxLate = 1000;

    /// <summary>A row is read in about 10 us: looks at the whole table take a tenth of the time, however many rows wait there.</summary>
    private static readonly TimeSpan PauseForEachRow = TimeSpan.FromMicroseconds(100);

    private readonly List<T> _late = [];
    private readonly HashSet<long> _doneInPass = [];
    private long _cursor;
    private int _pass;
    private long? _againAfter;
    private bool _isWhole;
    private long _read;
    private long _wholeReadAt;
    private TimeSpan _wholePause;
    private (long Newest, long AtLastLook, long AtLookBefore) _ends;
    private int _held;

    public int Rank { get; } = rank;

    /// <summary>Lanes that go on in the table.</summary>
    public LaneRefills<T> Refills { get; } = new(rank, share);

    /// <summary>A lane was refilled last: a pass that waits as well goes next.</summary>
    public bool PassGoesNext { get; set; }

    /// <summary>A page.</summary>
    public int PageSize { get; } = Math.Max(1, capacity / 2);

    public bool IsPassing { get; private set; }

    /// <summary>So much is held that what waits for long had better do so in the table.</summary>
    public bool IsCrowded => _held > capacity / 4;

    /// <summary>Something in the table waits to be read.</summary>
    public bool WantsRead => IsPassing || !Refills.IsEmpty;

    /// <summary>There is room for a page.</summary>
    public bool HasRoom => _held <= capacity / 2;

    /// <summary>Rows that may join.</summary>
    public int Room => Math.Max(0, capacity - _held);

    /// <summary>Where the next page begins, and which pass it belongs to.</summary>
    public (long After, int Pass) Position => (_cursor, _pass);

    /// <summary>The whole table is read.</summary>
    public void Begin() => BeginAfter(0);

    /// <summary>Rows may have come anywhere that nobody announced: a replayed one has its old place.</summary>
    public void Look()
    {
        if (IsPassing) _againAfter = 0;
        else Begin();
    }

    /// <summary>A look as time passes, for announcements that were lost: at the end of the table always, at the whole of it no more often
    /// than its size allows.</summary>
    public void LookAgain()
    {
        // Others commit their rows in another order than that of the ids, but not minutes later.
        var after = _ends.AtLookBefore;
        _ends = (_ends.Newest, _ends.Newest, _ends.AtLastLook);
        if (IsPassing) return;
        BeginAfter(clock.GetElapsedTime(_wholeReadAt) < _wholePause ? after : 0);
    }

    /// <summary>An announced row: true when it may join at once; else it comes with a pass.</summary>
    public bool Arrives(T entry)
    {
        if (!IsPassing && _held < capacity) return true;
        if (!IsPassing) BeginAfter(entry.Id - 1);
        if (_late.Count < MaxLate) _late.Add(entry);
        else _againAfter = Math.Min(_againAfter ?? long.MaxValue, entry.Id - 1);
        return false;
    }

    /// <summary>Those entries of a page that join now; none when the page is of an earlier pass.</summary>
    public List<T> Take(IReadOnlyList<T> page, int pass)
    {
        if (pass != _pass || !IsPassing) return [];
        _read += page.Count;
        if (page.Count > 0) _cursor = page[^1].Id;
        _ends.Newest = Math.Max(_ends.Newest, _cursor);
        List<T> joining = [.. page.Where(IsOpen)];
        if (page.Count == PageSize) return joining;
        if (_isWhole) (_wholeReadAt, _wholePause) = (clock.GetTimestamp(), _read * PauseForEachRow);
        if (_againAfter is { } after)
        {
            BeginAfter(after);
            return joining;
        }

        joining.AddRange(_late.Where(IsOpen));
        _late.Clear();
        _doneInPass.Clear();
        IsPassing = false;
        return joining;
    }

    public void Joined() => _held++;

    /// <summary>An entry is no longer held: it ended, or is another process's now.</summary>
    public void Left(long id)
    {
        _held--;
        if (IsPassing) _doneInPass.Add(id);
    }

    public void Lose(Partitions partitions) => _late.RemoveAll(e => partitions.Contains(e.Partition));

    private void BeginAfter(long id)
    {
        IsPassing = true;
        _pass++;
        (_cursor, _isWhole, _read) = (id, id == 0, 0);
        _againAfter = null;
        _doneInPass.Clear();
    }

    private bool IsOpen(T entry) => !_doneInPass.Contains(entry.Id);
}
