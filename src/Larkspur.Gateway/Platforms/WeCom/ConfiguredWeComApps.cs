namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>WeCom apps of the environment and the configuration.</summary>
/// <param name="Apps">By name; <c>default</c> is the one of the WECOM_ variables.</param>
internal sealed record ConfiguredWeComApps(IReadOnlyDictionary<string, WeComAppSettings> Apps);
