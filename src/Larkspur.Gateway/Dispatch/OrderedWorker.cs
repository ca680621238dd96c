namespace Larkspur.Gateway.Dispatch;

/// <summary>A service that works on committed rows: in order per key, in parallel across keys, what an earlier process left open first.</summary>
/// <remarks>A stop takes nothing new and lets what runs end; when the host's patience ends it is cancelled and begins anew with the next start.</remarks>
internal abstract class OrderedWorker<T> : BackgroundService where T : class, IOrdered
{
    private readonly bool _enabled;
    private readonly OrderedQueue<T> _queue;
    private readonly CancellationTokenSource _abort = new();

    /// <param name="enabled">False: rows are kept and nothing is done with them.</param>
    /// <param name="options">Bounds of the queue.</param>
    /// <param name="clock">For pauses.</param>
    /// <param name="logger">For trouble of the queue itself.</param>
    protected OrderedWorker(bool enabled, OrderedQueueOptions options, TimeProvider clock, ILogger logger)
    {
        _enabled = enabled;
        _queue = new(options, clock, logger, LoadOpenAsync, WorkAsync);
    }

    /// <summary>Announces a committed row, in commit order.</summary>
    public void Arrived(T row) => _queue.Arrived(row);

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

    /// <summary>Open rows after an id, oldest first.</summary>
    protected abstract Task<IReadOnlyList<T>> LoadOpenAsync(long afterId, int limit, CancellationToken cancellation);

    /// <summary>Works on one row and says whether it is through.</summary>
    protected abstract ValueTask<Next> WorkAsync(T row, CancellationToken cancellation);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _enabled ? Task.Run(() => _queue.RunAsync(stoppingToken, _abort.Token), CancellationToken.None) : Task.CompletedTask;
}
