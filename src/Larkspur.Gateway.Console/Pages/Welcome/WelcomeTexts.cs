using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.CheckUps;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>What the wizard says.</summary>
internal static partial class WelcomeTexts
{
    public const string NotificationPrefix = "auth.feishu.notify_";

    public static readonly LocalText[] Steps = [Connect, Notifications, First, Finish];

    /// <summary>The card, in both languages: who gets it may read either.</summary>
    public static readonly UnifiedResponse Card = new($"{CardContent.Chinese}\n\n{CardContent.English}")
    {
        Title = $"{CardTitle.Chinese} · {CardTitle.English}",
    };

    /// <summary>The credentials and the bot are right: messages can leave. Scopes may still be missing or superfluous.</summary>
    public static bool Works(CheckUp trial) => trial.Report.Checks.Where(c => c.Check.Id is "credentials" or "bot" or "wecom" or "dingtalk")
        .All(c => c.Result.Status is CheckStatus.Ok or CheckStatus.Warning);

    public static string WordOf(ConnectOutcome outcome) => outcome.IsConnected ? "ok" : "failed";

    public static LocalText Of(ConnectOutcome outcome) => outcome switch
    {
        { IsConnected: false, Problem: { } problem } => outcome.GoesOn ? NoConnectionGoesOn(problem) : NoConnectionYet(problem),
        { IsConnected: false } => outcome.GoesOn ? CredentialsRefusedGoesOn : CredentialsRefused,
        { Trial.Report.Status: CheckStatus.Ok } => ConnectedAndOn,
        _ => ConnectedWithHints,
    };

    public static LocalText NoConnection(string? reason) => reason is null
        ? ConnectionTimedOut
        : new(reason, reason);

    public static LocalText PersonHelp(string platform) => platform == PlatformNames.Feishu
        ? PersonHelpFeishu
        : PersonHelpUserid;

    public static LocalText NoPerson(string platform) => platform == PlatformNames.Feishu
        ? NoPersonFeishu
        : NoPersonUserid;

    public static LocalText Of(string status, LocalText? reason) => status switch
    {
        "sent" => Sent,
        "open" when reason is not null => Retrying(reason),
        "open" => Open,
        "dead" => Dead(reason ?? LocalText.From("—")),
        _ => LocalText.From(status),
    };
}
