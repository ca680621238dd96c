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

    /// <summary>An AI bot has one connection: a second one would throw the first one out for ever.</summary>
    protected override string? ConfiguredAs(SettingsState settings) => base.ConfiguredAs(settings)
        ?? (settings.Text(WeComIntegration.AiBotId) is { } bot
            ? apps.All.FirstOrDefault(a => a.Name != WeComSettings.Default && a.Settings.Bot?.BotId == bot)?.Name
            : null);

    protected override WeComApp Create(string name, SettingsState settings) => factory.Create(name, WeComIntegration.Read(settings, hosts));
}
