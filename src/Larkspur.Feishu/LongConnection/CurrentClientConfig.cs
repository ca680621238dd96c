namespace Larkspur.Feishu.LongConnection;

/// <summary>The <see cref="ClientConfig"/> that holds now; the heartbeat is told when it changes.</summary>
internal sealed class CurrentClientConfig
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();

    /// <summary>What the platform said last; what both official clients begin with, as long as it has said nothing.</summary>
    public ClientConfig Value { get; private set; } = ClientConfig.Default;

    /// <summary>The platform has set it.</summary>
    public bool IsFromPlatform { get; private set; }

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
            IsFromPlatform = true;
            if (config == Value) return;
            (Value, changed, _changed) = (config, _changed, New());
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
