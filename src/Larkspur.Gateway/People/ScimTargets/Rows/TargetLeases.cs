using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Rows;

/// <summary>
/// One process at a time works on a target. It belongs to the process that took it last: each of its writes says so by
/// <see cref="FenceAsync"/>, and one that stood still, or whose target was changed meanwhile, finds it out there.
/// </summary>
internal sealed class TargetLeases(IDatabase database, TimeProvider clock)
{
    /// <summary>So long a target waits for its process to say that it lives: longer than a call takes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>What makes work of a target: it was asked for, something changed, or something is to be tried again.</summary>
    private const string HasWork = $"""
        t.paused IS NULL AND (t.not_before IS NULL OR t.not_before <= $1) AND (t.lease_until IS NULL OR t.lease_until < $1)
        AND (t.phase IS NOT NULL OR EXISTS (SELECT 1 FROM scim_change c WHERE c.no > t.seen)
          OR {ResourceRows.IsDue})
        """;

    /// <summary>Targets on which there is something to do: a look that costs no write.</summary>
    public Task<List<long>> DueAsync(CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync(
        $"SELECT t.id FROM scim_target t WHERE {HasWork} ORDER BY t.id LIMIT 100", static row => row.GetInt64(0),
        clock.GetUtcNow().ToUnixTimeMilliseconds()), cancellation);

    /// <summary>Takes a target.</summary>
    /// <returns>Null: another process was faster.</returns>
    public async Task<HeldTarget?> TakeAsync(long id, CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + Lease;
        var row = await database.TransactAsync(unit => unit.FirstAsync($"""
            UPDATE scim_target SET fence = fence + 1, lease_until = $3 WHERE id = $2
            AND (lease_until IS NULL OR lease_until < $1) AND paused IS NULL RETURNING {TargetRow.Columns}
            """, TargetRow.Read, (until - Lease).ToUnixTimeMilliseconds(), id, until.ToUnixTimeMilliseconds()), cancellation);
        return row is null ? null : new HeldTarget(row, until);
    }

    /// <summary>The process lives: says so when a third of the lease has passed.</summary>
    /// <exception cref="TargetLostException">The target is another process's, or was changed.</exception>
    public async Task BeatAsync(HeldTarget held, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (held.Until - now > Lease * 2 / 3) return;
        var until = now + Lease;
        var beaten = await database.TransactAsync(unit => unit.ExecuteAsync(
            "UPDATE scim_target SET lease_until = $3 WHERE id = $1 AND fence = $2", held.Row.Id, held.Row.Fence,
            until.ToUnixTimeMilliseconds()), cancellation);
        if (beaten == 0) throw new TargetLostException(held.Row.Name);
        held.Until = until;
    }

    /// <summary>A call that begins now ends while the target is held.</summary>
    public bool MayCall(HeldTarget held) => held.Until - clock.GetUtcNow() > Calls.TargetCalls.Longest;

    /// <summary>Holds the target for this transaction.</summary>
    /// <exception cref="TargetLostException">Another process has it, or it was changed or removed.</exception>
    public static async ValueTask FenceAsync(IUnitOfWork unit, HeldTarget held)
    {
        var kept = await unit.ExecuteAsync("UPDATE scim_target SET fence = fence WHERE id = $1 AND fence = $2", held.Row.Id,
            held.Row.Fence);
        if (kept == 0) throw new TargetLostException(held.Row.Name);
    }

    /// <summary>The work is done, or the process stops: another one may go on at once.</summary>
    public Task ReleaseAsync(HeldTarget held, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE scim_target SET lease_until = NULL WHERE id = $1 AND fence = $2", held.Row.Id, held.Row.Fence);
    }, cancellation);
}

/// <summary>A target that this process works on. Not a record: it changes with what becomes of it.</summary>
internal sealed class HeldTarget(TargetRow row, DateTimeOffset until)
{
    private long _until = until.UtcTicks;

    /// <summary>As it is known to stand.</summary>
    public TargetRow Row { get; set; } = row;

    /// <summary>It is another process's from then on, unless this one says before that it lives.</summary>
    public DateTimeOffset Until
    {
        get => new(Volatile.Read(ref _until), TimeSpan.Zero);
        set => Volatile.Write(ref _until, value.UtcTicks);
    }
}

/// <summary>A target is another process's by now, or was changed.</summary>
internal sealed class TargetLostException(string target) : Exception($"The SCIM target {target} was taken over, or changed.");
