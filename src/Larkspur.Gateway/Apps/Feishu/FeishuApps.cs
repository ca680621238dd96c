using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The Feishu apps of this moment.</summary>
internal sealed class FeishuApps(IEnumerable<FeishuApp> configured) : PlatformApps<FeishuApp>(PlatformNames.Feishu, "Feishu", configured);
