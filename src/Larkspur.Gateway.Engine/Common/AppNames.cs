namespace Larkspur.Gateway.Common;

/// <summary>Names of apps that the settings know by themselves.</summary>
internal static class AppNames
{
    /// <summary>The app of the <c>FEISHU_</c>, <c>WECOM_</c> and <c>DINGTALK_</c> variables.</summary>
    public const string Default = "default";
}
