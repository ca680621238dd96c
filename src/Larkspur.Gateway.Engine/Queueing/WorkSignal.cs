namespace Larkspur.Gateway.Queueing;

/// <summary>Wakes the worker of this process. Each worker has a class of its own, for the container.</summary>
internal abstract class WorkSignal
{
    private TaskCompletionSource _woken = New();

    public void Wake() => Interlocked.Exchange(ref _woken, New()).TrySetResult();

    /// <summary>Ends with the next <see cref="Wake"/>. To be asked for before it is looked whether something waits.</summary>
    public Task Next => Volatile.Read(ref _woken).Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
