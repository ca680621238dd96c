namespace Larkspur.Gateway.Settings;

/// <summary>The address by which platforms and browsers reach the gateway from outside.</summary>
internal static class PublicAddress
{
    /// <summary>Its setting, under the name that administrators of the procurement system know; LARKSPUR_BASE_URL gives it too.</summary>
    public const string Setting = "auth.feishu.callback_domain";
}
