namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>WeCom apps of the environment and the configuration.</summary>
/// <param name="Apps">By name; <c>default</c> is the one of the WECOM_ variables.</param>
/// <param name="StoredAppHosts">Hosts and rates of the default app when neither the environment nor the configuration names it, by the
/// names of
/// <see cref="WeComSettings"/>: then it comes from the settings of run time. Null: it does not.</param>
internal sealed record ConfiguredWeComApps(IReadOnlyDictionary<string, WeComAppSettings> Apps, IReadOnlyDictionary<string,
    string?>? StoredAppHosts);
