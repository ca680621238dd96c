using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>The DingTalk app that administrators set at run time.</summary>
/// <param name="apps">Where it is put.</param>
/// <param name="factory">Makes it.</param>
/// <param name="hosts">What the environment says of hosts, allowances and forms, by the names of <see cref="DingTalkSettings"/>.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed class StoredDingTalkApp(
    DingTalkApps apps, DingTalkAppFactory factory, IReadOnlyDictionary<string, string?> hosts, ILogger<StoredDingTalkApp> logger)
    : StoredApp<DingTalkApp>(apps, DingTalkIntegration.Setup, logger)
{
    protected override string? IdOf(SettingsState settings) => settings.Text(DingTalkIntegration.ClientId);

    protected override DingTalkApp Create(string name, SettingsState settings) => factory.Create(name, DingTalkIntegration.Read(settings,
        hosts));
}
