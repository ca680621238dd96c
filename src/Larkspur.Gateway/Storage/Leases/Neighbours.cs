using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage.Postgres;

namespace Larkspur.Gateway.Storage.Leases;

/// <summary>Takes what the other processes announce to those whom it concerns.</summary>
internal sealed class Neighbours(PostgresListener listener, Dispatcher dispatcher, OutboxSenders senders, PostgresLeases leases, ILogger<Neighbours> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.On(Topics.Inbox, ids => Run(dispatcher.HeardAsync(ids, _stop.Token)));
        listener.On(Topics.Outbox, ids => Run(senders.HeardAsync(ids, _stop.Token)));
        listener.On(Topics.Answer, ids => Run(dispatcher.AnsweredAsync(ids, _stop.Token)));
        listener.On(Topics.Leases, _ => leases.Wake());
        listener.OnGap(dispatcher.Look);
        listener.OnGap(senders.Look);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();

    /// <summary>What fails here is found by the next look into the tables.</summary>
    private async void Run(Task heard)
    {
        try
        {
            await heard;
        }
        catch (Exception e) when (e is StorageUnavailableException or OperationCanceledException)
        {
            logger.LogInformation("An announcement was not followed ({Reason})", e.Message);
        }
        catch (Exception e)
        {
            logger.LogError(e, "An announcement could not be followed");
        }
    }
}
