using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Runs of directories' syncs: asked for, taken by a process, ended.</summary>
/// <remarks>
/// A run belongs to the process that took it last: each of its writes says so by <see cref="FenceAsync"/>, and one that stood still
/// finds it out there.
/// </remarks>
internal sealed class RunStore(IDatabase database, AuditTrail audit, TimeProvider clock)
{
    /// <summary>So long a run waits for its process to say that it lives.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static string Open => $"'{RunStates.Queued}', '{RunStates.Running}'";

    /// <summary>Asks for a run; one that is asked for already is enough.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="platform">Whose directory.</param>
    /// <param name="app">By which app it is read.</param>
    /// <param name="cause">A word of <see cref="RunCauses"/>.</param>
    /// <param name="dry">It changes nothing.</param>
    /// <param name="confirms">The run whose question was answered with yes.</param>
    /// <param name="missedAt">When something of an outage happened: a run after it that reads for the same cause is enough.</param>
    /// <returns>Its number.</returns>
    public async ValueTask<long> AskAsync(IUnitOfWork unit, Actor by, string platform, string app, string cause, bool dry,
        long? confirms = null, DateTimeOffset? missedAt = null)
    {
        // One that runs has read some of it before what an event now tells, or what was missed.
        var enough = cause is RunCauses.Events or RunCauses.Outage ? $"'{RunStates.Queued}'" : Open;
        var open = confirms is not null ? null : await unit.NumberAsync($"""
            SELECT id FROM directory_run WHERE platform = $1 AND app = $2 AND dry = $3 AND (state IN ({enough})
              OR (state = '{RunStates.Running}' AND cause = '{RunCauses.Outage}' AND created_at > $4)) ORDER BY id LIMIT 1
            """, platform, app, dry ? 1 : 0, missedAt?.ToUnixTimeMilliseconds() ?? long.MaxValue);
        if (open is { } asked) return asked;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var id = (await unit.NumberAsync("""
            INSERT INTO directory_run (platform, app, cause, asked_by, dry, confirms, state, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
            """, platform, app, cause, by.Name, dry ? 1 : 0, confirms, RunStates.Queued, now))!.Value;
        if (cause is RunCauses.Manual or RunCauses.Confirmed)
            await audit.AddAsync(unit, by, "directory.sync_asked", platform,
                new JsonObject { ["app"] = app, ["run"] = id, ["dry_run"] = dry, ["confirms"] = confirms });
        return id;
    }

    /// <summary>Whether there is a run to take: a look that costs no write.</summary>
    public Task<bool> IsAnyDueAsync(CancellationToken cancellation) => database.ReadAsync(async sql => await sql.NumberAsync(
        $"SELECT 1 FROM directory_run WHERE ended_at IS NULL AND (state = '{RunStates.Queued}' "
        + $"OR (state = '{RunStates.Running}' AND lease_until < $1)) LIMIT 1", clock.GetUtcNow().ToUnixTimeMilliseconds()) is not null,
        cancellation);

    /// <summary>Takes a run that waits, or one whose process does not live any more.</summary>
    public Task<RunRow?> TakeAsync(CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        var now = clock.GetUtcNow();
        return await unit.FirstAsync($"""
            UPDATE directory_run
            SET state = '{RunStates.Running}', token = token + 1, lease_until = $1, started_at = COALESCE(started_at, $2)
            WHERE id = (
                SELECT MIN(r.id) FROM directory_run r
                WHERE (r.state = '{RunStates.Queued}' OR (r.state = '{RunStates.Running}' AND r.lease_until < $2))
                  AND NOT EXISTS (SELECT 1 FROM directory_run o WHERE o.platform = r.platform AND o.app = r.app AND o.id <> r.id
                    AND o.state = '{RunStates.Running}' AND o.lease_until >= $2))
              AND (state = '{RunStates.Queued}' OR lease_until < $2)
            RETURNING {RunRow.Columns}
            """, RunRow.Read, (now + Lease).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
    }, cancellation);

    /// <summary>The process lives, and has come so far.</summary>
    /// <returns>False: the run is another process's, or was ended.</returns>
    public Task<bool> BeatAsync(RunRow run, RunProgress progress, RunCounts counts, CancellationToken cancellation) =>
        database.TransactAsync(async unit => await unit.ExecuteAsync($"""
            UPDATE directory_run SET lease_until = $3, progress = $4, counts = $5
            WHERE id = $1 AND token = $2 AND state = '{RunStates.Running}'
            """, run.Id, run.Token, (clock.GetUtcNow() + Lease).ToUnixTimeMilliseconds(), JsonSerializer.Serialize(progress),
            JsonSerializer.Serialize(counts)) == 1, cancellation);

