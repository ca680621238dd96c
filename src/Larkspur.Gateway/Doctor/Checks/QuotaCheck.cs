using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The month's calls are not near their end.</summary>
internal sealed class QuotaCheck(QuotaRegistry book, QuotaOptions options) : IDoctorCheck
{
    public string Id => "quota";

    public LocalText Title => new("调用额度", "Call quota");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        if (of.Configured is null) return Examination.NoApp;
        var (used, cap, forecast, mode) = (book.Used(of.App), options.CapOf(of.App), book.Forecast(of.App), book.Mode(of.App));
        var detail = new System.Text.Json.Nodes.JsonObject { ["used"] = used, ["cap"] = cap, ["forecast"] = forecast, ["mode"] = mode.ToString().ToLowerInvariant() };
        var fix = new LocalText("升级企业版本或调高 Larkspur:Quota:MonthlyCap；减少轮询与通知", "Raise the company's plan or Larkspur:Quota:MonthlyCap; poll and notify less");
        var zh = $"本月已用 {used.ToString(CultureInfo.InvariantCulture)} 次{(cap is { } most ? $"，上限 {most.ToString(CultureInfo.InvariantCulture)}" : "")}";
        var en = $"{CheckResult.Count(used, "call")} this month{(cap is { } top ? $" of {top.ToString(CultureInfo.InvariantCulture)}" : "")}";
        return mode switch
        {
            QuotaMode.Exhausted => CheckResult.Failed(new LocalText(zh + "；额度已用完", en + "; the quota is used up"), fix, detail),
            QuotaMode.Economy => CheckResult.Warning(new LocalText(zh + "；额度即将用完", en + "; the quota is nearly used up"), fix, detail),
            _ when cap is { } bound && forecast > bound => CheckResult.Warning(new LocalText($"{zh}；按目前速度月底将达 {forecast} 次", $"{en}; at this pace it will be {forecast} by the end of the month"), fix, detail),
            _ => CheckResult.Ok(zh, en, detail),
        };
    }
}
