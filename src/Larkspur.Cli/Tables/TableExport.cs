using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary><c>larkspur tables export</c>: the records of a table as a file.</summary>
internal static class TableExport
{
    private const int PageSize = 500;
    private static readonly string[] Kinds = ["csv", "xlsx", "json", "ndjson"];

    public static Verb Create()
    {
        var (place, table) = (TablesCommand.Base(), TablesCommand.Table());
        var file = new Argument<string>("file") { Description = "Where it goes: FILE.csv, .xlsx, .json or .ndjson." };
        var filter = new Option<string?>("--filter") { Description = "Only records that hold this." };
        var fields = new Option<string?>("--fields") { Description = "Only these fields, between commas." };
        var sort = new Option<string?>("--sort") { Description = "By these fields, between commas." };
        var force = new Option<bool>("--force") { Description = "A file that is there is replaced." };
        var verb = new Verb("export",
            "The records of a table as a file. Times are those of the base's zone; a CSV cell that a spreadsheet would "
            + "take for a formula begins with an apostrophe.", "larkspur tables export ledger Orders orders.xlsx",
            "larkspur tables export ledger Orders open.csv --filter 'Status = Open'") { place, table, file, filter, fields, sort, force };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(file) is { } path && !Kinds.Contains(KindOf(path))) result.AddError(
                $"\"{path}\" ends like no file that can be written: .{string.Join(", .", Kinds)}.");
        });
        return verb.Asks(call => RunAsync(call, call.Get(place), call.Get(table), call.Get(file),
            new Search(call.Get(filter), call.Get(fields), call.Get(sort)), call.Get(force)));
    }

    private sealed record Search(string? Filter, string? Fields, string? Sort);

    private static async Task<int> RunAsync(VerbCall call, string place, string table, string path, Search search, bool force)
    {
        if (File.Exists(path) && !force) throw new CallFailure(ExitCodes.Usage, $"there is a file {path} already. --force replaces it.");
        var list = await call.AskAsync((client, limited) => client.Tables.ListFieldsAsync(place, table, limited));
        var page = await PageAsync(call, place, table, search, null);
        var fields = Columns([.. list.Items], page, search.Fields is not null);
        // What is half written is no file: it gets its name at the end.
        var half = path + ".part";
        try
        {
            var count = await RowProgress.RunAsync(Path.GetFileName(path), page.Total ?? page.Items.Count, async progress =>
            {
                await using var target = new FileStream(half, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
                using var writer = RecordWriter.Of(KindOf(path), target, fields,
                    new CellText(TimeZoneInfo.FindSystemTimeZoneById(list.TimeZone)));
                var written = 0L;
                while (true)
                {
                    foreach (var record in page.Items) writer.Write(record);
                    progress(written += page.Items.Count);
                    if (page.Next is not { } next) return written;
                    page = await PageAsync(call, place, table, search, next);
                }
            });
            File.Move(half, path, overwrite: force);
            return AnswerView.Say(call, new { file = path, records = count }, $"{count:N0} records in {path}");
        }
        finally
        {
            File.Delete(half);
        }
    }

    private static Task<RecordListView> PageAsync(VerbCall call, string place, string table, Search search, string? cursor) =>
        call.AskAsync((client, limited) =>
            client.Tables.ListRecordsAsync(place, table, search.Fields, search.Filter, search.Sort, cursor, PageSize, limited));

    /// <summary>In the order in which they were asked for; of an empty table, all.</summary>
    private static IReadOnlyList<FieldView> Columns(IReadOnlyList<FieldView> all, RecordListView page, bool asked)
    {
        if (!asked || page.Items is not [var first, ..]) return [.. all.Where(f => f.Type != "button")];
        var names = first.Fields.EnumerateObject().Select(m => m.Name);
        return [.. names.Select(name => all.FirstOrDefault(f => f.Name == name)).OfType<FieldView>()];
    }

    private static string KindOf(string path) => Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
}
