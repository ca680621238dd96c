using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Streams;

/// <summary>Puts texts down while they are written, closes streams that nobody will go on with, and takes over those that somebody will.</summary>
internal sealed partial class StreamMaintenance(IDatabase database, StreamStore store, LiveStreams live, CardStreams streams,
    StreamCompleter ender, LateFrames late, ILeases leases, StreamOptions options, TimeProvider clock, ILogger<StreamMaintenance> logger)
    : BackgroundService
{
    private const int Batch = 100;

    private readonly TimeSpan _sweepEvery = TimeSpan.FromMilliseconds(Math.Clamp(options.IdleTimeout.TotalMilliseconds / 4, 250, 5000));
    private long? _checked;
    private long? _swept;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => RunAsync(stoppingToken), CancellationToken.None);

    /// <summary>After everything that writes has stopped: the text so far is durable, and the next start goes on.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(live.All.Select(Task (s) => s.StopAsync())).WaitAsync(TimeSpan.FromSeconds(3), clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await TryAsync("Texts could not be put down", () => CheckpointAsync(cancellationToken));
        await TryAsync("Last faces could not be shown again", () => late.LookAsync(cancellationToken));
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await TryAsync("Texts could not be put down", () => CheckpointAsync(stopping));
            await TryAsync("Loading cards could not be looked for", () => FindOpenedAsync(stopping));
            if (leases.IsShared || IsDue(ref _checked, _sweepEvery)) await TryAsync("Streams could not be compared with their rows", () => LetGoAsync(stopping));
            await TryAsync("Last faces could not be shown again", () => late.LookAsync(stopping));
            if (IsDue(ref _swept, _sweepEvery)) await TryAsync("Open streams could not be looked through", () => SweepAsync(stopping));
            await Task.Delay(options.CheckpointInterval, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CheckpointAsync(CancellationToken cancellation)
    {
        var written = live.All.Select(stream => (Stream: stream, Text: stream.TakeDirty())).Where(w => w.Text is not null).ToArray();
        foreach (var batch in written.Chunk(Batch))
        {
            bool[] kept;
            try
            {
                kept = await database.TransactAsync(async unit =>
                {
                    var kept = new bool[batch.Length];
                    for (var i = 0; i < batch.Length; i++) kept[i] = await StreamStore.WriteAsync(unit, batch[i].Stream.Id, leases.Node, batch[i].Text!, clock.GetUtcNow());
                    return kept;
                }, cancellation);
            }
            catch
            {
                foreach (var (stream, _) in batch) stream.StillDirty();
                throw;
            }

            for (var i = 0; i < batch.Length; i++)
            {
                if (!kept[i]) batch[i].Stream.Abandon(elsewhere: true);
            }
        }
    }

    /// <summary>A loading card may have been sent by another process.</summary>
    private async Task FindOpenedAsync(CancellationToken cancellation)
    {
        if (!leases.IsShared) return;
        foreach (var stream in live.All.Where(s => !s.IsOpened).Take(Batch).ToArray())
        {
            if ((await store.PagesAsync(stream.Id, cancellation)) is [{ MessageId: not null } first, ..]) stream.Opened(first);
        }
    }

    /// <summary>
    /// A stream that a business system feeds may be ended, or gone on with, in another process; here nothing tells of it, since what was fed is durable and not put down again.
    /// </summary>
    private async Task LetGoAsync(CancellationToken cancellation)
    {
        // First these: a stream is this process's before it is among them.
        var known = live.All.ToArray();
        if (known.Length == 0) return;
        var own = await store.OwnAsync(leases.Node, cancellation);
        foreach (var stream in known.Where(s => !own.Contains(s.Id))) stream.Abandon(elsewhere: true);
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        if (leases.Held.IsEmpty) return;
        foreach (var (id, why) in await store.ForsakenAsync(leases.Held, clock.GetUtcNow() - options.IdleTimeout, Batch, cancellation))
        {
            // Each by itself: the one that cannot be read is the first of them every time.
            await TryAsync($"Stream {id} could not be looked after", () => why == StreamStore.Orphan ? TakeOverAsync(id, cancellation) : CloseAsync(id, why, cancellation));
        }
    }

    private async Task TakeOverAsync(string id, CancellationToken cancellation)
    {
        if (await database.TransactAsync(unit => StreamStore.TakeAsync(unit, id, leases.Node, anew: false, clock.GetUtcNow()), cancellation) is not { } row) return;
        await streams.AdoptAsync(row, fromElsewhere: true, cancellation);
        StreamTakenOver(id, row.Reference);
    }

    private async Task CloseAsync(string id, string why, CancellationToken cancellation)
    {
        // What this process knows is newer than what it put down.
        await CheckpointAsync(cancellation);
        if (await store.FindAsync(id, cancellation) is not { HasEnded: false } row) return;
        var end = why == StreamEndings.Idle ? StreamCompleter.Idle(row, row.Text) : StreamCompleter.Interrupted(row, row.Text);
        if (await ender.EndAsync(id, end, cancellation)) StreamClosed(id, why, row.Reference);
    }

    private bool IsDue(ref long? last, TimeSpan every)
    {
        if (last is { } at && clock.GetElapsedTime(at) < every) return false;
        last = clock.GetTimestamp();
        return true;
    }

    private async Task TryAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (StorageUnavailableException e)
        {
            WorkPostponed(what, e.Message);
        }
        catch (Exception e)
        {
            // One stream that cannot be read must not keep the others from being looked after.
            WorkFailed(what, e);
        }
    }

    [LoggerMessage(LogLevel.Information, "Stream {StreamId} was left by another process; its frames go on, reference {Reference}")]
    private partial void StreamTakenOver(string streamId, string reference);
    [LoggerMessage(LogLevel.Warning, "Stream {StreamId} is closed ({Reason}), reference {Reference}")]
    private partial void StreamClosed(string streamId, string reason, string reference);
    [LoggerMessage(LogLevel.Warning, "{What} ({Reason}); trying again")] private partial void WorkPostponed(string what, string reason);
    [LoggerMessage(LogLevel.Error, "{What}; trying again")] private partial void WorkFailed(string what, Exception error);
}
