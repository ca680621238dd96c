using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Quota;

/// <summary>How calls are counted and capped. Section <c>Larkspur:Quota</c>.</summary>
public sealed class QuotaOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Quota";

    private static readonly int[] DefaultThresholds = [80, 95, 100];

    /// <summary>Counted calls a month that each app may make; null or 0: no cap.</summary>
    public long? MonthlyCap { get; set; }

    /// <summary>Per app, by its name: another cap.</summary>
    public Dictionary<string, AppQuotaOptions> Apps { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls a day that an app may make of an API, by the endpoint's catalogue id.</summary>
    public Dictionary<string, long> DailyCaps { get; } = new(StringComparer.Ordinal);

    /// <summary>Parts of a cap, in percent, that raise an alarm. Default 80, 95, 100.</summary>
    public int[] Thresholds { get; set; } = [];

    /// <summary>Part of the monthly cap, in percent, from which on calls that can be left out are left out. Default 90.</summary>
    public int EconomyFrom { get; set; } = 90;

    /// <summary>How often counts are written, and other processes' counts read. Default 5 s: what a crash can lose.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After the platform has refused: how often a call that somebody waits for is tried all the same. Default 3 min.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Caps that apps bring with them; one that is set above comes first.</summary>
    internal ConcurrentDictionary<string, long> Declared { get; } = new(StringComparer.Ordinal);

    internal IReadOnlyList<int> Alarms => Thresholds.Length > 0 ? Thresholds : DefaultThresholds;

    /// <summary>The cap of an app, or null.</summary>
    internal long? CapOf(string app)
    {
        var cap = Apps.TryGetValue(app, out var own) && own.MonthlyCap is { } named ? named : Declared.TryGetValue(app, out var declared)
            ? declared : MonthlyCap;
        return cap is > 0 ? cap : null;
    }

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (MonthlyCap < 0) yield return "Larkspur:Quota:MonthlyCap: calls a month, or 0 for no cap";
        foreach (var (name, _) in Apps.Where(a => a.Value.MonthlyCap < 0))
            yield return $"Larkspur:Quota:Apps:{name}:MonthlyCap: calls a month, or 0 for no cap";
        foreach (var (endpoint, cap) in DailyCaps.Where(c => c.Value < 1)) yield return $"Larkspur:Quota:DailyCaps:{endpoint}: at least 1, not {cap}";
        if (Alarms.Any(t => t is < 1 or > 1000)) yield return "Larkspur:Quota:Thresholds: percent, between 1 and 1000";
        if (EconomyFrom is < 1 or > 100) yield return "Larkspur:Quota:EconomyFrom: percent, between 1 and 100";
        if (FlushInterval < TimeSpan.FromMilliseconds(100) || FlushInterval > TimeSpan.FromMinutes(10))
            yield return "Larkspur:Quota:FlushInterval: between 00:00:00.1 and 00:10:00";
        if (ProbeInterval < TimeSpan.FromSeconds(1) || ProbeInterval > TimeSpan.FromDays(1))
            yield return "Larkspur:Quota:ProbeInterval: between 00:00:01 and 1.00:00:00";
    }

    /// <summary>Apps that have a cap here and are none. The app <c>default</c> may come later, from the settings of run time.</summary>
    internal IEnumerable<string> UnknownApps(IReadOnlyDictionary<string, FeishuOptions> apps) =>
        Apps.Keys.Where(name => name != AppNames.Default && !apps.ContainsKey(name))
            .Select(name => $"Larkspur:Quota:Apps:{name}: there is no Feishu app of that name");
}

/// <summary>Settings of one app. Section <c>Larkspur:Quota:Apps:{name}</c>.</summary>
public sealed class AppQuotaOptions
{
    /// <summary>Counted calls a month; 0: no cap; null: as for all.</summary>
    public long? MonthlyCap { get; set; }
}

/// <summary>Whom the gateway tells what an administrator has to know. Section <c>Larkspur:Admin</c>.</summary>
public sealed class AdminOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Admin";

    /// <summary>A chat (<c>oc_…</c>), a person (<c>ou_…</c>, <c>on_…</c>, an e-mail address, or a user id); null: nobody, the log has to do.</summary>
    public string? FeishuReceiver { get; set; }

    /// <summary>Name of the app that sends it. An <c>ou_</c> id is valid for its own app only. Default: the app <c>default</c>, else the only one.</summary>
    public string? FeishuApp { get; set; }

    /// <summary>The kind of id that the receiver is.</summary>
    internal string ReceiverType => FeishuReceiver switch
    {
        _ when FeishuReceiver!.Contains('@', StringComparison.Ordinal) => "email",
        ['o', 'c', '_', ..] => "chat_id",
        ['o', 'u', '_', ..] => "open_id",
        ['o', 'n', '_', ..] => "union_id",
        _ => "user_id",
    };

    /// <summary>Chooses the sending app where none is named.</summary>
    /// <returns>What is wrong.</returns>
    internal IEnumerable<string> Complete(IReadOnlyDictionary<string, FeishuOptions> apps)
    {
        FeishuReceiver = string.IsNullOrWhiteSpace(FeishuReceiver) ? null : FeishuReceiver.Trim();
        if (FeishuReceiver is null) return [];
        FeishuApp = string.IsNullOrEmpty(FeishuApp) ? apps.ContainsKey(AppNames.Default) || apps.Count != 1 ? AppNames.Default : apps.Keys.First() : FeishuApp;
        if (FeishuReceiver.Any(c => c is <= ' ' or > '~') || FeishuReceiver.Length > 200)
            return ["Larkspur:Admin:FeishuReceiver: a chat id, open id, union id, user id or e-mail address"];
        return FeishuApp == AppNames.Default || apps.ContainsKey(FeishuApp) ? []
            : [$"Larkspur:Admin:FeishuApp: there is no Feishu app \"{FeishuApp}\" to send with"];
    }
}
