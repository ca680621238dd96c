namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>Tells a loop of frames to send no further one; its pauses end at once.</summary>
internal sealed class StopSignal(TimeProvider clock)
{
    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsGiven => _given.Task.IsCompleted;

    public void Give() => _given.TrySetResult();

    /// <summary>Waits so long, until it is given, or until something else is done.</summary>
    public async Task PauseAsync(TimeSpan most, Task? until = null)
    {
        if (most <= TimeSpan.Zero) return;
        using var over = new CancellationTokenSource();
        var time = Task.Delay(most, clock, over.Token);
        await Task.WhenAny(time, _given.Task, until ?? _given.Task);
        await over.CancelAsync();
    }
}
