namespace Larkspur.Feishu.LongConnection;

/// <summary>Deliveries that handlers are at work on, over all connections of a run.</summary>
internal sealed class InHand(int most)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _empty;
    private int _count;

    /// <summary>False when there are too many.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_count >= most) return false;
            _count++;
            return true;
        }
    }

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
