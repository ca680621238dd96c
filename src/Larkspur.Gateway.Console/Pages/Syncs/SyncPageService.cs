using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Tables.Syncing;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What the pages of syncs show, and how they steer one.</summary>
internal sealed class SyncPageService(IDatabase database, SyncStore syncs, SourceTraces traces)
{
    /// <summary>All of them, by name.</summary>
    public Task<List<SyncSight>> ListAsync(CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var (counts, runs) = (await SyncLists.CountsAsync(sql), (await SyncLists.LastRunsAsync(sql)).ToDictionary(run => run.Sync));
        return (await SyncRecord.AllAsync(sql))
            .ConvertAll(row => new SyncSight(row, counts.GetValueOrDefault(row.Id), runs.GetValueOrDefault(row.Id)));
    }, cancellation);

    /// <summary>One of them; null: there is none.</summary>
    public Task<SyncSight?> FindAsync(string name, CancellationToken cancellation) => database.ReadAsync(async sql =>
        await SyncRecord.FindAsync(sql, name) is { } row
            ? new SyncSight(row, await SyncLists.CountsAsync(sql, row.Id), (await SyncRuns.LastAsync(sql, row.Id, 1)).FirstOrDefault())
            : null, cancellation);

    /// <summary>Rows that both sides have, and that are kept equal.</summary>
    public Task<long> LinkedAsync(long sync, CancellationToken cancellation) =>
        database.ReadAsync(sql => RowStore.LinkedAsync(sql, sync), cancellation);

    /// <exception cref="ActionRefusedException">It is not there any more, or does not wait for that.</exception>
    public Task StartAsync(Actor who, string name, SideName? winner, CancellationToken cancellation) =>
        SteerAsync(() => syncs.StartAsync(new(who), name, winner, cancellation));

    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public Task PauseAsync(Actor who, string name, CancellationToken cancellation) =>
        SteerAsync(() => syncs.PauseAsync(new(who), name, cancellation));

    /// <inheritdoc cref="PauseAsync"/>
    public Task ResumeAsync(Actor who, string name, CancellationToken cancellation) =>
        SteerAsync(() => syncs.ResumeAsync(new(who), name, cancellation));

    /// <inheritdoc cref="PauseAsync"/>
    public Task CompareAsync(Actor who, string name, CancellationToken cancellation) =>
        SteerAsync(() => syncs.ScanAsync(new(who), name, cancellation));

    /// <summary>Rows that wait for a yes are deleted, or come back.</summary>
    /// <inheritdoc cref="PauseAsync" path="/exception"/>
    public Task ConfirmAsync(Actor who, string name, bool delete, CancellationToken cancellation) =>
        SteerAsync(() => syncs.ConfirmAsync(new(who), name, delete, cancellation));

    /// <inheritdoc cref="PauseAsync"/>
    public Task RetryAsync(Actor who, string name, long? problem, CancellationToken cancellation) =>
        SteerAsync(() => syncs.RetryAsync(new(who), name, problem, cancellation));

    /// <inheritdoc cref="PauseAsync"/>
    public Task RemoveAsync(Actor who, string name, CancellationToken cancellation) => SteerAsync(async () =>
    {
        var removed = await syncs.RemoveAsync(new(who), name, cancellation);
        if (removed is not null) await traces.RemoveAsync(removed, cancellation);
        return removed;
    });

    /// <exception cref="ActionRefusedException">It is over, or about other values by now.</exception>
    public Task DecideAsync(Actor who, string name, ConflictRow conflict, string decision, string? value, CancellationToken cancellation) =>
        SteerAsync(() => syncs.DecideAsync(new(who), name, conflict, decision, value, cancellation));

    internal static async Task SteerAsync(Func<Task<SyncRecord?>> work)
    {
        try
        {
            if (await work() is null) throw new ActionRefusedException(SyncsTexts.Gone);
        }
        catch (SyncRefusedException e)
        {
            throw new ActionRefusedException(SyncsTexts.FindRefusal(e.Word) ?? e.Word);
        }
    }
}
