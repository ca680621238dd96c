using Larkspur.Gateway.Common;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Apps;

/// <summary>What an administrator enters to connect a platform's app at run time; each platform registers one.</summary>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</param>
/// <param name="Enabled">The setting that switches it on.</param>
/// <param name="Keys">The settings to enter, in the order in which they are asked for.</param>
/// <param name="Needed">Those of them that have to have a value, as the others stand.</param>
/// <param name="WebhookPath">Where the platform sends what it has for the default app.</param>
internal sealed record AppSetup(
    string Platform, string Enabled, IReadOnlyList<string> Keys, Func<SettingsState, IReadOnlyList<string>> Needed, string WebhookPath)
{
    /// <summary>What suits this gateway better than the setting's default, by key, for whoever has set nothing yet.</summary>
    public Func<SettingsState, IReadOnlyDictionary<string, string>> Proposed { get; init; } = static _ => new Dictionary<string, string>();

    /// <summary>Where the platform sends what it has for an app.</summary>
    public string PathOf(string app) => app == AppNames.Default ? WebhookPath : $"{WebhookPath}/{app}";

    /// <summary>Those that have to have a value and have none.</summary>
    public IReadOnlyList<string> Missing(SettingsState settings) => [.. Needed(settings).Where(key => settings.Text(key) is null)];
}
