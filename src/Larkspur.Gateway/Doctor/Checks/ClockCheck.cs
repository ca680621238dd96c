using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>
/// The gateway's time against the Date header of the platform's answers. Signed requests outside five minutes are refused.
/// </summary>
internal sealed class ClockCheck(IDatabase database) : IDoctorCheck
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TooFar = TimeSpan.FromMinutes(4);

    public string Id => "clock";

    public LocalText Title => new("系统时钟", "Clock");

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        await platform.TokenAsync();
        if (platform.Ahead is not { } ahead) return CheckResult.Skipped("平台没有应答，无法比较时间", "The platform does not answer, so there is no time to compare with");
        var seconds = Math.Round(ahead.TotalSeconds);
        // Several processes go by their database's clock.
        var (whoseZh, whoseEn) = database.Dialect == Dialect.Postgres
            ? ("数据库服务器", "The database server")
            : ("本机", "This machine");
        var off = Math.Abs(seconds).ToString(CultureInfo.InvariantCulture);
        var zh = $"{whoseZh}时钟比平台{(seconds < 0 ? "慢" : "快")} {off} 秒";
        var en = $"{whoseEn}'s clock is {off} s {(seconds < 0 ? "behind" : "ahead of")} the platform's";
        var detail = new System.Text.Json.Nodes.JsonObject { ["ahead_seconds"] = seconds };
        var fix = new LocalText($"在{whoseZh}上打开时间同步（NTP、chrony 或虚拟机的时间服务）",
            $"{whoseEn}: switch time synchronisation on (NTP, chrony, or the virtual machine's)");
        if (ahead.Duration() >= TooFar) return CheckResult.Failed(new LocalText(zh + "；事件签名会因超出时间窗口被拒绝", en + "; events are refused because their signatures look too old or too new"), fix, detail);
        if (ahead.Duration() >= Noticeable) return CheckResult.Warning(new LocalText(zh, en), fix, detail);
        return CheckResult.Ok("与平台时间一致", "Agrees with the platform's", detail);
    }
}
