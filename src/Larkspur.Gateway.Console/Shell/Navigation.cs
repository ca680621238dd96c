using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>A line of the navigation.</summary>
/// <param name="Path">Where it leads.</param>
/// <param name="Icon">A name that <see cref="Icon"/> draws.</param>
/// <param name="Title">What it says.</param>
/// <param name="Role">Who sees it.</param>
public sealed record NavigationEntry(string Path, string Icon, LocalText Title, Role Role = Role.Auditor);

/// <summary>The pages in the order in which they are listed, in groups.</summary>
internal static class Navigation
{
    public static IReadOnlyList<(LocalText Title, NavigationEntry[] Entries)> Groups { get; } =
    [
        (new("", ""),
        [
            new("/console", "overview", new("概览", "Overview")),
            new("/console/connections", "link", new("连接", "Connections")),
        ]),
        (new("业务", "Business"),
        [
            new("/console/notifications", "bell", new("通知", "Notifications")),
            new("/console/notification-types", "card", new("通知类型", "Notification types")),
            new("/console/payments", "approval", new("付款与审批", "Payments")),
            new("/console/assistant", "chat", new("智能助手", "Assistant"), Role.Operator),
            new("/console/messages", "send", new("消息", "Messages"), Role.Operator),
            new("/console/commands", "command", new("机器人命令", "Bot commands")),
            new("/console/web-chat", "globe", new("网页聊天", "Web chat")),
        ]),
        (new("运行", "Operations"),
        [
            new("/console/deliveries", "deliveries", new("投递与死信", "Deliveries")),
            new("/console/schedules", "clock", new("定时任务", "Schedules")),
            new("/console/quota", "quota", new("额度", "Quota")),
            new("/console/doctor", "doctor", new("体检", "Check-up")),
        ]),
        (new("管理", "Administration"),
        [
            new("/console/people", "people", new("人员", "People")),
            new("/console/permissions", "lock", new("权限", "Permissions")),
            new("/console/settings", "settings", new("设置", "Settings")),
            new("/console/webhooks", "webhook", new("Webhook", "Webhooks")),
            new("/console/api-keys", "key", new("API 密钥", "API keys"), Role.Admin),
            new("/console/accounts", "account", new("控制台账号", "Console accounts"), Role.Admin),
            new("/console/audit", "audit", new("审计日志", "Audit log")),
        ]),
    ];
}
