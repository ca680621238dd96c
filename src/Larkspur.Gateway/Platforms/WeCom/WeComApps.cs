using Larkspur.Gateway.Apps;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The WeCom apps of this moment.</summary>
internal sealed class WeComApps(IEnumerable<WeComApp> configured) : PlatformApps<WeComApp>(WeComApps.Platform, "WeCom", configured)
{
    /// <summary>The platform's name in rows and identities.</summary>
    public const string Platform = "wecom";
}
