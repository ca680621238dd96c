using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.CheckUps;

/// <summary>What the check-up says.</summary>
internal static partial class CheckUpTexts
{
    /// <summary>The worst first.</summary>
    public static readonly CheckStatus[] Order = [CheckStatus.Failed, CheckStatus.Warning, CheckStatus.Ok, CheckStatus.Skipped];

    public static LocalText Of(CheckStatus status) => status switch
    {
        CheckStatus.Failed => Failed,
        CheckStatus.Warning => Warning,
        CheckStatus.Ok => Ok,
        _ => NotLookedAt,
    };

    /// <summary>The page of the console where a check's trouble is mended; null: it is mended elsewhere.</summary>
    public static (LocalText Title, string Path)? PlaceOf(string check, CheckResult result) => check switch
    {
        "dead_letters" => (SeeDeadLetters,
            $"/console/deliveries?box={(result.Detail?["events"]?.GetValue<long>() > 0 ? "inbox" : "outbox")}&status=dead"),
        "overdue" => (SeeWhatIsOverdue, "/console/deliveries?box=outbox&status=overdue"),
        "webhooks" => (SeeWebhooks, "/console/webhooks"),
        "callback" or "wecom_callback" or "dingtalk_callback" or "certificate" or
            "settings" or "app" or "approval_code" or "encrypt_key" or "verification_token" or "credentials" =>
            (OpenSettings, "/console/settings"),
        "api_key" => (SeeAPIKeys, "/console/api-keys"),
        _ => null,
    };

    public static string KindOf(CheckStatus status) => status switch
    {
        CheckStatus.Failed => "bad",
        CheckStatus.Warning => "warn",
        CheckStatus.Ok => "good",
        _ => "off",
    };

    /// <summary>A whole report in a sentence.</summary>
    public static LocalText Summary(DoctorReport report)
    {
        var (failed, warnings) = (report.Checks.Count(c => c.Result.Status == CheckStatus.Failed), report.Checks.Count(c => c.Result.Status == CheckStatus.Warning));
        return (failed, warnings) switch
        {
            (0, 0) => SummaryOk,
            (0, _) => SummaryWarnings(warnings),
            (_, 0) => SummaryFailed(failed),
            _ => SummaryBoth(failed, warnings),
        };
    }

    public static LocalText Took(TimeSpan time) => TookS(time.TotalSeconds);
}
