using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

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
        var last = new Option<bool>("--last") { Description = "The last report again; nothing is examined." };
        return new Verb("doctor", "Find what is wrong with an installation, and what to do; exit 0 fine or warnings only, 1 something does not work, 3 not reachable or wrong key.",
            "larkspur doctor", "larkspur doctor --lang zh", "larkspur doctor --check scopes --check callback", "larkspur doctor --json | jq '.checks[] | select(.status==\"failed\")'")
        {
            app, checks, lang, last,
        }.Asks(call => RunAsync(call.Get(last), call, call.Parsed.GetValue(app), call.Parsed.GetValue(checks) ?? [],
            call.Parsed.GetValue(lang)));
    }

    private static async Task<int> RunAsync(bool last, VerbCall call, string? app, string[] checks, string? lang)
    {
        var report = last
            ? await call.AskAsync((client, limited) => client.Doctor.GetReportAsync(app, limited))
            : await call.AskAsync((client, limited) =>
                client.Doctor.RunAsync(new RunDoctor { App = app, Checks = checks.Length > 0 ? checks : null }, limited));
        if (call.Json) JsonOut.Write(report);
        else DoctorView.Print(report, lang is null ? Words.AreChinese : lang == "zh");
        return report.Status == "failed" ? ExitCodes.Refused : ExitCodes.Done;
    }
}
