using System.Threading.Channels;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Dispatch;

/// <summary>
/// Runs rows of a durable table in order per key and in parallel across keys, for the partitions that this process holds. It is woken by commits,
/// looks into the table now and then all the same, and holds a bounded number of entries: beyond that (and for partitions just gained) rows stay
/// in the table and are read page by page.
/// </summary>
/// <remarks>A failing entry holds up its own key and nothing else.</remarks>
internal sealed class OrderedQueue<T>(OrderedQueueOptions options, TimeProvider clock, ILogger logger,
    Func<Partitions, long, int, CancellationToken, Task<IReadOnlyList<T>>> loadAfter,
    Func<T, CancellationToken, ValueTask<Next>> run) : ILeaseHolder where T : class, IOrdered
{
    private const int MaxLate = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane<T>> _lanes = [];
    private readonly HashSet<long> _known = [];
    private readonly Channel<Lane<T>> _ready = Channel.CreateUnbounded<Lane<T>>();
    private readonly Channel<bool> _loadSignal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Partitions _held;

    // A pass reads the open rows from the first to the last. While one is under way what arrives waits for its end, so that nothing overtakes.
    private bool _passing;
    private int _pass;
    private long _cursor;
    private bool _another;
    private readonly List<T> _late = [];
    private readonly HashSet<long> _doneInPass = [];

    /// <summary>Entries held in memory.</summary>
    public int Count
    {
        get { lock (_gate) return _known.Count; }
    }

    /// <summary>Announces a committed row.</summary>
    public void Arrived(T entry)
    {
        lock (_gate)
        {
            if (!_held.Contains(entry.Part) || _known.Contains(entry.Id)) return;
            if (!_passing && _known.Count < options.Capacity)
            {
                Add(entry);
                return;
            }

            if (!_passing) BeginPass();
            if (_late.Count < MaxLate) _late.Add(entry);
            else _another = true;
        }
    }

    /// <summary>Rows may have come that nobody announced.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (_held.IsEmpty) return;
            if (_passing) _another = true;
            else BeginPass();
        }
    }

    public void Gained(Partitions parts)
    {
        lock (_gate)
        {
            _held = _held.With(parts);
            BeginPass();
        }
    }

    public Task LoseAsync(Partitions parts)
    {
        lock (_gate)
        {
            _held = _held.Without(parts);
            _late.RemoveAll(e => parts.Contains(e.Part));
            var running = new List<Task>();
            foreach (var lane in _lanes.Values.Where(l => parts.Contains(l.Part)).ToList())
            {
                foreach (var entry in lane.Entries) _known.Remove(entry.Id);
                lane.Entries.Clear();
                if (lane.Running is null) Remove(lane);
                else running.Add((lane.Idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            }

            return Task.WhenAll(running);
        }
    }

    /// <summary>Works until <paramref name="stopping"/>; entries that run by then are finished, unless <paramref name="abort"/> comes first.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        await using var look = clock.CreateTimer(_ => Look(), null, options.LookEvery, options.LookEvery);
        var workers = Enumerable.Range(0, options.Parallelism).Select(_ => WorkAsync(stopping, abort));
        await Task.WhenAll([LoadAsync(stopping), .. workers]);
        lock (_gate)
        {
            foreach (var lane in _lanes.Values) lane.Timer?.Dispose();
        }
    }

    private void BeginPass()
    {
        _passing = true;
        _pass++;
        _cursor = 0;
        _another = false;
        _doneInPass.Clear();
        _loadSignal.Writer.TryWrite(true);
    }

    private void Add(T entry)
    {
        if (!_known.Add(entry.Id)) return;
        if (!_lanes.TryGetValue(entry.Key, out var lane)) _lanes.Add(entry.Key, lane = new Lane<T>(entry.Key, entry.Part));
        lane.Entries.Add(entry);
        if (lane.Scheduled) return;
        lane.Scheduled = true;
        _ready.Writer.TryWrite(lane);
    }

    private void Remove(Lane<T> lane)
    {
        lane.Timer?.Dispose();
        if (_lanes.GetValueOrDefault(lane.Key) == lane) _lanes.Remove(lane.Key);
    }

    private async Task LoadAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in _loadSignal.Reader.ReadAllAsync(stopping)) await CatchUpAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping; what was not loaded is in the table.
        }
    }

    private async Task CatchUpAsync(CancellationToken stopping)
    {
        while (true)
        {
            long after;
            int pass;
            Partitions held;
            var limit = Math.Max(1, options.Capacity / 2);
            lock (_gate)
            {
                if (!_passing || _known.Count > options.Capacity / 2) return;
                (after, pass, held) = (_cursor, _pass, _held);
            }

            try
            {
                var page = held.IsEmpty ? [] : await loadAfter(held, after, limit, stopping);
                lock (_gate)
                {
                    if (pass == _pass) Take(page, last: page.Count < limit);
                }
            }
            catch (StorageUnavailableException e)
            {
                // The database is away, or this host is closing before it was up: one sentence, no stack.
                logger.LogWarning("Open rows cannot be read ({Reason}); trying again", e.Message);
                await Task.Delay(options.LoadRetry, clock, stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.LogError(e, "Open rows cannot be read; trying again");
                await Task.Delay(options.LoadRetry, clock, stopping);
            }
        }
    }

    private void Take(IReadOnlyList<T> page, bool last)
    {
        foreach (var entry in page)
        {
            _cursor = entry.Id;
            if (_held.Contains(entry.Part) && !_doneInPass.Contains(entry.Id)) Add(entry);
        }

        if (!last) return;
        if (_another)
        {
            BeginPass();
            return;
        }

        foreach (var entry in _late.Where(e => _held.Contains(e.Part) && !_doneInPass.Contains(e.Id))) Add(entry);
        _late.Clear();
        _doneInPass.Clear();
        _passing = false;
    }

    private async Task WorkAsync(CancellationToken stopping, CancellationToken abort)
    {
        try
        {
            await foreach (var lane in _ready.Reader.ReadAllAsync(stopping))
            {
                if (stopping.IsCancellationRequested) return;
                await TakeOneAsync(lane, abort);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || abort.IsCancellationRequested)
        {
            // Stopping; what was not finished is in the table.
        }
    }

    private async Task TakeOneAsync(Lane<T> lane, CancellationToken abort)
    {
        T? entry;
        lock (_gate)
        {
            entry = lane.Entries.Min;
            if (entry is null)
            {
                Remove(lane);
                return;
            }

            lane.Entries.Remove(entry);
            lane.Running = entry;
        }

        Next next;
        try
        {
            next = await run(entry, abort);
        }
        catch (Exception e) when (!abort.IsCancellationRequested)
        {
            logger.LogError(e, "Entry {Id} could not be worked on; trying again in {Pause}", entry.Id, options.FaultPause);
            next = Next.RetryAfter(options.FaultPause);
        }

        lock (_gate) Settle(lane, entry, next);
    }

    private void Settle(Lane<T> lane, T entry, Next next)
    {
        lane.Running = null;
        lane.Idle?.TrySetResult();
        lane.Idle = null;
        if (next.Done || !_held.Contains(lane.Part))
        {
            _known.Remove(entry.Id);
            if (_passing) _doneInPass.Add(entry.Id);
            if (_passing && _known.Count <= options.Capacity / 2) _loadSignal.Writer.TryWrite(true);
        }
        else
        {
            lane.Entries.Add(entry);
            if (next.Earlier is T earlier && _known.Add(earlier.Id)) lane.Entries.Add(earlier);
        }

        if (next.Pause > TimeSpan.Zero && _held.Contains(lane.Part)) PauseLane(lane, next.Pause);
        else if (lane.Entries.Count == 0) Remove(lane);
        else _ready.Writer.TryWrite(lane);
    }

    private void PauseLane(Lane<T> lane, TimeSpan pause)
    {
        lane.Timer?.Dispose();
        lane.Timer = clock.CreateTimer(_ => _ready.Writer.TryWrite(lane), null, pause, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>One key's entries.</summary>
internal sealed class Lane<T>(string key, int part) where T : class, IOrdered
{
    public string Key { get; } = key;

    public int Part { get; } = part;

    /// <summary>What waits, in the order of its ids.</summary>
    public SortedSet<T> Entries { get; } = new(ById);

    /// <summary>What runs.</summary>
    public T? Running { get; set; }

    /// <summary>Somebody waits for the running entry's end.</summary>
    public TaskCompletionSource? Idle { get; set; }

    /// <summary>It is ready, runs or pauses.</summary>
    public bool Scheduled { get; set; }

    public ITimer? Timer { get; set; }

    private static readonly Comparer<T> ById = Comparer<T>.Create(static (a, b) => a.Id.CompareTo(b.Id));
}

/// <summary>Bounds of an <see cref="OrderedQueue{T}"/>.</summary>
/// <param name="Parallelism">Keys worked on at once.</param>
/// <param name="Capacity">Entries held in memory.</param>
internal sealed record OrderedQueueOptions(int Parallelism, int Capacity)
{
    /// <summary>Pause of a key after a fault that is not the entry's (database away).</summary>
    public TimeSpan FaultPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before open rows are read again after a failure.</summary>
    public TimeSpan LoadRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the table is looked at although nothing was announced.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);
}
