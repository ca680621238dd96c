using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.Tables.Files;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary><c>larkspur tables import</c>: the rows of a file become records, found again by a key.</summary>
internal static class TableImport
{
    /// <summary>More than these are one mistake that has many consequences.</summary>
    private const int MostTold = 20;

    public static Verb Create()
    {
        var (place, table) = (TablesCommand.Base(), TablesCommand.Table());
        var file = new Argument<string>("file") { Description = "FILE.csv or FILE.xlsx; its first row names the fields." };
        var key = new Option<string>("--key")
        {
            Description = "The field that holds a key of your own in every row: what has it already is brought up to date, the rest is "
                + "made.",
            Required = true,
        };
        var dry = new Option<bool>("--dry-run") { Description = "Write nothing, and say what would be." };
        var clear = new Option<bool>("--clear-empty")
        {
            Description = "An empty cell of the file empties the record's; else it is left alone.",
        };
        var options = new Option<bool>("--new-options") { Description = "Selects get the options that they lack." };
        var verb = new Verb("import",
            "The rows of a file become records, or bring records up to date. Broken off, it is run again: what was "
            + "written is found by its key. Exit 1 when a row was refused.",
                "larkspur tables import ledger Orders orders.xlsx --key Number --dry-run",
            "larkspur tables import ledger Orders orders.csv --key Number") { place, table, file, key, dry, clear, options };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(file) is { } path && Path.GetExtension(path).ToLowerInvariant() is not (".csv" or ".xlsx"))
                result.AddError($"\"{path}\" is neither .csv nor .xlsx.");
        });
        return verb.Asks(call => RunAsync(call, call.Get(file), new ImportOptions(call.Get(place), call.Get(table), call.Get(key)!,
            call.Get(dry), call.Get(clear), call.Get(options))));
    }

    private static async Task<int> RunAsync(VerbCall call, string path, ImportOptions options)
    {
        var list = await call.AskAsync((client, limited) => client.Tables.ListFieldsAsync(options.Base, options.Table, limited));
        ImportReport report;
        try
        {
            IRowFile file = Path.GetExtension(path).Equals(".xlsx", StringComparison.OrdinalIgnoreCase) ? new XlsxFile(path)
                : CsvFile.Open(path);
            if (file.Note is { } note) Console.Error.WriteLine(note);
            var sheet = ImportSheet.Of(path, file, [.. list.Items], options.Key);
            foreach (var left in sheet.LeftOut) Console.Error.WriteLine(Printable.Line(
                Words.Of($"Left out: {left}, which the platform keeps itself.", $"不导入“{left}”：该字段由平台维护。")));
            var rows = file.Read().Skip(1).LongCount(row => row.HasContent);
            var work = new ImportWork(call, sheet, options, new CellText(TimeZoneInfo.FindSystemTimeZoneById(list.TimeZone)));
            report = await RowProgress.RunAsync(Path.GetFileName(path), rows, progress => work.RunAsync(file, progress));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, e);
        }

        return Tell(call, report, options);
    }

    private static int Tell(VerbCall call, ImportReport report, ImportOptions options)
    {
        if (call.Json)
        {
            JsonOut.Write(new
            {
                dry_run = options.DryRun, rows = report.Rows, created = report.Created, updated = report.Updated,
                    unchanged = report.Unchanged,
                refused = report.Refused, problems = report.Problems,
            });
        }
        else
        {
            foreach (var problem in report.Problems.Take(MostTold)) Fail.Say(problem.Sentence);
            if (report.Problems.Count > MostTold)
                Fail.Say(Words.Of($"and {report.Problems.Count - MostTold:N0} more; --json has all of them.",
                $"还有 {report.Problems.Count - MostTold:N0} 处；--json 会列出全部。"));
            Console.Out.WriteLine(Sentence(report, options.DryRun));
        }

        return report.Refused == 0 ? ExitCodes.Done : ExitCodes.Refused;
    }

    private static string Sentence(ImportReport report, bool dry)
    {
        var (made, changed, same, refused) = (Count(report.Created), Count(report.Updated), Count(report.Unchanged), Count(report.Refused));
        return dry
            ? Words.Of($"Dry run: {made} would be made, {changed} brought up to date, {same} left as they are; {refused} cannot be taken",
                $"试运行：将新建 {made} 条，更新 {changed} 条，{same} 条不变；{refused} 行无法导入")
            : Words.Of($"{made} made, {changed} brought up to date, {same} as they were; {refused} not taken",
                $"新建 {made} 条，更新 {changed} 条，{same} 条不变；{refused} 行未导入");

        static string Count(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture);
    }
}

/// <summary>What is imported how.</summary>
/// <param name="Base">The base.</param>
/// <param name="Table">The table.</param>
/// <param name="Key">The key's field.</param>
/// <param name="DryRun">Nothing is written.</param>
/// <param name="ClearEmpty">An empty cell empties.</param>
/// <param name="NewOptions">Selects get options.</param>
internal sealed record ImportOptions(string Base, string Table, string Key, bool DryRun, bool ClearEmpty, bool NewOptions);

/// <summary>Something that is wrong in a file.</summary>
/// <param name="Row">The row, as the spreadsheet counts it.</param>
/// <param name="Column">The column's letters; null: the row as a whole.</param>
/// <param name="Field">The field.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record ImportProblem(int Row, string? Column, string? Field, string Message)
{
    public string Sentence => Column is null ? Words.Of($"row {Row}: {Message}", $"第 {Row} 行：{Message}")
        : Words.Of($"row {Row}, column {Column} ({Field}): {Message}", $"第 {Row} 行 {Column} 列（{Field}）：{Message}");
}

/// <summary>What became of a file.</summary>
internal sealed class ImportReport
{
    public long Rows { get; set; }

    public long Created { get; set; }

    public long Updated { get; set; }

    public long Unchanged { get; set; }

    public long Refused { get; set; }

    public List<ImportProblem> Problems { get; } = [];
}
