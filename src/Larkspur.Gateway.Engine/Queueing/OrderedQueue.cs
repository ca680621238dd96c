using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Queueing;

/// <summary>
/// Runs rows of a durable table in order per key and in parallel across keys, for the partitions that this process holds. It is woken by commits,
/// looks into the table now and then all the same, and holds a bounded number of entries: beyond that (and for partitions just gained) rows stay
/// in the table and are read page by page, each class by itself; a lane that has many gets its next ones by itself.
/// </summary>
/// <remarks>A failing entry holds up its own key and nothing else; a flood of one key holds a part of the memory and leaves its rest in the table. The order within a key is a comparer's, the scheduler among keys a strategy's.</remarks>
internal sealed partial class OrderedQueue<T>(OrderedQueueOptions options, IComparer<T> order, ILaneScheduler<T> scheduler,
    TimeProvider clock, ILogger logger,
    Func<Partitions, int, long, int, CancellationToken, Task<IReadOnlyList<T>>> loadAfter,
    Func<IReadOnlyList<LaneWish>, int, CancellationToken, Task<IReadOnlyList<IReadOnlyList<T>>>> loadLanes,
    Func<T, CancellationToken, ValueTask<WorkResult>> run) : ILeaseHolder where T : class, IQueuedRow
{
    /// <summary>What opens sooner stays in memory; and so often room is looked for.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Time after which a lane is looked at again that waits for something that says no time.</summary>
    private static readonly TimeSpan StuckPause = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane<T>> _lanes = [];
    private readonly HashSet<long> _known = [];
    private readonly int _laneShare = Math.Max(16, options.Capacity / 16);
    private OpenRows<T>[]? _openRows;
    private readonly RowLoader _loader = new(options, clock, logger);
    private readonly long[] _roomMadeAt = new long[options.Ranks];

    private Partitions _held;

    private OpenRows<T>[] Rows => _openRows ??=
        [.. Enumerable.Range(0, options.Ranks).Select(rank => new OpenRows<T>(rank, options.Capacity, _laneShare, clock))];

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
            if (!_held.Contains(entry.Partition) || _known.Contains(entry.Id)) return;
            if (Rows[entry.Rank].Arrives(entry)) Add(entry);
            else _loader.Wake(entry.Rank);
        }
    }

    /// <summary>Rows may have come that nobody announced.</summary>
    public void Look() => EachClass(static rows => rows.Look());

    public void Gained(Partitions partitions)
    {
        lock (_gate)
        {
            _held = _held.With(partitions);
            foreach (var rows in Rows)
            {
                rows.Begin();
                _loader.Wake(rows.Rank);
            }
        }
    }

    public Task LoseAsync(Partitions partitions)
    {
        lock (_gate)
        {
            _held = _held.Without(partitions);
            foreach (var rows in Rows) rows.Lose(partitions);
            var running = new List<Task>();
            foreach (var lane in _lanes.Values.Where(l => partitions.Contains(l.Partition)).ToList())
            {
                foreach (var entry in lane.Entries) Forget(entry);
                lane.Entries.Clear();
                foreach (var rows in Rows)
                {
                    lane.SetMore(rows.Rank, false);
                    lane.EndRead(rows.Rank);
                }

                if (lane.Running is { } busy)
                {
                    running.Add((lane.Idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
                    scheduler.Recall(busy);
                }

                Update(lane);
            }

            return Task.WhenAll(running);
        }
    }

    /// <summary>Works until <paramref name="stopping"/>; entries that run by then are finished, unless <paramref name="abort"/> comes first.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        await using var look = clock.CreateTimer(
            _ => EachClass(static rows => rows.LookAgain()), null, options.LookEvery, options.LookEvery);
        await Task.WhenAll([
            scheduler.RunAsync(lane => TakeOneAsync(lane, abort), stopping),
            .. Rows.Select(rows => _loader.RunAsync(rows.Rank, () => NextRead(rows), stopping)),
        ]);
        lock (_gate)
        {
            foreach (var lane in _lanes.Values) lane.Timer?.Dispose();
        }
    }

    private void EachClass(Action<OpenRows<T>> look)
    {
        lock (_gate)
        {
            if (_held.IsEmpty) return;
            foreach (var rows in Rows)
            {
                look(rows);
                _loader.Wake(rows.Rank);
            }
        }
    }

    private void Add(T entry)
    {
        if (_known.Contains(entry.Id)) return;
        if (!_lanes.TryGetValue(entry.Key, out var lane))
            _lanes.Add(entry.Key, lane = new Lane<T>(entry.Key, entry.Partition, order, options.Ranks));
        if (lane.HasMoreBefore(entry.Rank) || (lane.Entries.Count >= _laneShare && lane.CountOf(entry.Rank) >= _laneShare))
        {
            lane.SetMore(entry.Rank, true);
            return;
        }

        Join(lane, entry);
    }

    private void Join(Lane<T> lane, T entry)
    {
        if (!_known.Add(entry.Id)) return;
        Rows[entry.Rank].Joined();
        lane.Entries.Add(entry);
        if (lane.Running is { } running)
        {
            if (order.Compare(entry, running) < 0) scheduler.Recall(running);
        }
        else if (lane.Head == entry)
        {
            Update(lane);
        }
    }

    private void Forget(T entry)
    {
        if (!_known.Remove(entry.Id)) return;
        var rows = Rows[entry.Rank];
        rows.Left(entry.Id);
        if (_lanes.TryGetValue(entry.Key, out var lane)) lane.Left(entry);
        if (rows.WantsRead && rows.HasRoom) _loader.Wake(entry.Rank);
    }

    /// <summary>Something about a lane has changed: it is ready, becomes so at a time, or is not needed any more.</summary>
    private void Update(Lane<T> lane)
    {
        if (lane.Running is not null) return;
        var opens = lane.Opens - clock.GetTimestamp();
        if (opens > 0)
        {
            scheduler.Withdraw(lane);
            lane.Timer ??= clock.CreateTimer(_ => Opened(lane), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            lane.Timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(opens * 1000.0 / clock.TimestampFrequency)), Timeout.InfiniteTimeSpan);
        }
        else if (lane.Head is not null)
        {
            scheduler.Offer(lane);
        }
        else
        {
            scheduler.Withdraw(lane);
            Unpark(lane);
            if (lane.HasMoreOfAny) return;
            lane.Timer?.Dispose();
            if (_lanes.GetValueOrDefault(lane.Key) == lane) _lanes.Remove(lane.Key);
        }
    }

    /// <summary>A lane that has rows in the table gets the next ones before it runs dry: of the most urgent class first.</summary>
    private void Refill(Lane<T> lane)
    {
        if (lane.FirstWithMore is >= 0 and var rank && Rows[rank].Refills.Ask(lane)) _loader.Wake(rank);
    }

    private void Opened(Lane<T> lane)
    {
        lock (_gate)
        {
            if (_lanes.GetValueOrDefault(lane.Key) == lane) Update(lane);
        }
    }

    /// <summary>The next read of a class: by turns a page of the table, and lanes that ask.</summary>
    private Func<CancellationToken, Task>? NextRead(OpenRows<T> rows)
    {
        lock (_gate)
        {
            if (rows.WantsRead && !rows.HasRoom) MakeRoom(rows);
            if (!rows.HasRoom) return null;
            if (!(rows.IsPassing && rows.PassGoesNext) && rows.Refills.Begin(rows.Room) is { Count: > 0 } reads)
            {
                rows.PassGoesNext = true;
                return cancellation => ReadLanesAsync(rows, reads, cancellation);
            }

            rows.PassGoesNext = false;
            if (!rows.IsPassing) return null;
            var (after, pass) = rows.Position;
            var held = _held;
            return cancellation => ReadPageAsync(rows, held, after, pass, cancellation);
        }
    }

    private async Task ReadPageAsync(OpenRows<T> rows, Partitions held, long after, int pass, CancellationToken cancellation)
    {
        var page = held.IsEmpty ? [] : await loadAfter(held, rows.Rank, after, rows.PageSize, cancellation);
        lock (_gate)
        {
            foreach (var entry in rows.Take(page, pass).Where(e => _held.Contains(e.Partition))) Add(entry);
        }
    }

    private async Task ReadLanesAsync(OpenRows<T> rows, IReadOnlyList<LaneRead<T>> reads, CancellationToken cancellation)
    {
        IReadOnlyList<IReadOnlyList<T>>? found = null;
        try
        {
            found = await loadLanes([.. reads.Select(static r => r.Wish)], rows.Rank, cancellation);
        }
        finally
        {
            lock (_gate)
            {
                for (var i = 0; i < reads.Count; i++) Take(rows.Rank, reads[i], found?[i]);
            }
        }
    }

    /// <param name="rank">The class.</param>
    /// <param name="read">The read.</param>
    /// <param name="found">What it found; null: it failed, and the lane asks again.</param>
    private void Take(int rank, LaneRead<T> read, IReadOnlyList<T>? found)
    {
        var lane = read.Lane;
        if (lane.ReadOf(rank) != read) return; // its partition went to another process, or it was put back into the table
        lane.EndRead(rank);
        if (found is not null)
        {
            lane.SetMore(rank, read.LeavesMore(found));
            foreach (var entry in read.Open(found))
            {
                if (entry.Key == lane.Key) Join(lane, entry);
                else Add(entry); // it cannot be read, and stands in a lane of its own
            }
        }

        Update(lane);
        Refill(lane);
    }

    private async Task TakeOneAsync(Lane<T> lane, CancellationToken abort)
    {
        T? entry;
        lock (_gate)
        {
            entry = lane.Head;
            if (entry is null || lane.Running is not null || lane.Opens > clock.GetTimestamp())
            {
                if (lane.Running is null && _lanes.GetValueOrDefault(lane.Key) == lane) Update(lane);
                return;
            }

            lane.Entries.Remove(entry);
            lane.Running = entry;
            scheduler.Withdraw(lane);
            scheduler.Begins(entry);
        }

        // Whatever happens to the run, the lane must not keep an entry that nobody works on.
        var next = WorkResult.Again;
        try
        {
            next = await run(entry, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            next = WorkResult.Finished; // it is in the table
        }
        catch (Exception e)
        {
            EntryFailed(entry.Id, options.FaultPause, e);
            next = WorkResult.RetryAfter(options.FaultPause);
        }

        lock (_gate) Settle(lane, entry, next);
    }

    private void Settle(Lane<T> lane, T entry, WorkResult next)
    {
        lane.Running = null;
        scheduler.Ended(entry);
        lane.Idle?.TrySetResult();
        lane.Idle = null;
        var held = _held.Contains(lane.Partition);
        if (next.Done || !held)
        {
            Forget(entry);
        }
        else
        {
            lane.Entries.Add(entry);
            if (next.Earlier is T earlier && _known.Add(earlier.Id))
            {
                Rows[earlier.Rank].Joined();
                lane.Entries.Add(earlier);
            }
        }

        if (held) Pause(lane, entry, next);
        Update(lane);
        Refill(lane);
    }

    private void Pause(Lane<T> lane, T entry, WorkResult next)
    {
        if (next.WithOlder)
        {
            foreach (var older in lane.Entries.Where(e => e.Id < entry.Id).ToList())
            {
                lane.Entries.Remove(older);
                Forget(older);
            }
        }

        if (next.KeyPause > TimeSpan.Zero) lane.Close(After(next.KeyPause));
        if (next.Done) return;
        lane.Hold(entry.Rank, next.Pause > TimeSpan.Zero ? After(next.Pause) : 0);
        if (next.Pause > Soon && Rows[entry.Rank].IsCrowded) Park(lane, entry.Rank);
    }

    /// <summary>What waits for long leaves memory to what can go.</summary>
    private void MakeRoom(OpenRows<T> rows)
    {
        var now = clock.GetTimestamp();
        if (_roomMadeAt[rows.Rank] != 0 && clock.GetElapsedTime(_roomMadeAt[rows.Rank], now) < Soon) return;
        _roomMadeAt[rows.Rank] = now;
        var soon = After(Soon);
        foreach (var lane in _lanes.Values.Where(l => l.Running is null && l.Head?.Rank == rows.Rank).ToList())
        {
            if (lane.Opens <= now && scheduler.IsStuck(lane)) lane.Hold(rows.Rank, After(StuckPause));
            if (lane.Opens <= soon) continue;
            Park(lane, rows.Rank);
            Update(lane);
        }
    }

    /// <summary>A class of a lane, and what stands behind it, waits in the table until its pause is over.</summary>
    private void Park(Lane<T> lane, int rank)
    {
        foreach (var entry in lane.Entries.Where(e => e.Rank >= rank).ToList())
        {
            lane.Entries.Remove(entry);
            lane.SetMore(entry.Rank, true);
            Forget(entry);
        }

        for (var below = rank; below < options.Ranks; below++) lane.EndRead(below);
        lane.SetParked(rank, true);
        lane.BeginSmall(rank);
    }

    /// <summary>What was parked may go: the table is read for it.</summary>
    private void Unpark(Lane<T> lane)
    {
        foreach (var rows in Rows) lane.SetParked(rows.Rank, false);
        Refill(lane);
    }

    private long After(TimeSpan pause) => clock.GetTimestamp() + (long)(pause.TotalSeconds * clock.TimestampFrequency);

    [LoggerMessage(LogLevel.Error, "Entry {Id} could not be worked on; trying again in {Pause}")]
    private partial void EntryFailed(long id, TimeSpan pause, Exception error);
}
