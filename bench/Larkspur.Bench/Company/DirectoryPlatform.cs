using System.Text.Json.Nodes;

namespace Larkspur.Bench.Company;

/// <summary>A platform whose directory is read, and what its limits allow.</summary>
/// <param name="Name">As the gateway calls it.</param>
/// <param name="PerSecond">Calls of one endpoint in a second; null: no limit is published.</param>
/// <param name="PerMinute">Calls of one endpoint in a minute; null: no limit is published.</param>
/// <param name="TellsNames">Its events tell of new names; others tell of those who join, move and leave alone.</param>
internal sealed record DirectoryPlatform(string Name, int? PerSecond, int? PerMinute, bool TellsNames)
{
    public static readonly DirectoryPlatform[] All =
    [
        // 1,000 a minute and 50 a second for each endpoint of contact v3.
        new("feishu", 50, 1000, true),
        new("dingtalk", 20, null, true),
        new("wecom", null, 10_000, false),
    ];

    /// <summary>After so long nothing that was called before counts.</summary>
    public TimeSpan EmptyWindow => PerSecond is not null && PerMinute is not null ? TimeSpan.FromSeconds(62) : TimeSpan.FromSeconds(2);

    /// <summary>Seconds for so many calls of one endpoint at best: a window opens with its first call, and is filled at once.</summary>
    public double Ideal(double calls)
    {
        if (calls < 1) return 0;
        var (minutes, rest) = PerMinute is { } minute ? (Math.Floor((calls - 1) / minute), (calls - 1) % minute) : (0, calls - 1);
        return (minutes * 60) + (PerSecond is { } second ? Math.Floor(rest / second) : 0);
    }

    /// <summary>The fields under which the emulator's answer tells the ids of who was changed.</summary>
    public static IEnumerable<string> IdsOf(JsonObject answer) =>
        from name in (string[])["user_id", "union_id", "department_id", "open_department_id", "wecom_id", "dingtalk_id"]
        where answer[name] is not null
        select answer[name]!.ToString();
}
