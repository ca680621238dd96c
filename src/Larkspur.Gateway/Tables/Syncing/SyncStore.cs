using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;

namespace Larkspur.Gateway.Tables.Syncing;

/// <summary>Syncs as people make, change and steer them. Who does what stands in the audit log, in the same transaction.</summary>
internal sealed class SyncStore(IDatabase database, AuditTrail audit, SyncSignal signal, TimeProvider clock)
{
    public const int Most = 200;

    /// <summary>So many of one system: it leaves the others theirs.</summary>
    public const int MostOfOne = 50;

    public Task<List<SyncRecord>> AllAsync(CancellationToken cancellation) => database.ReadAsync(SyncRecord.AllAsync, cancellation);

    public Task<SyncRecord?> FindAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(sql => SyncRecord.FindAsync(sql, name), cancellation);

    /// <summary>Makes a sync, or changes one. A new one looks at both sides, reports, and waits for <see cref="StartAsync"/>.</summary>
    /// <returns>It as it is, and whether it is new.</returns>
    /// <exception cref="SyncRefusedException"><c>too_many</c>, <c>name_in_use</c>, <c>system_not_held</c>.</exception>
    public Task<(SyncRecord Row, bool IsNew)> PutAsync(
        KeyGrant by, string name, string owner, SyncSpec spec, CancellationToken cancellation) => WakeAsync(async unit =>
    {
        var now = clock.GetUtcNow();
        if (await SyncRecord.FindAsync(unit, name) is { } before)
        {
            if (!by.MayRead(before.Owner)) throw new SyncRefusedException("name_in_use", "/{name}");
            if (!by.MayChange(before.Owner)) throw new SyncRefusedException("system_not_held", null);
            var changed = await SyncAdmin.ChangeAsync(unit, before, spec, by.Who.Name, now);
            await audit.AddAsync(unit, by.Who, "sync.changed", name, Detail(spec));
            return (changed, false);
        }

        var all = await SyncRecord.AllAsync(unit);
        if (all.Count >= Most || (owner.Length > 0 && all.Count(row => row.Owner == owner) >= MostOfOne))
            throw new SyncRefusedException("too_many", null);
        var made = await SyncAdmin.MakeAsync(unit, name, owner, spec, by.Who.Name, now);
        await audit.AddAsync(unit, by.Who, "sync.created", name, Detail(spec));
        return (made, true);
    }, cancellation);

    /// <summary>Forgets a sync; what stands on both sides stays as it is.</summary>
    /// <returns>The sync that it was; null: for this caller there is none.</returns>
    public Task<SyncRecord?> RemoveAsync(KeyGrant by, string name, CancellationToken cancellation) => SteerAsync(by, name, "sync.removed",
        async (unit, row) => { await SyncAdmin.RemoveAsync(unit, row.Id); }, cancellation);

    /// <summary>The first copy begins.</summary>
    /// <inheritdoc cref="RemoveAsync" path="/returns"/>
    /// <exception cref="SyncRefusedException"><c>sync_started</c>: it has begun, or its survey is not done.</exception>
    public Task<SyncRecord?> StartAsync(KeyGrant by, string name, SideName? winner, CancellationToken cancellation) =>
        SteerAsync(by, name, "sync.started", async (unit, row) =>
        {
            if (!await SyncAdmin.StartAsync(unit, row.Id, winner)) throw new SyncRefusedException("sync_not_ready", null);
        }, cancellation);

    public Task<SyncRecord?> PauseAsync(KeyGrant by, string name, CancellationToken cancellation) =>
        SteerAsync(by, name, "sync.paused", (unit, row) => SyncAdmin.PauseAsync(unit, row.Id), cancellation);

    public Task<SyncRecord?> ResumeAsync(KeyGrant by, string name, CancellationToken cancellation) =>
        SteerAsync(by, name, "sync.resumed", (unit, row) => SyncAdmin.ResumeAsync(unit, row.Id), cancellation);

    /// <summary>Everything is compared now.</summary>
    public Task<SyncRecord?> ScanAsync(KeyGrant by, string name, CancellationToken cancellation) =>
        SteerAsync(by, name, "sync.compare_asked",
        (unit, row) => SyncProgress.AskScanAsync(unit, row.Id, "asked"), cancellation);

