namespace Larkspur.Feishu.LongConnection;

/// <summary>Keeps what is known of a connection, and says aloud what changes.</summary>
internal sealed class ConnectionWatch(TimeProvider clock, Action<FeishuLongConnectionStatus> changed)
{
    private readonly Lock _gate = new();
    private FeishuLongConnectionStatus _status = new(FeishuLongConnectionState.Stopped, clock.GetUtcNow());

    public FeishuLongConnectionStatus Status
    {
        get { lock (_gate) return _status; }
    }

    public void Connecting(string? problem) => Move(FeishuLongConnectionState.Connecting, s => s with { ConnectedAt = null, Problem = problem ?? s.Problem });

    public void Connected() => Move(FeishuLongConnectionState.Unproven, s => s with { ConnectedAt = clock.GetUtcNow(), Connects = s.Connects + 1 });

    public void Ponged()
    {
        lock (_gate) _status = _status with { LastPongAt = clock.GetUtcNow() };
    }

    public void EventCame()
    {
        bool first;
        lock (_gate)
        {
            _status = _status with { LastEventAt = clock.GetUtcNow() };
            first = _status.State == FeishuLongConnectionState.Unproven;
        }

        if (first) Move(FeishuLongConnectionState.Proven, static s => s);
    }

    public void Deaf(string problem) => Move(FeishuLongConnectionState.Deaf, s => s with { Problem = problem });

    public void Lost(string problem)
    {
        lock (_gate) _status = _status with { Losses = _status.Losses + 1, Problem = problem, ConnectedAt = null };
    }

    public void Stopped(string? problem) => Move(FeishuLongConnectionState.Stopped, s => s with { ConnectedAt = null, Problem = problem ?? s.Problem });

    private void Move(FeishuLongConnectionState state, Func<FeishuLongConnectionStatus, FeishuLongConnectionStatus> with)
    {
        FeishuLongConnectionStatus now;
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
