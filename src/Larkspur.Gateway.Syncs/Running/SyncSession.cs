using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>A sync that this process holds, with both sides open. Each write is made under the sync's fence.</summary>
internal sealed class SyncSession(
    IDatabase database, SyncLeases leases, HeldSync held, RowMap map, ISide table, ISide source, TimeProvider clock, ISyncChance chance)
{
    private (long Id, string? Kind) _run;

    public HeldSync Held => held;

    public SyncRecord Row => held.Row;

    public long Id => held.Row.Id;

    public SyncSpec Spec => held.Row.Spec;

    public RowMap Map => map;

    public ISide Table => table;

    public ISide Source => source;

    public Dialect Dialect => database.Dialect;

    public DateTimeOffset Now => clock.GetUtcNow();

    public ISide Of(SideName side) => side == SideName.Table ? table : source;

    public string NewKey() => chance.NewKey();

    public Rules Rules(bool mayDelete = false) =>
        new(map, Spec, Row.Phase == Phases.Live ? null : Row.Winner, Now) { MayDelete = mayDelete };

    public Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation) => database.ReadAsync(query, cancellation);

    /// <summary>A write that counts only while the sync is held.</summary>
    /// <exception cref="SyncLostException">It is not.</exception>
    public async Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation)
    {
        chance.BeforeStep();
        var (before, done) = (_run, false);
        try
        {
            var result = await database.TransactAsync(async unit =>
            {
                // It may be undone and run again: a run that it began then was never there.
                _run = before;
                await SyncLeases.FenceAsync(unit, held);
                return await work(unit);
            }, cancellation);
            done = true;
            chance.AfterStep();
            return result;
        }
        finally
        {
            if (!done) _run = before;
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<IUnitOfWork, ValueTask> work, CancellationToken cancellation) => WriteAsync(async unit =>
    {
        await work(unit);
        return true;
    }, cancellation);

    /// <summary>Says that this process lives, and sends only while the sync is surely its own.</summary>
    public async Task MaySendAsync(CancellationToken cancellation)
    {
        await leases.BeatAsync(held, cancellation);
        leases.CheckMaySend(held);
    }

    /// <summary>Reads the sync's own row again.</summary>
    public async Task RefreshAsync(CancellationToken cancellation) =>
        held.Row = await ReadAsync(sql => SyncRecord.FindAsync(sql, Id), cancellation) is { } row && row.Fence == held.Row.Fence
            ? row : throw new SyncLostException(held.Row.Name);

    /// <summary>The run that what is done now counts for.</summary>
    public async ValueTask<long> RunAsync(IUnitOfWork unit)
    {
        var kind = Kind;
        if (_run.Kind == kind) return _run.Id;
        // One session surveys, copies and then carries changes over: each is a run of its own.
        if (_run.Kind is not null) await SyncRuns.EndAsync(unit, Id, Now);
        _run = (await SyncRuns.OpenAsync(unit, Id, kind, Now), kind);
        return _run.Id;
    }

    /// <summary>The run is over; the next thing that is done begins another.</summary>
    public async Task EndRunAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(sql => SyncRuns.AnyOpenAsync(sql, Id), cancellation))
            await WriteAsync(unit => SyncRuns.EndAsync(unit, Id, Now), cancellation);
        _run = default;
    }

    private string Kind => Row.Phase switch
    {
        Phases.SurveyTable or Phases.SurveySource => RunRow.Survey,
        Phases.CopySource or Phases.CopyTable => RunRow.Copy,
        _ when Row.Scan is not null => RunRow.Compare,
        _ => RunRow.Changes,
    };
}

/// <summary>What is left to chance, and where tests let a process die.</summary>
internal interface ISyncChance
{
    /// <summary>A key for a row that has none.</summary>
    string NewKey() => Guid.NewGuid().ToString();

    /// <summary>A step is about to become durable.</summary>
    void BeforeStep()
    {
    }

    /// <summary>A step is durable.</summary>
    void AfterStep()
    {
    }
}

/// <summary>Chance as it is.</summary>
internal sealed class SyncChance : ISyncChance;
