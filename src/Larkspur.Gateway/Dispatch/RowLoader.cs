using System.Threading.Channels;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Dispatch;

/// <summary>Reads pages of open rows when it is woken, for as long as more are wanted, and again after a failure.</summary>
internal sealed class RowLoader<T>(OrderedQueueOptions options, TimeProvider clock, ILogger logger,
    Func<Partitions, int, long, int, CancellationToken, Task<IReadOnlyList<T>>> loadAfter)
{
    private readonly Channel<bool>[] _signals = [.. Enumerable.Range(0, options.Ranks).Select(static _ =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }))];

    /// <summary>A page of this class may be wanted.</summary>
    public void Wake(int rank) => _signals[rank].Writer.TryWrite(true);

    /// <summary>Reads one class until <paramref name="stopping"/>.</summary>
    /// <param name="rank">The class.</param>
    /// <param name="wish">The page that is wanted now, or null.</param>
    /// <param name="take">Takes a page and the number of the pass that it was read for.</param>
    /// <param name="stopping">Read nothing more.</param>
    public async Task RunAsync(int rank, Func<PageWish?> wish, Action<IReadOnlyList<T>, int> take, CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in _signals[rank].Reader.ReadAllAsync(stopping))
            {
                while (wish() is { } page) await LoadAsync(rank, page, take, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping; what was not loaded is in the table.
        }
    }

    private async Task LoadAsync(int rank, PageWish page, Action<IReadOnlyList<T>, int> take, CancellationToken stopping)
    {
        try
        {
            take(page.Parts.IsEmpty ? [] : await loadAfter(page.Parts, rank, page.After, page.Size, stopping), page.Pass);
        }
        catch (StorageUnavailableException e)
        {
            // The database is away, or this host is closing before it was up: one sentence, no stack.
            logger.LogWarning("Open rows cannot be read ({Reason}); trying again", e.Message);
            await Task.Delay(options.LoadRetry, clock, stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "Open rows cannot be read; trying again");
            await Task.Delay(options.LoadRetry, clock, stopping);
        }
    }
}

/// <summary>A page that is wanted.</summary>
/// <param name="Parts">Rows of these partitions.</param>
/// <param name="After">Rows with larger ids.</param>
/// <param name="Size">So many.</param>
/// <param name="Pass">The pass that it belongs to.</param>
internal readonly record struct PageWish(Partitions Parts, long After, int Size, int Pass);
