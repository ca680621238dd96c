using System.Collections.Concurrent;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>Wakes the worker on syncs of this process.</summary>
internal sealed class SyncSignal : WorkSignal;

/// <summary>Looks for syncs on which there is something to do, and works on them beside each other: one that is slow keeps no other waiting.
/// </summary>
internal sealed partial class SyncWorker(
    SyncLeases syncs, SyncCycle cycle, SyncSignal signal, SyncOptions options, ILeases leases, TimeProvider clock, ILogger<SyncWorker> logger)
    : BackgroundService
{
    private readonly ConcurrentDictionary<long, Task> _working = new();

    /// <summary>When each was worked on last.</summary>
    private readonly ConcurrentDictionary<long, long> _ended = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await new WorkLoop("Syncs", signal, leases, clock, logger).RunAsync(BeginAsync, stoppingToken);
        await Task.WhenAll(_working.Values);
    }

    /// <returns>False: what was begun wakes the loop when it ends.</returns>
    private async Task<bool> BeginAsync(CancellationToken stopping)
    {
        var due = (await syncs.DueAsync(options.LookEvery, stopping)).Where(id => !_working.ContainsKey(id));
        // Whoever has waited longest comes first.
        foreach (var id in due.OrderBy(id => _ended.GetValueOrDefault(id)).ToArray())
        {
            if (_working.Count >= options.AtOnce) return false;
            if (await syncs.TakeAsync(id, stopping) is not { } held) continue;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _working[id] = done.Task;
            _ = Task.Run(() => WorkAsync(held, done, stopping), CancellationToken.None);
        }

        return false;
    }

    private async Task WorkAsync(HeldSync held, TaskCompletionSource done, CancellationToken stopping)
    {
        try
        {
            await cycle.RunAsync(held, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Stopping(held.Row.Name);
        }
        catch (StorageUnavailableException e)
        {
            // Its lease ends by itself, and somebody goes on.
            Postponed(e.Message);
        }
        catch (Exception e)
        {
            Failed(held.Row.Name, e);
        }
        finally
        {
            _ended[held.Row.Id] = clock.GetTimestamp();
            _working.TryRemove(held.Row.Id, out _);
            done.SetResult();
            signal.Wake();
        }
    }

    [LoggerMessage(LogLevel.Information, "Sync {Sync} stops with this process; what was under way is looked at again")]
    private partial void Stopping(string sync);

    [LoggerMessage(LogLevel.Warning, "Syncs wait: {Reason}")] private partial void Postponed(string reason);

    [LoggerMessage(LogLevel.Error, "Sync {Sync} failed; trying again")] private partial void Failed(string sync, Exception error);
}
