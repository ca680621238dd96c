using System.Collections.Concurrent;

namespace Larkspur.Gateway.Outbox;

/// <summary>All senders: one for the platforms, and one for each destination of callbacks as soon as there is something for it.</summary>
internal sealed class OutboxSenders(OutboxSender platforms, IOutboxStore store, OutboxOptions options, TimeProvider clock, IServiceProvider services,
    ILogger<OutboxSenders> logger) : BackgroundService
{
    /// <summary>Callbacks to one destination that may be on their way at once.</summary>
    private const int Parallelism = 8;

    private static readonly TimeSpan LoadRetry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Lazy<OutboxSender>> _destinations = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<OutboxSender> _early = [];
    private CancellationToken _stopping;
    private bool _started;

    /// <summary>Announces a committed row, in commit order, to the sender it belongs to.</summary>
    public void Arrived(OutboxEntry entry)
    {
        if (OutboxScope.Of(entry).Destination is { } destination) For(destination).Arrived(entry);
        else platforms.Arrived(entry);
    }

    /// <summary>Starts with what an earlier process left; a destination that is not configured any more gets its rows' end told by its channel.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<OutboxSender> early;
        lock (_gate)
        {
            _stopping = stoppingToken;
            _started = true;
            early = [.. _early];
        }

        foreach (var sender in early) await sender.StartAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var destination in await store.OpenDestinationsAsync(stoppingToken)) For(destination);
                return;
            }
            catch (Storage.StorageUnavailableException e)
            {
                logger.LogWarning("Open callbacks cannot be read ({Reason}); trying again", e.Message);
                await Task.Delay(LoadRetry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_destinations.Values.Select(d => d.Value.StopAsync(cancellationToken)));
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var sender in _destinations.Values) sender.Value.Dispose();
    }

    private OutboxSender For(string destination) => _destinations.GetOrAdd(destination, name => new Lazy<OutboxSender>(() => Create(name))).Value;

    private OutboxSender Create(string destination)
    {
        var sender = ActivatorUtilities.CreateInstance<OutboxSender>(services, new OutboxScope(destination),
            new OutboxOptions { Enabled = options.Enabled, Parallelism = Parallelism, Capacity = options.CallbackCapacity });
        lock (_gate)
        {
            // Starting only hands the loop to the thread pool; what it is to load is in the table.
            if (!_started) _early.Add(sender);
            else if (!_stopping.IsCancellationRequested) _ = sender.StartAsync(_stopping);
        }

        return sender;
    }
}
