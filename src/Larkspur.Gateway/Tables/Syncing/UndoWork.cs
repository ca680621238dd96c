using System.Collections.Concurrent;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Tables.Syncing;

/// <summary>
/// Undoes runs, one of a sync at a time, to their end: also when whoever asked has gone. A process that ends leaves the sync paused, and
/// whoever asks again goes on.
/// </summary>
internal sealed partial class UndoWork(Undo undo, IHostApplicationLifetime life, TimeProvider clock, ILogger<UndoWork> logger)
{
    /// <summary>So long who asks is kept waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<long, Lazy<Task<UndoReport>>> _running = new();

    /// <summary>Undoes a run.</summary>
    /// <returns>What came of it; null: it goes on.</returns>
    /// <exception cref="SyncLostException">The sync was resumed, changed or removed meanwhile.</exception>
    /// <exception cref="SideAwayException">A side is away.</exception>
    /// <exception cref="SideStoppedException">A side says no.</exception>
    public async Task<UndoReport?> RunAsync(SyncRecord sync, long run, CancellationToken cancellation)
    {
        var work = _running.GetOrAdd(run, _ => new(() => Task.Run(() => WorkAsync(sync, run), CancellationToken.None)));
        try
        {
            return await work.Value.WaitAsync(Patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task<UndoReport> WorkAsync(SyncRecord sync, long run)
    {
        try
        {
            return await undo.RunAsync(sync.Id, run, life.ApplicationStopping);
        }
        catch (Exception e)
        {
            Failed(sync.Name, run, e.Message);
            throw;
        }
        finally
        {
            _running.TryRemove(run, out _);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sync {Sync}: undoing run {Run} stopped, and goes on when somebody asks again: {Why}")]
    private partial void Failed(string sync, long run, string why);
}
