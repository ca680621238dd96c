using System.Globalization;
using Larkspur.Cli.Output;
using Larkspur.Client;
using Spectre.Console;

namespace Larkspur.Cli.Doctor;

/// <summary>The doctor's report for people: a line per check, and below what complains what to do about it.</summary>
internal static class DoctorView
{
    public static void Print(DoctorReportView report, bool chinese)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn(new TableColumn("").NoWrap())
            .AddColumn(new TableColumn("").NoWrap().PadRight(2)).AddColumn("");
        foreach (var check in report.Checks)
        {
            var status = check.Status;
            var (mark, colour) = status switch { "ok" => ("✓", "green"), "warning" => ("!", "yellow"), "failed" => ("✗", "red"), _ => ("-", "grey") };
            table.AddRow(new Markup($"[{colour}]{mark}[/]"), new Text(Said(check.Title, chinese)), new Text(Said(check.Finding, chinese)));
            if (Said(check.Fix, chinese) is { Length: > 0 } fix) table.AddRow(new Text(""), new Text(""), new Markup($"[{colour}]→[/] {Markup.Escape(fix)}"));
            if (status != "ok" && Printable.Line(check.Link ?? "") is { Length: > 0 } link) table.AddRow(new Text(""), new Text(""), new Text("  " + link));
        }

        AnsiConsole.Write(table);
        var (ok, warnings, failed, skipped) = (report.Counts.Ok, report.Counts.Warning, report.Counts.Failed, report.Counts.Skipped);
        var seconds = report.Seconds.ToString("0.0", CultureInfo.InvariantCulture);
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(chinese
            ? $"{ok} 项正常，{warnings} 项需要留意，{failed} 项有问题，{skipped} 项不适用；用时 {seconds} 秒"
            : $"{ok} fine, {warnings} to look at, {failed} not working, {skipped} not applicable; {seconds} s");
    }

    /// <summary>One line: what a platform said in it must not steer the terminal.</summary>
    private static string Said(DoctorTextView? text, bool chinese) => Printable.Line((chinese ? text?.Zh : text?.En) ?? "");
}
