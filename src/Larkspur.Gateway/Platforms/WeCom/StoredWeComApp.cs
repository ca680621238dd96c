using System.Globalization;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The WeCom app that administrators set at run time.</summary>
/// <param name="apps">Where it is put.</param>
/// <param name="factory">Makes it.</param>
/// <param name="hosts">What the environment says of hosts and rates, by the names of <see cref="WeComSettings"/>.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed class StoredWeComApp(
    WeComApps apps, WeComAppFactory factory, IReadOnlyDictionary<string, string?> hosts, ILogger<StoredWeComApp> logger)
    : StoredApp<WeComApp>(apps, logger)
{
    protected override string Enabled => WeComIntegration.Enabled;

    protected override IReadOnlyList<string> Keys { get; } = [.. WeComIntegration.Keys.Values];

    protected override string? IdOf(SettingsState settings)
    {
        int? agent = int.TryParse(settings.Text(WeComIntegration.AgentId), CultureInfo.InvariantCulture, out var number) ? number : null;
        return WeComSettings.IdOf(settings.Text(WeComIntegration.CorpId), agent, settings.Text(WeComIntegration.AiBotId));
    }

    protected override LocalText? ProblemOf(SettingsState settings) => Missing(settings, Needed(settings)) ?? Elsewhere(settings);

    protected override WeComApp Create(string name, SettingsState settings)
    {
        var problems = new List<string>();
        var read = WeComSettings.ReadApp(Value, problems);
        return problems.Count == 0 ? factory.Create(name, read) : throw new ArgumentException(string.Join("; ", problems));

        (string? Value, string Name) Value(string key) => WeComIntegration.Keys.TryGetValue(key, out var setting)
            ? (settings.Text(setting), setting)
            : (hosts.GetValueOrDefault(key), WeComSettings.Variable(key));
    }

    /// <summary>An application needs all three of its values, a bot both, and one of the two has to be.</summary>
    private static List<string> Needed(SettingsState settings)
    {
        string[] application = [WeComIntegration.CorpId, WeComIntegration.AgentId, WeComIntegration.Secret];
        string[] bot = [WeComIntegration.AiBotId, WeComIntegration.AiBotSecret];
        string[] callback = [WeComIntegration.Token, WeComIntegration.EncodingAesKey];
        var isBot = bot.Any(Has);
        var needed = new List<string>(isBot ? bot : []);
        // A bot may name its corp, and have no application.
        if (!isBot || Has(WeComIntegration.AgentId) || Has(WeComIntegration.Secret)) needed.AddRange(application);
        if (callback.Any(Has)) needed.AddRange(callback);
        return needed;

        bool Has(string key) => settings.Text(key) is not null;
    }
}
