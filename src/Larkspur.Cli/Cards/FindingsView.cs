using System.Globalization;
using Larkspur.Cli.Output;
using Larkspur.Feishu.Cards;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;
using Text = Spectre.Console.Text;

namespace Larkspur.Cli.Cards;

/// <summary>What the validator found, for people and for programs.</summary>
internal static class FindingsView
{
    public static object Of(string file, CardReport report, bool valid) => new
    {
        file, valid, form = FormOf(report.Form), bytes = report.Bytes, elements = report.Elements, complete = report.IsComplete,
        findings = report.Findings.Select(f => new
        {
            pointer = f.Pointer, line = f.Line, rule = f.Rule, severity = SeverityOf(f.Severity), message = f.Message, fix = f.Fix,
                mendable = f.QuickFix is not null,
        }),
    };

    public static void Print(IReadOnlyList<(string File, CardReport Report)> judged)
    {
        foreach (var (file, report) in judged)
        {
            var warnings = report.Findings.Count - report.Errors;
            var verdict = report.Findings.Count == 0 ? "ok" : $"{Count(report.Errors, "error")}, {Count(warnings, "warning")}{(report.IsComplete ? "" : ", and there are more")}";
            AnsiConsole.MarkupLineInterpolated($"{Printable.Line(file == "-" ? "(input)" : file)}: [{(report.IsValid ? "green" : "red")}]{verdict}[/], {Title(report.Form)}, {report.Bytes.ToString("#,0", CultureInfo.InvariantCulture)} bytes");
            if (report.Findings.Count == 0) continue;
            var table = new Table().Border(TableBorder.None).AddColumn(new TableColumn("").NoWrap().PadRight(2));
            foreach (var title in (string[])["Where", "Rule", "What is wrong", "Fix"]) table.AddColumn(new TableColumn(title).PadRight(2));
            foreach (var finding in report.Findings)
            {
                var place = finding.Pointer.Length == 0 ? "(card)" : Printable.Short(finding.Pointer, 200);
                table.AddRow(new Markup(finding.Severity == CardSeverity.Error ? "[red]error[/]" : "[yellow]warning[/]"),
                    new Text(string.Create(CultureInfo.InvariantCulture, $"{place}, line {finding.Line}")),
                    new Text(finding.Rule), new Text(Printable.Line(finding.Message)), new Text(Printable.Line(finding.Fix)));
            }

            AnsiConsole.Write(table);
            var mendable = report.Findings.Count(f => f.QuickFix is not null);
            if (mendable > 0) Fail.Say(string.Create(CultureInfo.InvariantCulture, $"--fix mends {mendable} of {report.Findings.Count}"));
        }
    }

    public static string SeverityOf(CardSeverity severity) => severity == CardSeverity.Error ? "error" : "warning";

    private static string FormOf(CardForm form) => form switch { CardForm.V1 => "v1", CardForm.V2 => "v2", CardForm.Template => "template", CardForm.Entity => "entity", _ => "unknown" };

    private static string Title(CardForm form) => form switch { CardForm.V1 => "JSON 1.0", CardForm.V2 => "JSON 2.0", CardForm.Template => "template", CardForm.Entity => "card entity", _ => "no card" };

    private static string Count(int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");
}
