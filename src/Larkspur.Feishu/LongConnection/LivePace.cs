namespace Larkspur.Feishu.LongConnection;

/// <summary>The platform's pace as it stands now; who waits by it is told of changes.</summary>
internal sealed class LivePace
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();

    public ClientConfig Config { get; private set; } = ClientConfig.Default;

    /// <summary>The platform has set it; until then it is what clients begin with.</summary>
    public bool IsTold { get; private set; }

    /// <summary>Ends at the next change.</summary>
    public Task Changed
    {
        get { lock (_gate) return _changed.Task; }
    }

    public void Set(ClientConfig config)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            IsTold = true;
            if (config == Config) return;
            (Config, changed, _changed) = (config, _changed, New());
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
