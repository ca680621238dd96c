using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.CheckUps;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>What the wizard says, and which settings it asks for.</summary>
internal static partial class WelcomeTexts
{
    public const string NotificationPrefix = "auth.feishu.notify_";

    public static readonly string[] AppSettings =
    [
        FeishuIntegration.AppId, FeishuIntegration.AppSecret, FeishuIntegration.EncryptKey, FeishuIntegration.VerificationToken, FeishuIntegration.EventMode, FeishuIntegration.Brand,
        FeishuIntegration.CallbackDomain,
    ];

    public static readonly LocalText[] Steps = [Connect, Test, Notifications, First, Done];
    /// <summary>The credentials and the bot are right: messages can leave. Scopes may still be missing or superfluous.</summary>
    public static bool Works(CheckUp trial) => trial.Report.Checks.Where(c => c.Check.Id is "credentials" or "bot").All(c => c.Result.Status is CheckStatus.Ok or CheckStatus.Warning);

    public static string WordOf(CheckUp trial) => Works(trial) ? "ok" : "failed";

    public static string? LookOf(CheckUp trial) => Works(trial) ? "lk-good" : null;

    public static LocalText Of(CheckUp trial) => !Works(trial) ? ItDoesNotConnectYetBelow
        : trial.Report.Status == CheckStatus.Ok ? ItWorks : ItWorksBelowIsWhatCanBe;

    public static LocalText Of(string status) => FindStatus(status) ?? LocalText.From(status);
}
