using System.Collections.Concurrent;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>Wakes the worker on syncs of this process.</summary>
internal sealed class SyncSignal : WorkSignal;

/// <summary>Looks for syncs on which there is something to do, and works on them beside each other: one that is slow keeps no other
/// waiting.
/// </summary>
internal sealed partial class SyncWorker(
    SyncLeases syncs, SyncCycle cycle, SyncSignal signal, SyncOptions options, ILeases leases, TimeProvider clock,
        ILogger<SyncWorker> logger)
    : BackgroundService, ILeaseHolder
{
    private readonly ConcurrentDictionary<long, Work> _working = new();

    /// <summary>When each was worked on last.</summary>
    private readonly ConcurrentDictionary<long, long> _ended = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        leases.Register(this);
        await new WorkLoop("Syncs", signal, leases, clock, logger).RunAsync(BeginAsync, stoppingToken);
        await Task.WhenAll(_working.Values.Select(work => work.Done.Task));
    }

    void ILeaseHolder.Gained(Partitions partitions) => signal.Wake();

    /// <summary>What is under way ends before another process begins it.</summary>
    async Task ILeaseHolder.LoseAsync(Partitions partitions)
    {
        var lost = _working.Where(pair => partitions.Contains(SyncLeases.PartitionOf(pair.Key))).Select(pair => pair.Value).ToList();
        await Task.WhenAll(lost.Select(StopAsync));
    }

    private static async Task StopAsync(Work work)
    {
        try
        {
            await work.Stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
            return;
        }

        await work.Done.Task;
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
            var work = new Work(new(TaskCreationOptions.RunContinuationsAsynchronously),
                CancellationTokenSource.CreateLinkedTokenSource(stopping));
            _working[id] = work;
            _ = Task.Run(() => WorkAsync(held, work), CancellationToken.None);
        }

        return false;
    }

    private async Task WorkAsync(HeldSync held, Work work)
    {
        try
        {
            await cycle.RunAsync(held, work.Stop.Token);
        }
        catch (OperationCanceledException) when (work.Stop.IsCancellationRequested)
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
            work.Done.SetResult();
            work.Stop.Dispose();
            signal.Wake();
        }
    }

    private sealed record Work(TaskCompletionSource Done, CancellationTokenSource Stop);

    [LoggerMessage(LogLevel.Information, "Sync {Sync} stops with this process; what was under way is looked at again")]
    private partial void Stopping(string sync);

    [LoggerMessage(LogLevel.Warning, "Syncs wait: {Reason}")] private partial void Postponed(string reason);

    [LoggerMessage(LogLevel.Error, "Sync {Sync} failed; trying again")] private partial void Failed(string sync, Exception error);
}
