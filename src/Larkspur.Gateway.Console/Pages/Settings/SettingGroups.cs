using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console.Pages.Settings;

/// <summary>Which settings stand together.</summary>
internal static class SettingGroups
{
    /// <summary>The groups in the order in which the settings were declared.</summary>
    public static IEnumerable<(LocalText Title, SettingDefinition[] Settings)> Of(IEnumerable<SettingDefinition> definitions) =>
        definitions.GroupBy(TitleOf).Select(group => (group.Key, group.ToArray()));

    private static LocalText TitleOf(SettingDefinition setting) => setting.Key switch
    {
        FeishuIntegration.PaymentWorkflow or FeishuIntegration.ApprovalCode => new("付款审批", "Payment approvals"),
        var key when key.StartsWith("auth.feishu.notify_", StringComparison.Ordinal) => new("业务通知", "Notifications"),
        var key when key.StartsWith("auth.feishu.", StringComparison.Ordinal) => new("飞书应用", "Feishu app"),
        var key when key.StartsWith("auth.wecom.", StringComparison.Ordinal) => new("企业微信应用", "WeCom app"),
        var key when key.StartsWith("auth.dingtalk.", StringComparison.Ordinal) => new("钉钉应用", "DingTalk app"),
        var key when key.StartsWith("notifications.", StringComparison.Ordinal) => new("免打扰与汇总", "Quiet hours and digests"),
        var key when key.StartsWith("console.", StringComparison.Ordinal) => new("控制台", "Console"),
        var key when key.StartsWith("approvals.", StringComparison.Ordinal) => new("三方审批回调", "Approvals of other systems"),
        var key when key.StartsWith("people.link.", StringComparison.Ordinal) => new("账号关联", "Linking of accounts"),
        var key when key.StartsWith("web_chat.", StringComparison.Ordinal) => new("网页聊天", "Web chat"),
        // A capability's own prefix, until it has a title here.
        var key => LocalText.From(key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : key),
    };
}
