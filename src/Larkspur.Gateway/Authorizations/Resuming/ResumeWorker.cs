using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Authorizations.Resuming;

/// <summary>Goes on with what stopped for somebody's word. Each piece ends in one transaction, so that it shows once.</summary>
internal sealed partial class ResumeWorker(IDatabase database, AuthorizationStore store, IEnumerable<IAuthorizationResume> kinds,
    ResumeSignal signal, ILeases leases, TimeProvider clock, ILogger<ResumeWorker> logger) : BackgroundService
{
    /// <summary>Longer than the calls of one take.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)];

    private readonly Dictionary<string, IAuthorizationResume> _kinds = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new WorkLoop("What waited for authorizations", signal, leases, clock, logger).RunAsync(WorkAsync, stoppingToken);

    private async Task<bool> WorkAsync(CancellationToken stopping)
    {
        var taken = await ResumeRows.TakeAsync(database, clock.GetUtcNow(), Lease, stopping);
        // All at once: they are calls that wait, and none may outlast the lease of the take behind others.
        var all = new ParallelOptions { MaxDegreeOfParallelism = ResumeRows.AtOnce, CancellationToken = stopping };
        await Parallel.ForEachAsync(taken, all, async (row, cancellation) => await TryAsync(row, cancellation));
        return taken.Count > 0;
    }

    private async Task TryAsync(PendingResume row, CancellationToken cancellation)
    {
        try
        {
            await GoOnAsync(row, cancellation);
        }
        catch (StorageUnavailableException e)
        {
            // The others of the take are not cut off for it; this one is taken again when its lease is over.
            Waits(row.Kind, row.Authorization, e.Message);
        }
    }

    private async Task GoOnAsync(PendingResume row, CancellationToken cancellation)
    {
        var given = await store.FindAsync(row.Authorization, cancellation);
        if (given is null || !_kinds.TryGetValue(row.Kind, out var kind))
        {
            await database.TransactAsync(async unit => { await ResumeRows.EndAsync(unit, row); }, cancellation);
            return;
        }

        if (given is not { State: AuthorizationStates.Given or AuthorizationStates.Refused })
        {
            // It ended between the yes and this.
            await GiveUpAsync(kind, row, given, cancellation);
            return;
        }

        try
        {
            Func<IUnitOfWork, ValueTask> write = given.IsGiven ? await kind.PrepareAsync(given, row.Payload, cancellation)
                : unit => kind.RefusedAsync(unit, given, row.Payload);
            await database.TransactAsync(async unit =>
            {
                if (await ResumeRows.EndAsync(unit, row)) await write(unit);
            }, cancellation);
        }
        catch (Exception e) when (e is not StorageUnavailableException && !cancellation.IsCancellationRequested)
        {
            if (row.Tries < Pauses.Length)
            {
                PutOff(row.Kind, row.Authorization, e);
                await ResumeRows.PutOffAsync(database, row, clock.GetUtcNow() + Pauses[row.Tries], cancellation);
                return;
            }

            GivenUp(row.Kind, row.Authorization, e);
            await GiveUpAsync(kind, row, given, cancellation);
        }
    }

    /// <summary>The person is told; where even that fails, it ends all the same.</summary>
    private async Task GiveUpAsync(IAuthorizationResume kind, PendingResume row, UserAuthorization given, CancellationToken cancellation)
    {
        try
        {
            await database.TransactAsync(async unit =>
            {
                if (await ResumeRows.EndAsync(unit, row)) await kind.FailedAsync(unit, given, row.Payload);
            }, cancellation);
        }
        catch (Exception e) when (e is not StorageUnavailableException && !cancellation.IsCancellationRequested)
        {
            Untold(row.Kind, row.Authorization, e);
            await database.TransactAsync(async unit => { await ResumeRows.EndAsync(unit, row); }, cancellation);
        }
    }

    [LoggerMessage(LogLevel.Information, "What waited for an authorization ({Kind}, {Authorization}) could not go on; it is tried again")]
    private partial void PutOff(string kind, string authorization, Exception error);

    [LoggerMessage(LogLevel.Warning, "What waited for an authorization ({Kind}, {Authorization}) waits for the database ({Reason})")]
    private partial void Waits(string kind, string authorization, string reason);

    [LoggerMessage(LogLevel.Error, "What waited for an authorization ({Kind}, {Authorization}) could not go on")]
    private partial void GivenUp(string kind, string authorization, Exception error);

    [LoggerMessage(LogLevel.Error, "Nobody could be told that it did not go on ({Kind}, {Authorization})")]
    private partial void Untold(string kind, string authorization, Exception error);
}
