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

    public LocalText Title => ClockCheckTexts.Title;

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        await platform.TokenAsync();
        if (platform.Ahead is not { } ahead) return CheckResult.Skipped(ClockCheckTexts.PlatformDoesNotAnswerSoThere);
        var seconds = Math.Round(ahead.TotalSeconds);
        // Several processes go by their database's clock.
        var whose = database.Dialect == Dialect.Postgres ? ClockCheckTexts.DatabaseServer : ClockCheckTexts.ThisMachine;
        var off = Math.Abs(seconds);
        var finding = seconds < 0 ? ClockCheckTexts.Behind(whose, off) : ClockCheckTexts.Ahead(whose, off);
        var detail = new System.Text.Json.Nodes.JsonObject { ["ahead_seconds"] = seconds };
        var fix = ClockCheckTexts.Fix(whose);
        if (ahead.Duration() >= TooFar) return CheckResult.Failed(finding + ClockCheckTexts.EventsRefused, fix, detail);
        if (ahead.Duration() >= Noticeable) return CheckResult.Warning(finding, fix, detail);
        return CheckResult.Ok(ClockCheckTexts.AgreesWithPlatform, detail);
    }
}
