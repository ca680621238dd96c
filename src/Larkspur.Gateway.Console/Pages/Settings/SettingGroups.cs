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
        FeishuIntegration.PaymentWorkflow or FeishuIntegration.ApprovalCode => SettingsTexts.PaymentApprovals,
        var key when key.StartsWith("auth.feishu.notify_", StringComparison.Ordinal) => SettingsTexts.Notifications,
        var key when key.StartsWith("auth.feishu.", StringComparison.Ordinal) => SettingsTexts.FeishuApp,
        var key when key.StartsWith("auth.wecom.", StringComparison.Ordinal) => SettingsTexts.WeComApp,
        var key when key.StartsWith("auth.dingtalk.", StringComparison.Ordinal) => SettingsTexts.DingTalkApp,
        var key when key.StartsWith("notifications.", StringComparison.Ordinal) => SettingsTexts.QuietHoursAndDigests,
        var key when key.StartsWith("console.", StringComparison.Ordinal) => SettingsTexts.Console,
        var key when key.StartsWith("approvals.", StringComparison.Ordinal) => SettingsTexts.ApprovalsOtherSystems,
        var key when key.StartsWith("people.link.", StringComparison.Ordinal) => SettingsTexts.LinkingAccounts,
        var key when key.StartsWith("brand.", StringComparison.Ordinal) => SettingsTexts.Brand,
        var key when key.StartsWith("web_chat.", StringComparison.Ordinal) => SettingsTexts.WebChat,
        // A capability's own prefix, until it has a title here.
        var key => LocalText.From(key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : key),
    };
}
