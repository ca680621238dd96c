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
        (LocalText.From(""),
        [
            new("/console", "overview", ShellTexts.Overview),
            new("/console/connections", "link", ShellTexts.Connections),
        ]),
        (ShellTexts.Business,
        [
            new("/console/notifications", "bell", ShellTexts.Notifications),
            new("/console/notification-types", "card", ShellTexts.NotificationTypes),
            new("/console/templates", "template", ShellTexts.Templates),
            new("/console/payments", "approval", ShellTexts.Payments),
            new("/console/approvals", "stamp", ShellTexts.Approvals, Role.Operator),
            new("/console/syncs", "sync", ShellTexts.TableSyncs),
            new("/console/assistant", "chat", ShellTexts.Assistant, Role.Operator),
            new("/console/messages", "send", ShellTexts.Messages, Role.Operator),
            new("/console/commands", "command", ShellTexts.BotCommands),
            new("/console/web-chat", "globe", ShellTexts.WebChat),
        ]),
        (ShellTexts.Operations,
        [
            new("/console/deliveries", "deliveries", ShellTexts.Deliveries),
            new("/console/schedules", "clock", ShellTexts.Schedules),
            new("/console/quota", "quota", ShellTexts.Quota),
            new("/console/doctor", "doctor", ShellTexts.CheckUp),
        ]),
        (ShellTexts.Administration,
        [
            new("/console/people", "people", ShellTexts.People),
            new("/console/directory", "directory", ShellTexts.Directory),
            new("/console/scim-targets", "push", ShellTexts.ScimTargets),
            new("/console/sign-in-methods", "enter", ShellTexts.SignInMethods),
            new("/console/sign-in-clients", "globe", ShellTexts.SignInClients),
            new("/console/authorizations", "consent", ShellTexts.Authorizations),
            new("/console/permissions", "lock", ShellTexts.Permissions),
            new("/console/settings", "settings", ShellTexts.Settings),
            new("/console/webhooks", "webhook", ShellTexts.Webhooks),
            new("/console/robots", "robot", ShellTexts.GroupRobots),
            new("/console/api-keys", "key", ShellTexts.APIKeys, Role.Admin),
            new("/console/accounts", "account", ShellTexts.ConsoleAccounts, Role.Admin),
            new("/console/audit", "audit", ShellTexts.AuditLog),
        ]),
    ];
}