    /// <summary>Rows that wait for a yes are deleted, or come back.</summary>
    public Task<SyncRecord?> ConfirmAsync(KeyGrant by, string name, bool delete, CancellationToken cancellation) =>
        SteerAsync(by, name, delete ? "sync.deletions_confirmed" : "sync.deletions_refused", (unit, row) => delete
            ? SyncAdmin.ConfirmAsync(unit, row.Id, clock.GetUtcNow()) : SyncAdmin.RefuseDeletionsAsync(unit, row.Id), cancellation);

    /// <summary>Rows that did not get on are tried again.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="name">The sync.</param>
    /// <param name="problem">One; null: all.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<SyncRecord?> RetryAsync(KeyGrant by, string name, long? problem, CancellationToken cancellation) => SteerAsync(by, name,
        "sync.retried", async (unit, row) => { await ProblemStore.RetryAsync(unit, row.Id, problem); }, cancellation);

    /// <summary>A person decides a conflict.</summary>
    /// <param name="by">Who decides.</param>
    /// <param name="name">The sync.</param>
    /// <param name="conflict">As the person saw it.</param>
    /// <param name="decision">A word of <see cref="Decisions"/>.</param>
    /// <param name="value">For <see cref="Decisions.Value"/>: the canonical value.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="SyncRefusedException"><c>conflict_changed</c>: it is over, or is about other values by now.</exception>
    public Task<SyncRecord?> DecideAsync(
        KeyGrant by, string name, ConflictRow conflict, string decision, string? value, CancellationToken cancellation) =>
        SteerAsync(by, name, "sync.conflict_decided", async (unit, row) =>
        {
            if (conflict.Sync != row.Id || !await ConflictStore.DecideAsync(unit, conflict, decision, value, by.Who.Name))
                throw new SyncRefusedException("conflict_changed", null);
            await HintStore.OfRowAsync(unit, row.Id, conflict.RowId);
        }, cancellation, new() { ["row"] = conflict.Key, ["decision"] = decision });

    /// <summary>Rows that do not get on are looked at again.</summary>
    /// <param name="by">Who says so.</param>
    /// <param name="name">The sync.</param>
    /// <param name="ids">Which problems; null: all.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>How many; null: for this caller there is no such sync.</returns>
    public async Task<int?> RetryAsync(KeyGrant by, string name, IReadOnlyList<long>? ids, CancellationToken cancellation)
    {
        var retried = 0;
        var row = await SteerAsync(by, name, "sync.problems_retried", async (unit, sync) =>
        {
            retried = 0;
            if (ids is null) retried = await ProblemStore.RetryAsync(unit, sync.Id, null);
            else foreach (var id in ids.Where(id => id > 0).Distinct()) retried += await ProblemStore.RetryAsync(unit, sync.Id, id);
        }, cancellation);
        return row is null ? null : retried;
    }

    /// <summary>Notes who undoes a run.</summary>
    public Task<SyncRecord?> NoteUndoAsync(KeyGrant by, string name, long run, CancellationToken cancellation) =>
        SteerAsync(by, name, "sync.run_undone", (_, _) => ValueTask.CompletedTask, cancellation, new() { ["run"] = run });

    private async Task<SyncRecord?> SteerAsync(KeyGrant by, string name, string action, Func<IUnitOfWork, SyncRecord, ValueTask> change,
        CancellationToken cancellation, JsonObject? detail = null) => await WakeAsync(async unit =>
    {
        if (await SyncRecord.FindAsync(unit, name) is not { } row || !by.MayRead(row.Owner)) return null;
        if (!by.MayChange(row.Owner)) throw new SyncRefusedException("system_not_held", null);
        await change(unit, row);
        await audit.AddAsync(unit, by.Who, action, name, detail ?? []);
        return await SyncRecord.FindAsync(unit, row.Id) ?? row;
    }, cancellation);

    private async Task<T> WakeAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation)
    {
        var done = await database.TransactAsync(work, cancellation);
        signal.Wake();
        return done;
    }

    private static JsonObject Detail(SyncSpec spec) => new()
    {
        ["base"] = spec.Table.Base, ["table"] = spec.Table.Table, ["connection"] = spec.Source.Connection, ["source"] = spec.Source.Table,
    };
}
