namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>Sends frames while there is something new: one at a time, no faster than an interval, so that what comes meanwhile goes with the next one.</summary>
#pragma warning disable CA1001 // A source without a timer holds nothing that must be given back, and a frame on its way may still ask for its token.
internal sealed class FramePump(TimeProvider clock, Func<TimeSpan> interval, Func<CancellationToken, Task<FrameEnd>> send)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _news = New();
    private Task<bool>? _running;
    private bool _stopped;
    private bool _onItsWay;

    /// <summary>There is something new.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            _news.TrySetResult();
            if (!_stopped) _running ??= Task.Run(RunAsync);
        }
    }

    /// <summary>Nothing more is begun; ends when the frame that is on its way has been answered.</summary>
    /// <returns>True: there was one.</returns>
    public async Task<bool> StopAsync()
    {
        Task<bool>? running;
        lock (_gate)
        {
            _stopped = true;
            running = _running;
        }

        await _stop.CancelAsync();
        return running is not null && await running;
    }

    /// <summary>The frame that is being sent was taken: a stop from now on finds none on its way. Before anybody is told so.</summary>
    public void Taken() => _onItsWay = _stop.IsCancellationRequested;

    /// <returns>True: the stop found a frame on its way. One that still waited for its permit was not sent.</returns>
    private async Task<bool> RunAsync()
    {
        try
        {
            while (true)
            {
                await _news.Task.WaitAsync(_stop.Token);
                lock (_gate) _news = New();
                _onItsWay = true;
                var frame = await send(_stop.Token);
                if (_stop.IsCancellationRequested) return _onItsWay;
                if (frame.GoOn) Signal();
                var least = interval();
                var pause = (frame.Pause > least ? frame.Pause : least) - clock.GetElapsedTime(frame.StartedAt);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, clock, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>How a frame ended.</summary>
/// <param name="StartedAt">When its call began, a timestamp of the clock.</param>
/// <param name="Pause">What it asks for before the next one.</param>
/// <param name="GoOn">There is more to send, or this one has to be repeated.</param>
internal readonly record struct FrameEnd(long StartedAt, TimeSpan Pause, bool GoOn);
