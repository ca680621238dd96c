using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>Works on a sync until nothing is left to do, a side is away, or somebody else has it.</summary>
internal sealed partial class SyncCycle(
    IDatabase database, SyncLeases leases, SyncOpening opening, SyncOptions options, TimeProvider clock, ILogger<SyncCycle> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CallsEndWithin = TimeSpan.FromSeconds(5);

    public async Task RunAsync(HeldSync held, CancellationToken cancellation)
    {
        try
        {
            var session = await opening.OpenAsync(held, cancellation);
            await using var table = session.Table;
            await using var source = session.Source;
            await WorkAsync(session, cancellation);
            await session.EndRunAsync(cancellation);
            await EndAsync(session, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // A call that was under way may still arrive: the next one waits a moment.
            await leases.LeaveAsync(held, CallsEndWithin, CancellationToken.None);
            throw;
        }
        catch (SyncLostException e)
        {
            Lost(held.Row.Name, e.Message);
        }
        catch (SideAwayException e)
        {
            await AwayAsync(held, e, cancellation);
        }
        catch (Exception e) when (e is not (SideStoppedException or StorageUnavailableException or OperationCanceledException))
        {
            // A fault of ours, or a side that answers what nobody expects: people see that it stands still, and why.
            Failed(held.Row.Name, e);
            await AwayAsync(held, new(Problems.Failed, e.Message, e), cancellation);
        }
        catch (SideStoppedException e)
        {
            Stopped(held.Row.Name, e.Reason, e.Detail);
            await database.TransactAsync(async unit =>
            {
                if (await IsHeldAsync(unit, held))
                    await SyncProgress.PauseAsync(unit, held.Row.Id, e.Reason, e.Side is { } side ? new SideWord(side).ToString()
                        : null, e.Detail);
            }, cancellation);
        }
    }

    private async Task WorkAsync(SyncSession session, CancellationToken cancellation)
    {
        var live = new LiveWork(session, options);
        while (!cancellation.IsCancellationRequested)
        {
            await session.MaySendAsync(cancellation);
            switch (session.Row.Phase)
            {
                case Phases.SurveyTable:
                    await new Survey(session).TableAsync(cancellation);
                    break;
                case Phases.SurveySource:
                    await new Survey(session).SourceAsync(cancellation);
                    break;
                case Phases.CopySource:
                    await new FirstCopy(session).SourceAsync(cancellation);
                    break;
                case Phases.CopyTable:
                    await new FirstCopy(session).TableAsync(cancellation);
                    break;
                case Phases.Live:
                    if (!await live.StepAsync(cancellation)) return;
                    break;
                default:
                    return;
            }

            await session.RefreshAsync(cancellation);
        }
    }

    private async Task EndAsync(SyncSession session, CancellationToken cancellation)
    {
        if (session.Row.Away is not null || session.Row.Tries > 0)
            await session.WriteAsync(unit => SyncProgress.WellAsync(unit, session.Id), cancellation);
        await leases.ReleaseAsync(session.Held, cancellation);
    }

    /// <summary>The sync is left alone for a while.</summary>
    private async Task AwayAsync(HeldSync held, SideAwayException e, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(held.Row.Tries, 10)));
        if (e.RetryAfter is { } wish && wish > pause) pause = wish;
        Away(held.Row.Name, e.Reason, e.Detail, pause);
        await database.TransactAsync(async unit =>
        {
            if (await IsHeldAsync(unit, held))
                await SyncProgress.AwayAsync(unit, held.Row.Id, e.Reason, e.Side is { } side ? new SideWord(side).ToString() : null,
                    e.Detail,
                    clock.GetUtcNow() + pause);
        }, cancellation);
    }

    private static async ValueTask<bool> IsHeldAsync(IUnitOfWork unit, HeldSync held) =>
        await unit.ExecuteAsync("UPDATE sync SET fence = fence WHERE id = $1 AND fence = $2", held.Row.Id, held.Row.Fence) > 0;

    [LoggerMessage(LogLevel.Error, "Sync {Sync} failed")] private partial void Failed(string sync, Exception error);

    [LoggerMessage(LogLevel.Information, "Sync {Sync} is gone on with elsewhere: {Why}")] private partial void Lost(string sync,
        string why);

    [LoggerMessage(LogLevel.Warning, "Sync {Sync}: a side is away ({Reason}: {Detail}); it is left alone for {Pause}")]
    private partial void Away(string sync, string reason, string? detail, TimeSpan pause);

    [LoggerMessage(LogLevel.Error, "Sync {Sync} is paused until somebody mends it: {Reason}: {Detail}")]
    private partial void Stopped(string sync, string reason, string? detail);
}
