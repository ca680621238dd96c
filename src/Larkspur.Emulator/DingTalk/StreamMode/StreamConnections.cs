namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>All open connections of the application. A frame goes to one of those that listen to it, whichever.</summary>
internal sealed class StreamConnections(EmulatorState state) : IResettableState
{
    /// <summary>UNVERIFIED: the platform publishes no number.</summary>
    public const int Most = 50;

    private readonly Lock _gate = new();
    private readonly List<StreamConnection> _open = [];
    private int _numbers;
    private (int Status, int Left) _refusal;

    public IReadOnlyList<StreamConnection> All { get { lock (_gate) return [.. _open]; } }

    public string NextId() => "stream-" + Interlocked.Increment(ref _numbers);

    /// <returns><see langword="false"/> when there are as many as may be.</returns>
    public bool TryAdd(StreamConnection connection)
    {
        lock (_gate)
        {
            if (_open.Count >= Most) return false;
            _open.Add(connection);
        }

        state.Announce(ChangeKind.AppChanged);
        return true;
    }

    public void Remove(StreamConnection connection)
    {
        lock (_gate) _open.Remove(connection);
        state.Announce(ChangeKind.AppChanged);
    }

    public bool AnyFor(string type, string topic)
    {
        lock (_gate) return _open.Exists(c => c.Takes(type, topic));
    }

    public StreamConnection? Pick(string type, string topic)
    {
        Span<byte> dice = stackalloc byte[4];
        state.Ids.Fill(dice);
        lock (_gate)
        {
            var listening = _open.Where(c => c.Takes(type, topic)).ToArray();
            return listening.Length == 0 ? null : listening[BitConverter.ToUInt32(dice) % (uint)listening.Length];
        }
    }

    /// <summary>The next calls of connections/open are refused.</summary>
    public void PlanRefusals(int status, int count)
    {
        lock (_gate) _refusal = (status, count);
    }

    public int? TakeRefusal()
    {
        lock (_gate)
        {
            if (_refusal.Left <= 0) return null;
            _refusal.Left--;
            return _refusal.Status;
        }
    }

    /// <summary>Connections stay: the clients out there did not move.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _refusal = default;
            foreach (var connection in _open) connection.Deaf = false;
        }
    }
}
