using System.Threading.Channels;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Queueing;

/// <summary>Reads open rows when it is woken, as long as more are wanted, and again after a failure: one read of a class at a time.</summary>
internal sealed partial class RowLoader(OrderedQueueOptions options, TimeProvider clock, ILogger logger)
{
    private readonly Channel<bool>[] _signals = [.. Enumerable.Range(0, options.Ranks).Select(static _ =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }))];

    /// <summary>Something of this class may be wanted.</summary>
    public void Wake(int rank) => _signals[rank].Writer.TryWrite(true);

    /// <summary>Reads one class until <paramref name="stopping"/>.</summary>
    /// <param name="rank">The class.</param>
    /// <param name="next">The read that is wanted now, or null.</param>
    /// <param name="stopping">Read nothing more.</param>
    public async Task RunAsync(int rank, Func<Func<CancellationToken, Task>?> next, CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in _signals[rank].Reader.ReadAllAsync(stopping))
            {
                while (next() is { } read) await TryAsync(read, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping; what was not loaded is in the table.
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> read, CancellationToken stopping)
    {
        try
        {
            await read(stopping);
        }
        catch (StorageUnavailableException e)
        {
            // The database is away, or this host is closing before it was up: one sentence, no stack.
            RowsUnavailable(e.Message);
            await Task.Delay(options.LoadRetry, clock, stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LoadingFailed(e);
            await Task.Delay(options.LoadRetry, clock, stopping);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Open rows cannot be read ({Reason}); trying again")]
    private partial void RowsUnavailable(string reason);
    [LoggerMessage(LogLevel.Error, "Open rows cannot be read; trying again")] private partial void LoadingFailed(Exception error);
}
