using Larkspur.Gateway.Apps;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>The DingTalk apps of this moment.</summary>
internal sealed class DingTalkApps(IEnumerable<DingTalkApp> configured) : PlatformApps<DingTalkApp>(DingTalkApps.Platform, "DingTalk",
    configured)
{
    /// <summary>The platform's name everywhere in the gateway.</summary>
    public const string Platform = "dingtalk";
}
