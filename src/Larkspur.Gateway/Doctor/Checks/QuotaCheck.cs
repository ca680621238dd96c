using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The month's calls are not near their end.</summary>
internal sealed class QuotaCheck(QuotaRegistry book, QuotaOptions options) : IDoctorCheck
{
    public string Id => "quota";

    public LocalText Title => QuotaCheckTexts.Title;

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        if (of.Configured is null) return Examination.NoApp;
        var (used, cap, forecast, mode) = (book.Used(of.App), options.CapOf(of.App), book.Forecast(of.App), book.Mode(of.App));
        var detail = new System.Text.Json.Nodes.JsonObject { ["used"] = used, ["cap"] = cap, ["forecast"] = forecast, ["mode"] = mode.ToString().ToLowerInvariant() };
        var fix = QuotaCheckTexts.RaiseCompanyPlanOrLarkspur;
        var finding = cap is { } most ? QuotaCheckTexts.UsedOf(used, most) : QuotaCheckTexts.Used(used);
        return mode switch
        {
            QuotaMode.Exhausted => CheckResult.Failed(finding + QuotaCheckTexts.UsedUp, fix, detail),
            QuotaMode.Economy => CheckResult.Warning(finding + QuotaCheckTexts.NearlyUsedUp, fix, detail),
            _ when cap is { } bound && forecast > bound => CheckResult.Warning(finding + QuotaCheckTexts.WillBeUsedUp(forecast), fix,
                detail),
            _ => CheckResult.Ok(finding, detail),
        };
    }
}
