using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.AiBots;

/// <summary>Handlers at work, and deliveries that wait for one, over all connections of a run.</summary>
internal sealed class AiBotWork(AiBotHandler handler, AiBotOptions options, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<AiBotDelivery> _waiting = new();
    private readonly CancellationTokenSource _patienceOver = new();
    private TaskCompletionSource? _empty;
    private Task? _draining;
    private int _atWork;

    /// <summary>Begins a handler, in the order of the calls, or when another one ends; it goes on by itself.</summary>
    /// <returns>False: too many wait, or the patience is over, and the delivery is left.</returns>
    public bool TryBegin(AiBotDelivery delivery)
    {
        if (_patienceOver.IsCancellationRequested) return false;
        lock (_gate)
        {
            if (_atWork >= options.MaxInHand)
            {
                if (_waiting.Count >= options.MaxWaiting) return false;
                _waiting.Enqueue(delivery);
                return true;
            }

            _atWork++;
        }

        _ = WorkAsync(delivery);
        return true;
    }

    /// <summary>Waits for all of them. Their patience begins with the first call; when it is over, they are told to end and not waited for.</summary>
    public Task DrainAsync() => _draining ??= DrainOnceAsync();

    public void Dispose() => _patienceOver.Dispose();

    private async Task DrainOnceAsync()
    {
        try
        {
            await WhenEmptyAsync().WaitAsync(options.DrainTimeout, clock);
        }
        catch (TimeoutException)
        {
            int left;
            lock (_gate)
            {
                left = _waiting.Count;
                _waiting.Clear();
            }

            logger.LogWarning("Handlers did not end within {Patience}; bot {BotId} stops without their answers, and without {Left} deliveries that waited", options.DrainTimeout, options.BotId, left);
        }

        await _patienceOver.CancelAsync();
    }

    private async Task WorkAsync(AiBotDelivery first)
    {
        CancellationToken patience = _patienceOver.Token;
        for (AiBotDelivery? delivery = first; delivery is not null; delivery = Next()) await HandleAsync(delivery, patience);
    }

    private AiBotDelivery? Next()
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            if (_waiting.TryDequeue(out AiBotDelivery? next)) return next;
            if (--_atWork == 0) (empty, _empty) = (_empty, null);
        }

        empty?.TrySetResult();
        return null;
    }

    private Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_atWork == 0) return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    private async Task HandleAsync(AiBotDelivery delivery, CancellationToken patience)
    {
        try
        {
            await handler(delivery, patience);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // It was told to end.
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
