using System.Threading.Channels;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Dispatch;

/// <summary>Durable work in memory's form.</summary>
public interface IOrdered
{
    /// <summary>Grows with the order of commits.</summary>
    long Id { get; }

    /// <summary>Entries with one key run one after another.</summary>
    string Key { get; }
}

/// <summary>What comes after an entry was tried.</summary>
/// <param name="Done">It leaves the line.</param>
/// <param name="Pause">Time until its key goes on: with the next entry when done, else with the same one.</param>
public readonly record struct Next(bool Done, TimeSpan Pause)
{
    public static readonly Next Finished = new(true, TimeSpan.Zero);

    public static Next FinishedThenPause(TimeSpan pause) => new(true, pause);

    public static Next RetryAfter(TimeSpan pause) => new(false, pause);
}

/// <summary>
/// Runs rows of a durable table in order per key and in parallel across keys. It is woken by commits, never by polling, and holds a bounded
/// number of entries: beyond that (and at start) rows stay in the table and are read page by page.
/// </summary>
/// <remarks>A failing entry holds up its own key and nothing else.</remarks>
internal sealed class OrderedQueue<T>(OrderedQueueOptions options, TimeProvider clock, ILogger logger,
    Func<long, int, CancellationToken, Task<IReadOnlyList<T>>> loadAfter,
    Func<T, CancellationToken, ValueTask<Next>> run) where T : class, IOrdered
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly Channel<Lane> _ready = Channel.CreateUnbounded<Lane>();
    private readonly Channel<bool> _loadSignal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _count;
    private long _takenThrough;
    private bool _behind = true; // rows of an earlier life come first
    private bool _arrivedWhileBehind;

    /// <summary>Entries held in memory.</summary>
    public int Count
    {
        get { lock (_gate) return _count; }
    }

    /// <summary>Announces a committed row. Must be called in commit order.</summary>
    public void Arrived(T entry)
    {
        lock (_gate)
        {
            if (_behind || _count >= options.Capacity)
            {
                _behind = true;
                _arrivedWhileBehind = true;
                if (_count < options.Capacity / 2) _loadSignal.Writer.TryWrite(true);
                return;
            }

            if (entry.Id <= _takenThrough) return;
            Add(entry);
        }
    }

    /// <summary>Works until <paramref name="stopping"/>; entries that run by then are finished, unless <paramref name="abort"/> comes first.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        _loadSignal.Writer.TryWrite(true);
        var workers = Enumerable.Range(0, options.Parallelism).Select(_ => WorkAsync(stopping, abort));
        await Task.WhenAll([LoadAsync(stopping), .. workers]);
        lock (_gate)
        {
            foreach (var lane in _lanes.Values) lane.Timer?.Dispose();
        }
    }

    private void Add(T entry)
    {
        _takenThrough = entry.Id;
        _count++;
        if (!_lanes.TryGetValue(entry.Key, out var lane)) _lanes.Add(entry.Key, lane = new Lane(entry.Key));
        lane.Entries.Enqueue(entry);
        if (lane.Scheduled) return;
        lane.Scheduled = true;
        _ready.Writer.TryWrite(lane);
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
            int limit;
            lock (_gate)
            {
                if (!_behind || _count > options.Capacity / 2) return;
                _arrivedWhileBehind = false;
                after = _takenThrough;
                limit = options.Capacity / 2;
            }

            try
            {
                var page = await loadAfter(after, limit, stopping);
                lock (_gate)
                {
                    foreach (var entry in page) Add(entry);
                    if (page.Count < limit && !_arrivedWhileBehind) _behind = false;
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

    private async Task TakeOneAsync(Lane lane, CancellationToken abort)
    {
        T? entry;
        lock (_gate)
        {
            if (!lane.Entries.TryPeek(out entry))
            {
                _lanes.Remove(lane.Key);
                return;
            }
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

        lock (_gate)
        {
            if (next.Done)
            {
                lane.Entries.Dequeue();
                _count--;
                if (_behind && _count <= options.Capacity / 2) _loadSignal.Writer.TryWrite(true);
            }

            if (next.Pause > TimeSpan.Zero) PauseLane(lane, next.Pause);
            else if (lane.Entries.Count == 0) _lanes.Remove(lane.Key);
            else _ready.Writer.TryWrite(lane);
        }
    }

    private void PauseLane(Lane lane, TimeSpan pause)
    {
        lane.Timer?.Dispose();
        lane.Timer = clock.CreateTimer(_ => _ready.Writer.TryWrite(lane), null, pause, Timeout.InfiniteTimeSpan);
    }

    private sealed class Lane(string key)
    {
        public string Key { get; } = key;

        public Queue<T> Entries { get; } = new();

        public bool Scheduled { get; set; }

        public ITimer? Timer { get; set; }
    }
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
}