    /// <summary>Holds the run for this transaction.</summary>
    /// <exception cref="RunLostException">Another process has it.</exception>
    public static async ValueTask FenceAsync(IUnitOfWork unit, RunRow run)
    {
        var held = await unit.ExecuteAsync(
            $"UPDATE directory_run SET token = token WHERE id = $1 AND token = $2 AND state = '{RunStates.Running}'", run.Id, run.Token);
        if (held == 0) throw new RunLostException(run.Id);
    }

    /// <summary>A run ends, or waits for an answer.</summary>
    public async ValueTask EndAsync(
        IUnitOfWork unit, RunRow run, string state, RunCounts counts, string? reason = null, string? detail = null)
    {
        await unit.ExecuteAsync("""
            UPDATE directory_run
            SET state = $2, reason = $3, detail = $4, counts = $5, progress = NULL, lease_until = NULL, ended_at = $6 WHERE id = $1
            """, run.Id, state, reason, detail, JsonSerializer.Serialize(counts), clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (run.IsDry || state is not (RunStates.Waiting or RunStates.Complete)) return;
        // What an older run asked, and what events told before it began, this one has looked at.
        await unit.ExecuteAsync($"""
            UPDATE directory_run SET state = '{RunStates.Discarded}'
            WHERE platform = $1 AND app = $2 AND state = '{RunStates.Waiting}' AND id < $3
            """, run.Platform, run.App, run.Id);
        await DirectoryHints.ForgetAsync(unit, run.Platform, run.App, run.StartedAt ?? run.CreatedAt);
    }

    /// <summary>The process stops: another one goes on at once.</summary>
    public Task ReleaseAsync(RunRow run, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync(
            $"UPDATE directory_run SET lease_until = 0 WHERE id = $1 AND token = $2 AND state = '{RunStates.Running}'", run.Id, run.Token);
    }, cancellation);

    /// <summary>An administrator answers what a run asks.</summary>
    /// <returns>The run that does it; null with <paramref name="yes"/> false. The word is why it cannot be answered.</returns>
    public Task<(string? Refused, long? Run)> AnswerAsync(Actor by, long id, bool yes, CancellationToken cancellation) =>
        database.TransactAsync<(string?, long?)>(async unit =>
    {
        if (await FindAsync(unit, id) is not { } run) return ("not_found", null);
        var answered = await unit.ExecuteAsync($"UPDATE directory_run SET state = $2 WHERE id = $1 AND state = '{RunStates.Waiting}'",
            id, yes ? RunStates.Applied : RunStates.Discarded);
        if (answered == 0) return ("run_not_waiting", null);
        await audit.AddAsync(unit, by, yes ? "directory.confirmed" : "directory.discarded", run.Platform,
            new JsonObject { ["app"] = run.App, ["run"] = id, ["left"] = run.Counts.Left });
        return (null, yes ? await AskAsync(unit, by, run.Platform, run.App, RunCauses.Confirmed, dry: false, confirms: id) : null);
    }, cancellation);

    public static ValueTask<RunRow?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync($"SELECT {RunRow.Columns} FROM directory_run WHERE id = $1", RunRow.Read, id);

    /// <summary>Runs, the newest first.</summary>
    public static ValueTask<List<RunRow>> ListAsync(ISql sql, string? platform, long? before, int limit) => sql.QueryAsync(
        $"SELECT {RunRow.Columns} FROM directory_run WHERE ($1 = '' OR platform = $1) AND id < $2 ORDER BY id DESC LIMIT {limit}",
            RunRow.Read, platform ?? "", before ?? long.MaxValue);

    /// <summary>Runs that wait for an administrator's answer, the newest first.</summary>
    public static ValueTask<List<RunRow>> WaitingAsync(ISql sql) => sql.QueryAsync(
        $"SELECT {RunRow.Columns} FROM directory_run WHERE state = '{RunStates.Waiting}' ORDER BY id DESC LIMIT 20", RunRow.Read);

    /// <summary>Forgets old ones.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync(
        "DELETE FROM directory_run WHERE id IN (SELECT id FROM directory_run WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)");
}

/// <summary>A run is another process's by now.</summary>
internal sealed class RunLostException(long run) : Exception($"Run {run} of the directory was taken over.");
