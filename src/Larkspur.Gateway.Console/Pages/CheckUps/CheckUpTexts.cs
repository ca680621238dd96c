using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.CheckUps;

/// <summary>What the check-up says.</summary>
internal static class CheckUpTexts
{
    public static readonly LocalText Title = new("体检", "Check-up");
    public static readonly LocalText About = new("逐项检查应用、权限、回调地址和网关本身，并告诉你怎么修。", "Looks at the app, its scopes, the callback address and the gateway itself, and says what to do.");
    public static readonly LocalText Run = new("开始体检", "Run the check-up");
    public static readonly LocalText Again = new("重新体检", "Run again");
    public static readonly LocalText Running = new("检查中，最多 20 秒…", "Looking, 20 seconds at most…");
    public static readonly LocalText App = new("应用", "App");
    public static readonly LocalText None = new("还没有体检过", "No check-up yet");
    public static readonly LocalText NoneHelp = new("体检会用新取的令牌询问飞书、访问网关自己的公网地址，并查看数据库和队列。", "It asks Feishu with a fresh token, calls the gateway's own public address, and looks at the database and the queues.");
    public static readonly LocalText Mend = new("在开发者后台处理", "Mend it in the developer console");
    public static readonly LocalText Busy = new("已有多次检查在等待，请稍后再试", "Several runs wait already; try again in a moment");
    public static readonly LocalText To = new("完整体检", "Full check-up");

    /// <summary>The worst first.</summary>
    public static readonly CheckStatus[] Order = [CheckStatus.Failed, CheckStatus.Warning, CheckStatus.Ok, CheckStatus.Skipped];

    public static LocalText Of(CheckStatus status) => status switch
    {
        CheckStatus.Failed => new("有故障", "Failed"),
        CheckStatus.Warning => new("需留意", "Warnings"),
        CheckStatus.Ok => new("正常", "In order"),
        _ => new("未检查", "Not looked at"),
    };

    /// <summary>The page of the console where a check's trouble is mended; null: it is mended elsewhere.</summary>
    public static (LocalText Title, string Path)? PlaceOf(string check, CheckResult result) => check switch
    {
        "dead_letters" => (new("查看死信", "See the dead letters"), $"/console/deliveries?box={(result.Detail?["events"]?.GetValue<long>() > 0 ? "inbox" : "outbox")}&status=dead"),
        "overdue" => (new("查看滞留的消息", "See what is overdue"), "/console/deliveries?box=outbox&status=overdue"),
        "webhooks" => (new("查看 Webhook", "See the webhooks"), "/console/webhooks"),
        "callback" or "settings" or "app" or "approval_code" or "encrypt_key" or "verification_token" or "credentials" => (new("打开设置", "Open the settings"), "/console/settings"),
        "api_key" => (new("管理 API 密钥", "See the API keys"), "/console/api-keys"),
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
            (0, 0) => new("一切正常", "Everything is in order"),
            (0, _) => new($"可以使用，{warnings} 项需留意", $"It works; {CheckResult.Count(warnings, "thing")} to look at"),
            (_, 0) => new($"{failed} 项有故障", $"{CheckResult.Count(failed, "thing")} to mend"),
            _ => new($"{failed} 项有故障，{warnings} 项需留意", $"{CheckResult.Count(failed, "thing")} to mend, {warnings} to look at"),
        };
    }

    public static LocalText Took(TimeSpan time) => new($"用时 {time.TotalSeconds:0.0} 秒", $"took {time.TotalSeconds:0.0} s");
}
