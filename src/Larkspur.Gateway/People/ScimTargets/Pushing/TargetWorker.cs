using System.Collections.Concurrent;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>Looks for targets on which there is something to do, and works on them beside each other: one that is slow keeps no other
/// waiting.</summary>
internal sealed partial class TargetWorker(TargetLeases targets, TargetSync sync, TargetSignal signal, ILeases leases, TimeProvider clock,
    ILogger<TargetWorker> logger) : BackgroundService
{
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<long, Task> _working = new();

    /// <summary>When each was worked on last.</summary>
    private readonly ConcurrentDictionary<long, long> _ended = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await new WorkLoop("SCIM targets", signal, leases, clock, logger).RunAsync(BeginAsync, stoppingToken);
        await Task.WhenAll(_working.Values);
    }

    /// <returns>False: what was begun wakes the loop when it ends.</returns>
    private async Task<bool> BeginAsync(CancellationToken stopping)
    {
        var due = (await targets.DueAsync(stopping)).Where(id => !_working.ContainsKey(id));
        signal.OthersWait = false;
        // Whoever has waited longest comes first.
        foreach (var id in due.OrderBy(id => _ended.GetValueOrDefault(id)).ToArray())
        {
            if (_working.Count >= AtOnce)
            {
                signal.OthersWait = true;
                return false;
            }

            if (await targets.TakeAsync(id, stopping) is not { } held) continue;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _working[id] = done.Task;
            _ = Task.Run(() => WorkAsync(held, done, stopping), CancellationToken.None);
        }

        return false;
    }

    private async Task WorkAsync(HeldTarget held, TaskCompletionSource done, CancellationToken stopping)
    {
        try
        {
            await sync.RunAsync(held, stopping);
        }
        catch (StorageUnavailableException e)
        {
            // Its lease ends by itself, and somebody goes on.
            Postponed(e.Message);
        }
        catch (Exception e)
        {
            Failed(e);
        }
        finally
        {
            _ended[held.Row.Id] = clock.GetTimestamp();
            _working.TryRemove(held.Row.Id, out _);
            done.SetResult();
            signal.Wake();
        }
    }

    [LoggerMessage(LogLevel.Warning, "SCIM targets wait: {Reason}")] private partial void Postponed(string reason);

    [LoggerMessage(LogLevel.Error, "A SCIM target failed; trying again")] private partial void Failed(Exception error);
}

/// <summary>Every night all targets are compared with everything: what no change told of is found then.</summary>
internal sealed class TargetNightly(TargetStore store) : Scheduling.IScheduledJob
{
    public const string Name = "scim-targets";
    public const string Cron = "0 40 4 * * ?";

    public async Task<string?> RunAsync(CancellationToken cancellation) =>
        await store.AskAllAsync(cancellation) is > 0 and var asked ? $"{asked} asked for" : null;
}
