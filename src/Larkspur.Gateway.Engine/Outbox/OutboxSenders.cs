using System.Collections.Concurrent;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <summary>All senders: one for the platforms, and one for each webhook as soon as there is something for it.</summary>
internal sealed partial class OutboxSenders(OutboxSender platforms, IDatabase database, IOutboxStore store, OutboxOptions options,
    TimeProvider clock, IServiceProvider services,
    ILogger<OutboxSenders> logger) : BackgroundService
{
    /// <summary>
    /// Messages to one webhook that may be on their way at once: eight, since a permit queue takes half as many again of what somebody
    /// waits for (<see cref="PermitQueue.HasRoom"/>).
    /// </summary>
    private const int Parallelism = 5;

    private static readonly TimeSpan LoadRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<OutboxSender>> _webhooks = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<OutboxSender> _early = [];
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private CancellationToken _stopping;
    private bool _started;

    /// <summary>A row was written in this transaction: it is sent once that is durable, here or where its lease is.</summary>
    public void Stored(IUnitOfWork unit, OutboxEntry entry) => For(OutboxScope.Of(entry)).Stored(unit, entry);

    /// <summary>Rows that another process has written.</summary>
    public async Task HeardAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        foreach (var entry in await store.LoadAsync(ids, cancellation)) For(OutboxScope.Of(entry)).Arrived(entry);
    }

    /// <summary>
    /// The rows of an event whose end was committed while the connection broke: nobody was told of them, and what the chat's next event makes must not leave before them.
    /// </summary>
    public async Task LoadForEventAsync(long inboxId, CancellationToken cancellation)
    {
        foreach (var entry in await store.LoadOfAsync(inboxId, cancellation)) For(OutboxScope.Of(entry)).Arrived(entry);
    }

    /// <summary>Rows may have come that nobody announced.</summary>
    public void Look()
    {
        platforms.Look();
        foreach (var sender in _webhooks.Values) sender.Value.Look();
        // A webhook that nothing was sent to since the start has no sender yet.
        lock (_gate)
        {
            if (_wanted.CurrentCount == 0) _wanted.Release();
        }
    }

    /// <summary>
    /// Starts with what earlier processes left, and finds what others leave; a webhook that is not configured any more gets its rows' end told by its channel.
    /// </summary>
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
            // One process on a file hears of its own rows; only what is opened again by hand has to be looked for.
            var pause = database.Dialect == Dialect.Sqlite ? Timeout.InfiniteTimeSpan : LookEvery;
            try
            {
                foreach (var webhook in await store.OpenWebhookEndpointsAsync(stoppingToken)) For(new OutboxScope(webhook));
            }
            catch (StorageUnavailableException e)
            {
                WebhooksNotReadable(e.Message);
                pause = LoadRetry;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await WaitAsync(pause, stoppingToken);
        }
    }

    /// <summary>So long, or until somebody wants a look.</summary>
    private async Task WaitAsync(TimeSpan atMost, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(_wanted.WaitAsync(end.Token), Task.Delay(atMost, clock, end.Token));
        await end.CancelAsync();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_webhooks.Values.Select(d => d.Value.StopAsync(cancellationToken)));
    }

    public override void Dispose()
    {
        base.Dispose();
        _wanted.Dispose();
        foreach (var sender in _webhooks.Values) sender.Value.Dispose();
    }

    private OutboxSender For(OutboxScope scope) => scope.Webhook is { } webhook
        ? _webhooks.GetOrAdd(webhook, name => new Lazy<OutboxSender>(() => Create(name))).Value
        : platforms;

    private OutboxSender Create(string webhook)
    {
        var sender = ActivatorUtilities.CreateInstance<OutboxSender>(services, new OutboxScope(webhook),
            new OutboxOptions { Enabled = options.Enabled, Parallelism = Parallelism, Capacity = options.WebhookCapacity });
        lock (_gate)
        {
            // Starting only hands the loop to the thread pool; what it is to load is in the table.
            if (!_started) _early.Add(sender);
            else if (!_stopping.IsCancellationRequested) _ = sender.StartAsync(_stopping);
        }

        return sender;
    }

    [LoggerMessage(LogLevel.Warning, "Open webhooks cannot be read ({Reason}); trying again")]
    private partial void WebhooksNotReadable(string reason);
}
