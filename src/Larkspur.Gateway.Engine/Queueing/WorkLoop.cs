using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Queueing;

/// <summary>Looks for work whenever it is woken, and now and then all the same. What the work throws is logged, and it is tried
/// again.</summary>
/// <param name="what">Of what, for the log: "SCIM targets".</param>
/// <param name="signal">Wakes it.</param>
/// <param name="leases">While this process is not to write, it waits.</param>
/// <param name="clock">Time.</param>
/// <param name="logger">The worker's.</param>
internal sealed partial class WorkLoop(string what, WorkSignal signal, ILeases leases, TimeProvider clock, ILogger logger)
{
    /// <summary>What another process was asked for is found this soon.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <param name="work">Does one piece; false: there was none.</param>
    /// <param name="stopping">The process stops.</param>
    public async Task RunAsync(Func<CancellationToken, Task<bool>> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var woken = signal.Next;
            try
            {
                if (leases.Problem is null && await work(stopping)) continue;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StorageUnavailableException e)
            {
                Waits(what, e.Message);
            }
            catch (Exception e)
            {
                // An exception from here would stop the whole gateway.
                Failed(what, e);
            }

            // A delay that was cancelled is no failure.
            await Task.WhenAny(woken, Task.Delay(LookEvery, clock, stopping));
        }
    }

    [LoggerMessage(LogLevel.Warning, "{What}: work waits ({Reason})")] private partial void Waits(string what, string reason);

    [LoggerMessage(LogLevel.Error, "{What}: work failed; trying again")] private partial void Failed(string what, Exception error);
}
