namespace Larkspur.DingTalk.StreamMode;

/// <summary>Deliveries that are at work or wait for it, over all connections of a run.</summary>
/// <remarks>Not disposed of: a handler that outlasts the run still gives its turn back.</remarks>
#pragma warning disable CA1001 // See above; without a wait handle a semaphore holds nothing that needs disposing.
internal sealed class InHand(int atWork, int waiting)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _slots = new(atWork);
    private TaskCompletionSource? _empty;
    private int _count;

    /// <summary>False when there are too many.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_count >= atWork + waiting) return false;
            _count++;
            return true;
        }
    }

    public Task TurnAsync(CancellationToken cancellationToken) => _slots.WaitAsync(cancellationToken);

    public void EndTurn() => _slots.Release();

    public void Leave()
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            if (--_count == 0) (empty, _empty) = (_empty, null);
        }

        empty?.TrySetResult();
    }

    /// <summary>Ends when there is none.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_count == 0) return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }
}
