using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>The DingTalk app that administrators set at run time.</summary>
/// <param name="apps">Where it is put.</param>
/// <param name="factory">Makes it.</param>
/// <param name="hosts">What the environment says of hosts, allowances and forms, by the names of <see cref="DingTalkSettings"/>.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed class StoredDingTalkApp(
    DingTalkApps apps, DingTalkAppFactory factory, IReadOnlyDictionary<string, string?> hosts, ILogger<StoredDingTalkApp> logger)
    : StoredApp<DingTalkApp>(apps, logger)
{
    private static readonly string[] Needed = [DingTalkIntegration.ClientId, DingTalkIntegration.ClientSecret,
        DingTalkIntegration.RobotCode];

    protected override string Enabled => DingTalkIntegration.Enabled;

    protected override IReadOnlyList<string> Keys { get; } = [.. DingTalkIntegration.Keys.Values];

    protected override string? IdOf(SettingsState settings) => settings.Text(DingTalkIntegration.ClientId);

    protected override LocalText? ProblemOf(SettingsState settings)
    {
        var isStream = settings.Text(DingTalkIntegration.EventMode) == "stream";
        return Missing(settings, isStream ? Needed : [.. Needed, DingTalkIntegration.Token, DingTalkIntegration.AesKey])
            ?? Elsewhere(settings);
    }

    protected override DingTalkApp Create(string name, SettingsState settings)
    {
        var problems = new List<string>();
        var read = DingTalkSettings.ReadApp(Value, problems);
        return problems.Count == 0 ? factory.Create(name, read) : throw new ArgumentException(string.Join("; ", problems));

        (string? Value, string Name) Value(string key) => DingTalkIntegration.Keys.TryGetValue(key, out var setting)
            ? (settings.Text(setting), setting)
            : (hosts.GetValueOrDefault(key), DingTalkSettings.Variable(key));
    }
}
