namespace Larkspur.Gateway.Channels.WeCom.Answers;

/// <summary>Tells a loop of frames to send no further one; its pauses end at once.</summary>
internal sealed class Hush(TimeProvider clock)
{
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsSaid => _said.Task.IsCompleted;

    public void Say() => _said.TrySetResult();

    /// <summary>Waits so long, until it is said, or until something else is done.</summary>
    public async Task PauseAsync(TimeSpan most, Task? until = null)
    {
        if (most <= TimeSpan.Zero) return;
        using var over = new CancellationTokenSource();
        var time = Task.Delay(most, clock, over.Token);
        await Task.WhenAny(time, _said.Task, until ?? _said.Task);
        await over.CancelAsync();
    }
}
