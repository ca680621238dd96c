namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>DingTalk apps of the environment and the configuration.</summary>
/// <param name="Apps">By name; <c>default</c> is the one of the DINGTALK_ variables.</param>
internal sealed record ConfiguredDingTalkApps(IReadOnlyDictionary<string, DingTalkAppSettings> Apps);
