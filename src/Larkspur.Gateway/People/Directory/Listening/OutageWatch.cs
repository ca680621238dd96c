using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People.Directory.Listening;

/// <summary>
/// Notes until when events of each directory could come, and has it read anew when they could not for longer than the platform goes on
/// trying: the gateway was down, a connection was lost, a process stood still, or nothing could be recorded.
/// </summary>
/// <remarks>
/// One process that was there all the time is enough: a break of another one's is none. So on a shared database the others have a while to
/// say so before a break is judged.
/// </remarks>
internal sealed partial class OutageWatch(IEnumerable<IEventPaths> paths, IDatabase database, RunStore runs, DirectorySignal signal,
    DirectoryOptions options, ILeases leases, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<OutageWatch> logger)
        : BackgroundService
{
    /// <summary>Without a note for so many times as long as there should be one, this process did not listen.</summary>
    private const int MostMissed = 3;

    /// <summary>Since when this process listens without a break.</summary>
    private DateTimeOffset _since;

    private long _lastNote;

    /// <summary>What is known at the end: whoever starts next judges by it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_lastNote == 0) return;
        try
        {
            await NoteAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time to stop is over. The last note is a little older, and is judged by.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            (_since, _lastNote) = (clock.GetUtcNow(), clock.GetTimestamp());
            using var timer = new PeriodicTimer(options.ListenEvery, clock);
            do await NoteAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync writes the rest.
        }
    }

    private async Task NoteAsync(CancellationToken cancellation)
    {
        // It stood still, or the database was away: then nothing was recorded either.
        if (clock.GetElapsedTime(_lastNote) > options.ListenEvery * MostMissed) _since = clock.GetUtcNow();
        try
        {
            var read = (await database.ReadAsync(DirectoryRow.AllAsync, cancellation)).Where(d => d.CompleteAt is not null)
                .Select(d => (d.Platform, d.App)).ToHashSet();
            foreach (var platform in paths)
            {
                foreach (var path in platform.Open.Where(p => read.Contains((platform.Platform, p.App))))
                    await NoteAsync(platform.Platform, path, cancellation);
            }

            _lastNote = clock.GetTimestamp();
        }
        catch (StorageUnavailableException e)
        {
            NotePostponed(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // An exception from here would stop the whole gateway.
            NoteFailed(e);
        }
    }

    private Task NoteAsync(string platform, EventPath path, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        var now = clock.GetUtcNow();
        var since = path.Since > _since ? path.Since.Value : _since;
        var until = path.HeardAt is { } heard && heard < now ? heard : now;
        if (until < since) until = since;
        var before = await ListeningRows.UntilAsync(unit, platform, path.App);
        if (before >= until) return;
        var away = since - before;
        if (away > TimeSpan.Zero && leases.IsShared && now - since < options.ListenEvery * 2) return;
        if (!await ListeningRows.WriteAsync(unit, platform, path.App, before, until) || !(away > path.Patience)) return;
        await runs.AskAsync(unit, Actor.System, platform, path.App, RunCauses.Outage, dry: false);
        unit.AfterCommit(() =>
        {
            EventsMayBeLost(platform, path.App, before!.Value, since);
            signal.Wake();
        });
    }, cancellation);

    [LoggerMessage(LogLevel.Warning,
        "Events of {Platform} app {App} may have been lost between {From:u} and {To:u}: its directory is read anew")]
    private partial void EventsMayBeLost(string platform, string app, DateTimeOffset from, DateTimeOffset to);
    [LoggerMessage(LogLevel.Warning, "Until when events could come is noted later: {Reason}")] private partial void NotePostponed(
        string reason);
    [LoggerMessage(LogLevel.Error, "Until when events could come could not be noted")] private partial void NoteFailed(Exception error);
}
