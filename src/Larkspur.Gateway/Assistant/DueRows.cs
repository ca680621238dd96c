using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant;

/// <summary>Work that rows of a table ask for: looked for as soon as one was recorded here, and now and then all the same, in the partitions that this process holds.</summary>
/// <param name="leases">What this process works on.</param>
/// <param name="what">What could not be done, for the log.</param>
/// <param name="logger">The log.</param>
internal abstract partial class DueRows(ILeases leases, string what, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wanted = new(0, 1);
    private bool _isDisposed;

    /// <summary>A row was recorded in this transaction.</summary>
    public void Stored(IUnitOfWork unit) => unit.AfterCommit(Wake);

    public override void Dispose()
    {
        base.Dispose();
        lock (_wanted)
        {
            // The writer may tell of a last commit after this.
            _isDisposed = true;
            _wanted.Dispose();
        }
    }

    /// <summary>Works on the rows that are due. What it throws is logged, and the next look tries again: a row that fails must not be all that is ever looked at.</summary>
    protected abstract Task WorkAsync(Partitions parts, CancellationToken stopping);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => RunAsync(stoppingToken), CancellationToken.None);

    private void Wake()
    {
        lock (_wanted)
        {
            if (!_isDisposed && _wanted.CurrentCount == 0) _wanted.Release();
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!leases.Held.IsEmpty) await WorkAsync(leases.Held, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StorageUnavailableException e)
            {
                WorkPostponed(what, e.Message);
            }
            catch (Exception e)
            {
                // An exception from here would stop the whole gateway.
                WorkFailed(what, e);
            }

            await ((Task)_wanted.WaitAsync(LookEvery, stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{What} ({Reason}); trying again")] private partial void WorkPostponed(string what, string reason);
    [LoggerMessage(LogLevel.Error, "{What}; trying again")] private partial void WorkFailed(string what, Exception error);
}
