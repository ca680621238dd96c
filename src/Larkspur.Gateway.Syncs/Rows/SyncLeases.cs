using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>
/// One process at a time works on a sync: the one that holds its partition. Each of its writes says so by <see cref="FenceAsync"/>, and one
/// that stood still, or whose sync was changed meanwhile, finds it out there, or before it sends anything.
/// </summary>
internal sealed class SyncLeases(IDatabase database, ILeases leases, TimeProvider clock)
{
    /// <summary>So long a sync waits for its process to say that it lives: longer than a batch takes with its tries.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(120);

    /// <summary>The partition whose holder works on a sync.</summary>
    public static int PartitionOf(long sync) => (int)(sync % Partitions.Count);

    /// <summary>Syncs of this process on which there may be something to do: a look that costs no write.</summary>
    /// <param name="look">A source is asked what changed as often as this.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<long>> DueAsync(TimeSpan look, CancellationToken cancellation) =>
        [.. (await database.ReadAsync(sql => sql.QueryAsync("""
        SELECT t.id FROM sync t WHERE t.paused IS NULL AND (t.not_before IS NULL OR t.not_before <= $1)
        AND (t.lease_until IS NULL OR t.lease_until < $1 OR t.lease_node <> $3)
        AND (t.phase NOT IN ('ready', 'live') OR (t.phase = 'live' AND (t.scan IS NOT NULL
          OR t.looked_at IS NULL OR t.looked_at <= $2
          OR EXISTS (SELECT 1 FROM sync_hint h WHERE h.sync = t.id AND h.not_before <= $1)
          OR EXISTS (SELECT 1 FROM sync_row r WHERE r.sync = t.id AND r.pending IS NOT NULL)
          OR EXISTS (SELECT 1 FROM sync_problem p WHERE p.sync = t.id AND p.not_before <= $1)
          OR EXISTS (SELECT 1 FROM sync_row r WHERE r.sync = t.id AND r.due_at <= $1 AND (t.asks = 0 OR r.gone_at <= t.confirmed_at)))))
        ORDER BY t.id
        """, static row => row.GetInt64(0), clock.GetUtcNow().ToUnixTimeMilliseconds(), (clock.GetUtcNow() - look).ToUnixTimeMilliseconds(),
        leases.Node), cancellation)).Where(id => leases.FenceOf(PartitionOf(id)) is not null)];

    /// <summary>Takes a sync.</summary>
    /// <returns>Null: its partition is another process's, or what this one did with it last is not over yet.</returns>
    public async Task<HeldSync?> TakeAsync(long id, CancellationToken cancellation)
    {
        if (leases.FenceOf(PartitionOf(id)) is null) return null;
        var until = clock.GetUtcNow() + Lease;
        var row = await database.TransactAsync(unit => unit.FirstAsync($"""
            UPDATE sync SET fence = fence + 1, lease_until = $3, lease_node = $4 WHERE id = $2
            AND (lease_until IS NULL OR lease_until < $1 OR lease_node <> $4) AND paused IS NULL RETURNING {SyncRecord.Columns}
            """, SyncRecord.Read, (until - Lease).ToUnixTimeMilliseconds(), id, until.ToUnixTimeMilliseconds(), leases.Node), cancellation);
        return row is null ? null : new HeldSync(row, until);
    }

    /// <summary>The process lives: says so when a third of the lease has passed.</summary>
    /// <exception cref="SyncLostException">The sync is another process's, or was changed.</exception>
    public async Task BeatAsync(HeldSync held, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (held.Until - now > Lease * 2 / 3) return;
        var until = now + Lease;
        var beaten = await database.TransactAsync(unit => unit.ExecuteAsync(
            "UPDATE sync SET lease_until = $3 WHERE id = $1 AND fence = $2", held.Row.Id, held.Row.Fence, until.ToUnixTimeMilliseconds()),
            cancellation);
        if (beaten == 0) throw new SyncLostException(held.Row.Name);
        held.Until = until;
    }

    /// <summary>What is sent now ends while the sync is held: half of the lease is left, and its partition is this process's
    /// still.</summary>
    /// <exception cref="SyncLostException">It is not: the process stood still, or others have come.</exception>
    public void CheckMaySend(HeldSync held)
    {
        if (held.Until - clock.GetUtcNow() < Lease / 2
            || leases.FenceOf(PartitionOf(held.Row.Id)) is null) throw new SyncLostException(held.Row.Name);
    }

    /// <summary>Holds the sync for this transaction.</summary>
    /// <exception cref="SyncLostException">Another process has it, or it was changed or removed.</exception>
    public static async ValueTask FenceAsync(IUnitOfWork unit, HeldSync held)
    {
        var kept = await unit.ExecuteAsync("UPDATE sync SET fence = fence WHERE id = $1 AND fence = $2", held.Row.Id, held.Row.Fence);
        if (kept == 0) throw new SyncLostException(held.Row.Name);
    }

    /// <summary>The work is done: another one may go on at once.</summary>
    public Task ReleaseAsync(HeldSync held, CancellationToken cancellation) => LeaveAsync(held, TimeSpan.Zero, cancellation);

    /// <summary>Another one may go on after a while.</summary>
    public Task LeaveAsync(HeldSync held, TimeSpan after, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE sync SET lease_until = $3, lease_node = NULL WHERE id = $1 AND fence = $2", held.Row.Id,
            held.Row.Fence,
            after == TimeSpan.Zero ? null : (clock.GetUtcNow() + after).ToUnixTimeMilliseconds());
    }, cancellation);
}

/// <summary>A sync that this process works on. Not a record: it changes with what becomes of it.</summary>
internal sealed class HeldSync(SyncRecord row, DateTimeOffset until)
{
    private long _until = until.UtcTicks;

    /// <summary>As it is known to stand.</summary>
    public SyncRecord Row { get; set; } = row;

    /// <summary>It is another process's from then on, unless this one says before that it lives.</summary>
    public DateTimeOffset Until
    {
        get => new(Volatile.Read(ref _until), TimeSpan.Zero);
        set => Volatile.Write(ref _until, value.UtcTicks);
    }
}

/// <summary>A sync is another process's by now, or was changed.</summary>
internal sealed class SyncLostException(string sync) : Exception($"The sync {sync} was taken over, or changed.");
