using System.Collections.Immutable;
using Larkspur.Emulator.DingTalk.Chats;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>A custom robot of a group: whoever knows its address may speak, within its security settings.</summary>
internal sealed record GroupRobot(string Token, string ChatId, string Name)
{
    /// <summary><c>SEC…</c>; <see langword="null"/>: unsigned.</summary>
    public string? Secret { get; init; }

    /// <summary>One of them must occur in what is said; none: anything may be said.</summary>
    public ImmutableArray<string> Keywords { get; init; } = [];

    /// <summary>Addresses and CIDR ranges that may call; none: any.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    public bool Stopped { get; init; }
}

/// <summary>The custom robots of all groups, with the rate and the recent message ids of each.</summary>
internal sealed class GroupRobots : IResettableState
{
    public const string SeededToken = "5f0d2a7be1c94b0fa6d38e2c71b4905d";
    public const string SeededSecret = "SECemulatorgrouprobot";
    public const int Most = 1000;
    public const int PerMinute = 20;
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);
    private const int MostUuids = 1000;

    private readonly EmulatorState _state;
    private readonly EmulatorSettings _settings;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, GroupRobot> _robots = [];
    private readonly Dictionary<string, Pace> _paces = [];
    private readonly Queue<string> _uuids = [];
    private readonly HashSet<string> _said = [];

    public GroupRobots(EmulatorState state, EmulatorSettings settings)
    {
        (_state, _settings) = (state, settings);
        Seed();
    }

    public IReadOnlyList<GroupRobot> All { get { lock (_gate) return [.. _robots.Values]; } }

    public GroupRobot? Find(string token) { lock (_gate) return _robots.GetValueOrDefault(token); }

    public bool Put(GroupRobot robot)
    {
        lock (_gate)
        {
            if (_robots.Count >= Most && !_robots.ContainsKey(robot.Token)) return false;
            _robots[robot.Token] = robot;
            return true;
        }
    }

    /// <summary>20 in a minute; who says more is not heard for ten minutes. Virtual time.</summary>
    public bool TryPass(string token)
    {
        if (_settings.RateLimitFactor <= 0) return true;
        var now = _state.Clock.GetUtcNow();
        lock (_gate)
        {
            var pace = _paces.GetValueOrDefault(token, new Pace(now, 0, DateTimeOffset.MinValue));
            if (now < pace.SilentUntil) return false;
            if (now >= pace.Began + TimeSpan.FromMinutes(1)) pace = new Pace(now, 0, DateTimeOffset.MinValue);
            var over = pace.Count >= Math.Max(1, (int)(PerMinute * _settings.RateLimitFactor));
            _paces[token] = over ? pace with { SilentUntil = now + Silence } : pace with { Count = pace.Count + 1 };
            return !over;
        }
    }

    public bool HasSaid(string token, string uuid) { lock (_gate) return _said.Contains(token + "/" + uuid); }

    /// <summary>A <c>msgUuid</c> that comes again is answered as a success and said no second time.</summary>
    public bool IsFirst(string token, string uuid)
    {
        lock (_gate)
        {
            if (!_said.Add(token + "/" + uuid)) return false;
            _uuids.Enqueue(token + "/" + uuid);
            if (_uuids.Count > MostUuids) _said.Remove(_uuids.Dequeue());
            return true;
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _robots.Clear();
            _paces.Clear();
            _uuids.Clear();
            _said.Clear();
            Seed();
        }
    }

    private void Seed() => _robots[SeededToken] = new GroupRobot(SeededToken, DingTalkChats.PurchasingGroup, "采购提醒") { Secret = SeededSecret };

    private readonly record struct Pace(DateTimeOffset Began, int Count, DateTimeOffset SilentUntil);
}
