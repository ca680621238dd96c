using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Output;
using Spectre.Console;

namespace Larkspur.Cli.Doctor;

/// <summary>The doctor's report for people: a line per check, and below what complains what to do about it.</summary>
internal static class DoctorView
{
    public static void Print(JsonElement report, bool chinese)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn(new TableColumn("").NoWrap()).AddColumn(new TableColumn("").NoWrap()).AddColumn("");
        foreach (var check in report.GetProperty("checks").EnumerateArray())
        {
            var status = check.GetProperty("status").GetString();
            var (mark, colour) = status switch { "ok" => ("✓", "green"), "warning" => ("!", "yellow"), "failed" => ("✗", "red"), _ => ("-", "grey") };
            table.AddRow(new Markup($"[{colour}]{mark}[/]"), new Text(Said(check, "title", chinese)), new Text(Said(check, "finding", chinese)));
            if (Said(check, "fix", chinese) is { Length: > 0 } fix) table.AddRow(new Text(""), new Text(""), new Markup($"[{colour}]→[/] {Markup.Escape(fix)}"));
            if (status != "ok" && Printable.Line(check.Text("link")) is { Length: > 0 } link) table.AddRow(new Text(""), new Text(""), new Text("  " + link));
        }

        AnsiConsole.Write(table);
        var counts = report.GetProperty("counts");
        var (ok, warnings, failed, skipped) = (Count("ok"), Count("warning"), Count("failed"), Count("skipped"));
        var seconds = report.GetProperty("seconds").GetDouble().ToString("0.0", CultureInfo.InvariantCulture);
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(chinese
            ? $"{ok} 项正常，{warnings} 项需要留意，{failed} 项有问题，{skipped} 项不适用；用时 {seconds} 秒"
            : $"{ok} fine, {warnings} to look at, {failed} not working, {skipped} not applicable; {seconds} s");

        int Count(string name) => counts.GetProperty(name).GetInt32();
    }

    /// <summary>One line: what a platform said in it must not steer the terminal.</summary>
    private static string Said(JsonElement check, string name, bool chinese) =>
        check.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.Object ? Printable.Line(text.Text(chinese ? "zh" : "en")) : "";
}
