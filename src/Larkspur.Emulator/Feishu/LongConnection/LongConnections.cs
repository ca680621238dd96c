namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>The open connections, and the settings and refusals that new ones meet.</summary>
public sealed class LongConnections(EmulatorState state) : IResettableState
{
    /// <summary>Of one app.</summary>
    public const int MostPerApp = 50;

    /// <summary>Payloads larger than this are cut into several frames. (The platform's own measure is UNVERIFIED.)</summary>
    public const int DefaultFragmentBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<SocketConnection> _open = [];
    private readonly HashSet<string> _everConnected = [];
    private readonly Dictionary<(RefusalPlace, string?), PlannedRefusal> _refusals = [];
    private int _numbers;

    public ClientConfig Config { get; set; } = new();

    public int FragmentBytes { get; set; } = DefaultFragmentBytes;

    /// <summary>New connections begin deaf.</summary>
    public bool FreezeNew { get; set; }

    public IReadOnlyList<SocketConnection> All
    {
        get { lock (_gate) return [.. _open]; }
    }

    public string NextId() => "conn-" + Interlocked.Increment(ref _numbers);

    public int Online(string appId)
    {
        lock (_gate) return _open.Count(c => c.AppId == appId && c.Ended is null);
    }

    /// <summary>A client of the app was connected since the state began: its subscription was saved, as the console would put it.</summary>
    public bool EverConnected(string appId)
    {
        lock (_gate) return _everConnected.Contains(appId);
    }

    /// <returns><see langword="false"/> when the app has as many as it may.</returns>
    public bool TryAdd(SocketConnection connection)
    {
        lock (_gate)
        {
            if (_open.Count(c => c.AppId == connection.AppId && c.Ended is null) >= MostPerApp) return false;
            connection.Frozen = FreezeNew;
            _open.Add(connection);
            _everConnected.Add(connection.AppId);
        }

        state.Announce(ChangeKind.AppChanged);
        return true;
    }

    public void Remove(SocketConnection connection)
    {
        lock (_gate) _open.Remove(connection);
        state.Announce(ChangeKind.AppChanged);
    }

    /// <summary>Each push goes to one connection, whichever: there is no broadcast and no stickiness.</summary>
    public SocketConnection? Pick(string appId)
    {
        Span<byte> dice = stackalloc byte[4];
        state.Ids.Fill(dice);
        lock (_gate)
        {
            var mine = _open.Where(c => c.AppId == appId && c.Ended is null).ToArray();
            return mine.Length == 0 ? null : mine[BitConverter.ToUInt32(dice) % (uint)mine.Length];
        }
    }

    public void Plan(RefusalPlace place, string? appId, PlannedRefusal refusal)
    {
        lock (_gate) _refusals[(place, appId)] = refusal;
    }

    /// <summary>The refusal that control planned for this app, or for any.</summary>
    public PlannedRefusal? Refusal(RefusalPlace place, string? appId)
    {
        lock (_gate)
        {
            foreach (var key in new[] { (place, appId), (place, null) })
            {
                if (!_refusals.TryGetValue(key, out var refusal)) continue;
                if (refusal.Left <= 1) _refusals.Remove(key);
                else _refusals[key] = refusal with { Left = refusal.Left - 1 };
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Connections stay: the clients out there did not move.</summary>
    public void Reset()
    {
        (Config, FragmentBytes, FreezeNew) = (new ClientConfig(), DefaultFragmentBytes, false);
        lock (_gate)
        {
            _refusals.Clear();
            _everConnected.Clear();
            foreach (var connection in _open)
            {
                (connection.Frozen, connection.PongDelay) = (false, TimeSpan.Zero);
                _everConnected.Add(connection.AppId);
            }
        }
    }
}

public enum RefusalPlace { Endpoint, Handshake }

/// <param name="Left">How many more times.</param>
public sealed record PlannedRefusal(long Code, string Message, int Left);
