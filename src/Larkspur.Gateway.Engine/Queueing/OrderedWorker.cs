using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Queueing;

/// <summary>A service that works on committed rows of the partitions it holds: in order per key, in parallel across keys, what an earlier process left open first.</summary>
/// <remarks>A stop takes nothing new and lets what runs end; when the host's patience ends it is cancelled and begins anew with the next start.</remarks>
internal abstract class OrderedWorker<T> : BackgroundService where T : class, IQueuedRow
{
    private static readonly IComparer<T> AsRecorded = Comparer<T>.Create(static (a, b) => a.Id.CompareTo(b.Id));

    private static readonly TimeSpan Unrenewed = TimeSpan.FromMilliseconds(250);

    private readonly bool _enabled;
    private readonly OrderedQueue<T> _queue;
    private readonly CancellationTokenSource _abort = new();

    /// <param name="enabled">False: rows are kept and nothing is done with them.</param>
    /// <param name="options">Bounds of the queue.</param>
    /// <param name="order">Of rows within their key; null: as they were recorded.</param>
    /// <param name="scheduler">Among the keys; null: first come, first served.</param>
    /// <param name="leases">What this process works on.</param>
    /// <param name="clock">For pauses.</param>
    /// <param name="logger">For trouble of the queue itself.</param>
    protected OrderedWorker(bool enabled, OrderedQueueOptions options, ILeases leases, TimeProvider clock, ILogger logger,
        IComparer<T>? order = null, ILaneScheduler<T>? scheduler = null)
    {
        _enabled = enabled;
        Leases = leases;
        _queue = new(options, order ?? AsRecorded, scheduler ?? new FifoScheduler<T>(options.Parallelism), clock, logger,
            LoadOpenAsync, LoadLanesAsync, WorkAsync);
    }

    protected ILeases Leases { get; }

    /// <summary>Where there is one process every row is announced; with several, an announcement can be lost.</summary>
    protected static TimeSpan LookEvery(IDatabase database) => database.Dialect == Dialect.Sqlite ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(5);

    /// <summary>What comes of a row that this process has no fence for. It is worked on where the lease is; when that is here, once the lease
    /// was renewed.</summary>
    protected WorkResult WithoutFence(IQueuedRow row) =>
        Leases.Held.Contains(row.Partition) ? WorkResult.RetryAfter(Unrenewed) : WorkResult.Finished;

    /// <summary>Announces a committed row.</summary>
    public void Arrived(T row) => _queue.Arrived(row);

    /// <summary>Rows may have come that nobody announced.</summary>
    public void Look() => _queue.Look();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var _ = cancellationToken.Register(_abort.Cancel);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _abort.Dispose();
    }

    /// <summary>Open rows of these partitions and this class after an id, oldest first.</summary>
    protected abstract Task<IReadOnlyList<T>> LoadOpenAsync(
        Partitions partitions, int rank, long afterId, int limit, CancellationToken cancellation);

    /// <summary>Open rows of each of these lanes and of this class, oldest first.</summary>
    protected abstract Task<IReadOnlyList<IReadOnlyList<T>>> LoadLanesAsync(
        IReadOnlyList<LaneWish> lanes, int rank, CancellationToken cancellation);

    /// <summary>Works on one row and says whether it is through.</summary>
    protected abstract ValueTask<WorkResult> WorkAsync(T row, CancellationToken cancellation);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_enabled) return Task.CompletedTask;
        Leases.Register(_queue);
        return Task.Run(() => _queue.RunAsync(stoppingToken, _abort.Token), CancellationToken.None);
    }
}
