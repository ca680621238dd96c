using Larkspur.Feishu;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>Feishu apps of the environment and the configuration.</summary>
/// <param name="Apps">By name; <c>default</c> is the one of the FEISHU_ variables.</param>
/// <param name="Modes">How each gets its events.</param>
/// <param name="StoredAppHosts">Hosts and rates of the default app when neither the environment nor the configuration names it: then it comes from the
/// settings of run time. Null: it does not.</param>
internal sealed record ConfiguredFeishuApps(
    IReadOnlyDictionary<string, FeishuOptions> Apps, IReadOnlyDictionary<string, EventMode> Modes, FeishuOptions? StoredAppHosts);
