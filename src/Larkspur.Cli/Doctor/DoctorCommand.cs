using System.CommandLine;
using System.Net.Http;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Doctor;

/// <summary><c>larkspur doctor</c>: has a running gateway examine its installation.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var app = GatewayOptions.App();
        var checks = new Option<string[]>("--check") { Description = "Run this check only; may be given several times." };
        var lang = new Option<string?>("--lang") { Description = "zh or en; default: as LC_ALL or LANG say." };
        lang.AcceptOnlyFromAmong("zh", "en");
        return new Verb("doctor", "Find what is wrong with an installation, and what to do; exit 0 fine or warnings only, 1 something does not work, 3 not reachable or wrong key.",
            "larkspur doctor", "larkspur doctor --lang zh", "larkspur doctor --check scopes --check callback", "larkspur doctor --json | jq '.checks[] | select(.status==\"failed\")'")
        {
            app, checks, lang,
        }.Asks(call => RunAsync(call, call.Parsed.GetValue(app), call.Parsed.GetValue(checks) ?? [], call.Parsed.GetValue(lang)));
    }

    private static async Task<int> RunAsync(VerbCall call, string? app, string[] checks, string? lang)
    {
        var body = new Dictionary<string, object>();
        if (app is not null) body["app"] = app;
        if (checks.Length > 0) body["checks"] = checks;
        var report = await call.Gateway.SendAsync(HttpMethod.Post, "doctor/run", JsonOut.Text(body), call.Cancellation);
        if (report.ValueKind != JsonValueKind.Object || !report.TryGetProperty("checks", out _)) throw new CallFailure(ExitCodes.NoAnswer, $"{call.Gateway.Address} is no Larkspur gateway of this version.");
        if (call.Json) JsonOut.Write(report);
        else DoctorView.Print(report, lang is null ? Words.AreChinese : lang == "zh");
        return report.GetProperty("status").GetString() == "failed" ? ExitCodes.Refused : ExitCodes.Done;
    }
}
