using Microsoft.Extensions.Logging;

namespace Larkspur.Sockets;

/// <summary>
/// Runs the handlers of deliveries, over all connections of a run: so many at once, further ones in the order of arrival, and no more than
/// may wait. Thread-safe.
/// </summary>
/// <param name="limits">How many, and how long they may go on when the run is stopped.</param>
/// <param name="name">Names the connection in the log.</param>
/// <param name="clock">Time.</param>
/// <param name="logger">Log.</param>
public sealed partial class DeliveryQueue(SocketLimits limits, string name, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Func<CancellationToken, Task>> _waiting = new();
    private readonly CancellationTokenSource _drained = new();
    private TaskCompletionSource? _empty;
    private Task? _draining;
    private int _count;
    private int _atWork;

    /// <summary>Starts a handler at once (in the caller's thread, until its first wait), or when another one ends.</summary>
    /// <param name="handle">The work; its token ends when the run is stopped and <see cref="SocketLimits.DrainTimeout"/> is over.</param>
    /// <param name="onlyWaits">It waits for another handler: it takes a place in the queue, and never one of those at work.</param>
    /// <returns>False: too many are at work and waiting, or the run is over.</returns>
    public bool TryRun(Func<CancellationToken, Task> handle, bool onlyWaits = false)
    {
        lock (_gate)
        {
            if (_drained.IsCancellationRequested || _count >= limits.MaxInHand + limits.MaxWaiting) return false;
            _count++;
            if (!onlyWaits && _atWork >= limits.MaxInHand)
            {
                _waiting.Enqueue(handle);
                return true;
            }

            if (!onlyWaits) _atWork++;
        }

        _ = RunAsync(handle, onlyWaits);
        return true;
    }

    /// <summary>
    /// Waits for all handlers. Their time begins with the first call; when it is over they are told to end, and not waited for.
    /// </summary>
    public Task DrainAsync()
    {
        lock (_gate) return _draining ??= DrainOnceAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _drained.Dispose();

    private async Task RunAsync(Func<CancellationToken, Task> first, bool onlyWaits)
    {
        CancellationToken drained = _drained.Token;
        for (Func<CancellationToken, Task>? handle = first; handle is not null; handle = Next(onlyWaits))
        {
            try
            {
                await handle(drained);
            }
            catch (Exception e)
            {
                HandlerFailed(name, e);
            }
        }
    }

    private Func<CancellationToken, Task>? Next(bool onlyWaits)
    {
        TaskCompletionSource? empty = null;
        Func<CancellationToken, Task>? next = null;
        lock (_gate)
        {
            if (--_count == 0) (empty, _empty) = (_empty, null);
            if (!onlyWaits && !_waiting.TryDequeue(out next)) _atWork--;
        }

        empty?.TrySetResult();
        return next;
    }

    private async Task DrainOnceAsync()
    {
        try
        {
            await WhenEmptyAsync().WaitAsync(limits.DrainTimeout, clock);
        }
        catch (TimeoutException)
        {
            int left;
            lock (_gate)
            {
                left = _waiting.Count;
                _count -= left;
                _waiting.Clear();
            }

            HandlersOutstayed(limits.DrainTimeout, name, left);
        }

        await _drained.CancelAsync();
    }

    private Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_count == 0) return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    [LoggerMessage(LogLevel.Error, "A handler of {Connection} failed")]
    private partial void HandlerFailed(string connection, Exception error);
    [LoggerMessage(LogLevel.Warning,
        "Handlers did not end within {Timeout}; {Connection} stops without their answers, and without {Left} deliveries that waited")]
    private partial void HandlersOutstayed(TimeSpan timeout, string connection, int left);
}
