namespace Larkspur.Emulator.DingTalk.Deliveries;

/// <summary>Deliveries that nobody waits for: bounded in number, ended by a reset and by the host's stop.</summary>
internal sealed partial class BackgroundDeliveries(IHostApplicationLifetime lifetime, ILogger<BackgroundDeliveries> log) : IResettableState
{
    public const int Most = 10_000;

    private readonly Lock _gate = new();
    private CancellationTokenSource _scope = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    private int _running;

    public int Running => Volatile.Read(ref _running);

    /// <summary>Runs up to its first wait before this returns: what is begun first is sent first.</summary>
    /// <returns><see langword="false"/> when too many are under way.</returns>
    public bool Begin(Func<CancellationToken, Task> deliver)
    {
        if (Interlocked.Increment(ref _running) > Most)
        {
            Interlocked.Decrement(ref _running);
            return false;
        }

        CancellationToken token;
        lock (_gate) token = _scope.Token;
        _ = RunAsync(deliver, token);
        return true;
    }

    /// <summary>Whatever waits for an answer or a next try is given up.</summary>
    public void Reset()
    {
        CancellationTokenSource old;
        lock (_gate) (old, _scope) = (_scope, CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping));
        old.Cancel();
    }

    private async Task RunAsync(Func<CancellationToken, Task> deliver, CancellationToken token)
    {
        try
        {
            await deliver(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Given up.
        }
        catch (Exception defect)
        {
            LogDefect(log, defect);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The emulated DingTalk failed to deliver")]
    private static partial void LogDefect(ILogger logger, Exception defect);
}
