using System.Security.Cryptography;
using System.Text;
using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.GroupRobots;

/// <summary>A webhook into one group; its key is its only secret.</summary>
internal sealed record GroupRobot(string Key, string ChatId, string Name, string EnName)
{
    public bool Disabled { get; init; }

    /// <summary>Names it where the key must not stand.</summary>
    public string Id => "robot-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))[..8];
}

/// <summary>The group robots of the corp.</summary>
internal sealed class RobotKeys(EmulatorSettings settings) : IResettableState
{
    private readonly Lock _gate = new();
    private readonly List<GroupRobot> _robots = [Seeded(settings)];

    public IReadOnlyList<GroupRobot> All
    {
        get { lock (_gate) return [.. _robots]; }
    }

    public GroupRobot? Find(string key)
    {
        var given = Encoding.UTF8.GetBytes(key);
        return All.FirstOrDefault(r => CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(r.Key)));
    }

    /// <summary>Another robot in a group, or one that is set anew.</summary>
    public void Put(GroupRobot robot)
    {
        lock (_gate)
        {
            _robots.RemoveAll(r => r.Key == robot.Key);
            _robots.Add(robot);
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _robots.Clear();
            _robots.Add(Seeded(settings));
        }
    }

    private static GroupRobot Seeded(EmulatorSettings settings) => new(settings.WeCom.GroupRobotKey, SeededGroups.Purchasing, "采购提醒", "Purchasing alerts");
}
