using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Dispatch;

/// <summary>
/// What of one class is held in memory, and how far the table was read. A pass reads the open rows from the first to the last, page by page as there is
/// room; while one is under way what arrives waits for its end, so that nothing overtakes. Used under the queue's lock.
/// </summary>
/// <param name="rank">The class.</param>
/// <param name="capacity">Rows of it held in memory.</param>
/// <param name="beginning">Told when a pass has read its first page: what earlier ones left in the table may join again.</param>
internal sealed class OpenRows<T>(int rank, int capacity, Action<int> beginning) where T : class, IOrdered
{
    private const int MaxLate = 1000;

    private readonly List<T> _late = [];
    private readonly HashSet<long> _doneInPass = [];
    private long _cursor;
    private int _pass;
    private bool _another;
    private bool _again;
    private bool _wasFull;
    private int _held;

    public int Rank { get; } = rank;

    /// <summary>A page.</summary>
    public int PageSize { get; } = Math.Max(1, capacity / 2);

    public bool IsPassing { get; private set; }

    /// <summary>So much is held that what waits for long had better do so in the table.</summary>
    public bool IsCrowded => _held > capacity / 4;

    /// <summary>The pass goes on now: there is room for a page.</summary>
    public bool WantsPage => IsPassing && _held <= capacity / 2;

    /// <summary>Where the next page begins, and which pass it belongs to.</summary>
    public (long After, int Pass) Position => (_cursor, _pass);

    public void Begin()
    {
        IsPassing = true;
        _pass++;
        _cursor = 0;
        _another = _again = _wasFull = false;
        _doneInPass.Clear();
    }

    /// <summary>A pass that would like to go on has no room.</summary>
    public void Full() => _wasFull = true;

    /// <summary>What was put back into the table may go. A pass that has been waiting for room would come to it only when all the rest is
    /// done: it begins anew with the next page.</summary>
    public void LookAgain()
    {
        Look();
        _again = true;
    }

    /// <summary>Begins a pass anew that was asked to look again and had no room before.</summary>
    public void BeginAgain()
    {
        if (IsPassing && _again && _wasFull) Begin();
    }

    /// <summary>Rows may have come that nobody announced.</summary>
    public void Look()
    {
        if (IsPassing) _another = true;
        else Begin();
    }

    /// <summary>An announced row: true when it may join at once; else it comes with a pass.</summary>
    public bool Arrives(T entry)
    {
        if (!IsPassing && _held < capacity) return true;
        if (!IsPassing) Begin();
        if (_late.Count < MaxLate) _late.Add(entry);
        else _another = true;
        return false;
    }

    /// <summary>Those entries of a page that join now; none when the page is of an earlier pass.</summary>
    public List<T> Take(IReadOnlyList<T> page, int pass)
    {
        if (pass != _pass || !IsPassing) return [];
        if (_cursor == 0) beginning(Rank);
        if (page.Count > 0) _cursor = page[^1].Id;
        List<T> joining = [.. page.Where(IsOpen)];
        if (page.Count == PageSize) return joining;
        if (_another)
        {
            Begin();
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

    public void Lose(Partitions parts) => _late.RemoveAll(e => parts.Contains(e.Part));

    private bool IsOpen(T entry) => !_doneInPass.Contains(entry.Id);
}
