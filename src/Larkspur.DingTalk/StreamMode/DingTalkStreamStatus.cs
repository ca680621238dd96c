namespace Larkspur.DingTalk.StreamMode;

/// <summary>How a stream stands.</summary>
public enum DingTalkStreamState
{
    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>There is no connection; one is being made, or waited for.</summary>
    Connecting,

    /// <summary>There is a connection, and nothing has come over it yet.</summary>
    Connected,

    /// <summary>Something has come over the connection: a ping of the platform's, or a delivery.</summary>
    Heard,
}

/// <summary>A stream at one moment.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Since">When that began.</param>
public sealed record DingTalkStreamStatus(DingTalkStreamState State, DateTimeOffset Since)
{
    /// <summary>When the present connection was made; null while there is none.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When a delivery last came, on this connection or an earlier one.</summary>
    public DateTimeOffset? LastDeliveryAt { get; init; }

    /// <summary>Connections made so far.</summary>
    public long Connects { get; init; }

    /// <summary>Connections that ended so far, replaced ones included.</summary>
    public long Losses { get; init; }

    /// <summary>Why there is no connection, or why the last one ended; null when nothing ever went wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>There is a connection.</summary>
    public bool IsConnected => State is DingTalkStreamState.Connected or DingTalkStreamState.Heard;
}

/// <summary>The platform lets no stream be opened, and trying on would not help: something has to be changed first.</summary>
/// <remarks>Its texts hold neither the secret nor a ticket.</remarks>
public sealed class DingTalkStreamException : Exception
{
    internal DingTalkStreamException(DingTalkStreamFailure failure, string message, Exception inner) : base(message, inner) => Failure = failure;

    /// <summary>What has to be changed.</summary>
    public DingTalkStreamFailure Failure { get; }
}

/// <summary>Why there is no stream.</summary>
public enum DingTalkStreamFailure
{
    /// <summary>Client ID or Client Secret is wrong.</summary>
    AuthenticationFailed,

    /// <summary>The app may not: it is off, or lacks a permission.</summary>
    Forbidden,

    /// <summary>Another refusal: as a rule a topic that is not switched on in the console, or an address that is not the platform's.</summary>
    Configuration,
}

/// <summary>Keeps what is known of a stream, and says aloud what changes.</summary>
internal sealed class StreamWatch(TimeProvider clock, Action<DingTalkStreamStatus> changed)
{
    private readonly Lock _gate = new();
    private DingTalkStreamStatus _status = new(DingTalkStreamState.Stopped, clock.GetUtcNow());

    public DingTalkStreamStatus Status
    {
        get { lock (_gate) return _status; }
    }

    public void Connecting(string? problem) => Move(DingTalkStreamState.Connecting, s => s with { ConnectedAt = null, Problem = problem ?? s.Problem });

    public void Connected() => Move(DingTalkStreamState.Connected, s => s with { ConnectedAt = clock.GetUtcNow(), Connects = s.Connects + 1 });

    public void Heard()
    {
        if (Status.State == DingTalkStreamState.Connected) Move(DingTalkStreamState.Heard, static s => s);
    }

    public void Delivered()
    {
        lock (_gate) _status = _status with { LastDeliveryAt = clock.GetUtcNow() };
    }

    public void Lost(string problem)
    {
        lock (_gate) _status = _status with { Losses = _status.Losses + 1, Problem = problem };
    }

    public void Stopped(string? problem) => Move(DingTalkStreamState.Stopped, s => s with { ConnectedAt = null, Problem = problem ?? s.Problem });

    private void Move(DingTalkStreamState state, Func<DingTalkStreamStatus, DingTalkStreamStatus> with)
    {
        DingTalkStreamStatus now;
        lock (_gate)
        {
            now = with(_status);
            if (now.State != state) now = now with { State = state, Since = clock.GetUtcNow() };
            if (now == _status) return;
            _status = now;
        }

        changed(now);
    }
}
