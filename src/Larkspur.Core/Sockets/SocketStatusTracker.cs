namespace Larkspur.Sockets;

/// <summary>Keeps the status of a connection and reports each change of its state. Thread-safe.</summary>
/// <param name="clock">Time.</param>
/// <param name="changed">Is told of changes, in the caller's thread and outside of the lock.</param>
public sealed class SocketStatusTracker(TimeProvider clock, Action<SocketStatus> changed)
{
    private readonly Lock _gate = new();
    private SocketStatus _status = new(SocketState.Stopped, clock.GetUtcNow());

    /// <summary>The status now.</summary>
    public SocketStatus Status
    {
        get { lock (_gate) return _status; }
    }

    /// <summary>A frame of the platform came.</summary>
    /// <param name="proves">It shows that the platform uses this connection.</param>
    public void Heard(bool proves)
    {
        lock (_gate) _status = _status with { LastHeardAt = clock.GetUtcNow() };
        if (proves) Prove();
    }

    /// <summary>A ping was answered.</summary>
    public void Ponged()
    {
        lock (_gate) _status = _status with { LastPongAt = clock.GetUtcNow() };
    }

    /// <summary>An event, a message or a callback came.</summary>
    public void Delivered()
    {
        lock (_gate) _status = _status with { LastDeliveryAt = clock.GetUtcNow() };
        Prove();
    }

    internal void Connecting(string? problem)
        => Move(SocketState.Connecting, s => s with { ConnectedAt = null, Problem = problem ?? s.Problem });

    internal void Connected() => Move(SocketState.Unproven, s => s with { ConnectedAt = clock.GetUtcNow(), Connects = s.Connects + 1 });

    internal void Deaf(string problem) => Move(SocketState.Deaf, s => s with { Problem = problem });

    internal void Lost(string problem)
    {
        lock (_gate) _status = _status with { Losses = _status.Losses + 1, Problem = problem };
    }

    internal void Ended(SocketState state, string? problem)
        => Move(state, s => s with { ConnectedAt = null, Problem = problem ?? s.Problem });

    private void Prove()
    {
        if (Status.State == SocketState.Unproven) Move(SocketState.Proven, static s => s);
    }

    private void Move(SocketState state, Func<SocketStatus, SocketStatus> with)
    {
        SocketStatus now;
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
