namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>DingTalk apps of the environment and the configuration.</summary>
/// <param name="Apps">By name; <c>default</c> is the one of the DINGTALK_ variables.</param>
/// <param name="StoredAppHosts">What the environment says beside an app that neither it nor the configuration names, by the names of
/// <see cref="DingTalkSettings"/>: then the default app comes from the settings of run time. Null: it does not.</param>
internal sealed record ConfiguredDingTalkApps(IReadOnlyDictionary<string, DingTalkAppSettings> Apps, IReadOnlyDictionary<string,
    string?>? StoredAppHosts);
