using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.AiBots;

/// <summary>Handlers at work.</summary>
internal sealed class AiBotWork(AiBotHandler handler, ILogger logger)
{
    private readonly ConcurrentDictionary<Task, byte> _tasks = new();

    /// <summary>Begins a handler, in the order of the calls; it goes on by itself.</summary>
    public void Begin(AiBotDelivery delivery, CancellationToken stop)
    {
        Task task = HandleAsync(delivery, stop);
        if (task.IsCompleted) return;
        _tasks[task] = 0;
        _ = task.ContinueWith(done => _tasks.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for all of them.</summary>
    public Task FinishAsync() => Task.WhenAll(_tasks.Keys);

    private async Task HandleAsync(AiBotDelivery delivery, CancellationToken stop)
    {
        try
        {
            await handler(delivery, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to stop.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The handler of bot message {MessageId} failed; the platform does not send it again", delivery.Id);
        }
    }
}

/// <summary>One at a time per request id, first come first served; at most 500 wait.</summary>
internal sealed class AiBotLines
{
    private const int MaxWaiting = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        Line line;
        lock (_gate)
        {
            if (!_lines.TryGetValue(key, out line!)) _lines[key] = line = new Line();
            if (line.Users >= MaxWaiting) throw new InvalidOperationException($"{MaxWaiting} frames of one request wait already.");
            line.Users++;
        }

        try
        {
            await line.Turn.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(key, line, entered: false);
            throw;
        }

        return new Place(() => Leave(key, line, entered: true));
    }

    private void Leave(string key, Line line, bool entered)
    {
        if (entered) line.Turn.Release();
        lock (_gate)
        {
            if (--line.Users == 0) _lines.Remove(key);
        }
    }

    private sealed class Line
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Place(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
