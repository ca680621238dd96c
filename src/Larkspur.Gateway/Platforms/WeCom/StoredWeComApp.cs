using System.Globalization;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The WeCom app that administrators set at run time.</summary>
/// <param name="apps">Where it is put.</param>
/// <param name="factory">Makes it.</param>
/// <param name="hosts">What the environment says of hosts and rates, by the names of <see cref="WeComSettings"/>.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed class StoredWeComApp(
    WeComApps apps, WeComAppFactory factory, IReadOnlyDictionary<string, string?> hosts, ILogger<StoredWeComApp> logger)
    : StoredApp<WeComApp>(apps, WeComIntegration.Setup, logger)
{
    protected override string? IdOf(SettingsState settings)
    {
        int? agent = int.TryParse(settings.Text(WeComIntegration.AgentId), CultureInfo.InvariantCulture, out var number) ? number : null;
        return WeComSettings.IdOf(settings.Text(WeComIntegration.CorpId), agent, settings.Text(WeComIntegration.AiBotId));
    }

    protected override WeComApp Create(string name, SettingsState settings) => factory.Create(name, WeComIntegration.Read(settings, hosts));
}
