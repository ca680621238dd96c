using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary><c>larkspur tables records</c>, <c>query</c>, <c>write</c>, <c>change</c> and <c>delete</c>.</summary>
internal static class RecordVerbs
{
    private const int PageSize = 500;

    public static Verb Records()
    {
        var (place, table) = (TablesCommand.Base(), TablesCommand.Table());
        var id = new Argument<string?>("record") { Description = "Only this record.", Arity = ArgumentArity.ZeroOrOne };
        var (fields, sort, limit) = Shown();
        return new Verb("records", "Records of a table, or one of them.", "larkspur tables records ledger Orders",
            "larkspur tables records ledger Orders recA1b2C3d4") { place, table, id, fields, sort, limit }.Asks(async call =>
        {
            if (call.Get(id) is { } one) return AnswerView.Print(call, await call.AskAsync((client, limited) =>
                client.Tables.ShowRecordAsync(call.Get(place), call.Get(table), one, limited)));
            return await ListAsync(call, call.Get(place), call.Get(table), null, call.Get(fields), call.Get(sort), call.Get(limit));
        });
    }

    public static Verb Query()
    {
        var (place, table) = (TablesCommand.Base(), TablesCommand.Table());
        var filter = new Argument<string>("filter")
        {
            Description = "Status = Open and (Amount > 100 or Due = today); docs/tables.md has all of it.",
        };
        var (fields, sort, limit) = Shown();
        return new Verb("query", "Records that hold what is said.", "larkspur tables query ledger Orders 'Status = Open and Amount > 100'",
            "larkspur tables query ledger Orders 'Due < today' --fields 'Number, Due' --sort 'Due desc' --json")
            { place, table, filter, fields, sort, limit }.Asks(call => ListAsync(call, call.Get(place), call.Get(table), call.Get(filter),
                call.Get(fields), call.Get(sort), call.Get(limit)));
    }

    public static Verb Write()
    {
        var (place, table, body, key) = (TablesCommand.Base(), TablesCommand.Table(), Body("rows, key_field, existing, dry_run"),
            new RepeatKey());
        return new Verb("write", "Make records, or bring those up to date that have a key already. Exit 1 when a row was refused.",
            "larkspur tables write ledger Orders rows.json") { place, table, body, key.Option }.Asks(async call =>
        {
            var text = await InputFile.JsonTextAsync(call.Get(body), call.Cancellation);
            return Told(call, await key.OnceAsync(call, given => WholeBody.SendAsync<RowsView>(call, Path(call, place, table), text, given),
                WholeBody.KeyIn(text)));
        });
    }

    public static Verb Change() => Sends("change", "Change records: the fields that each row names. Exit 1 when a row was refused.",
        HttpMethod.Patch, "rows, dry_run", "larkspur tables change ledger Orders rows.json");

    public static Verb Delete() => Sends("delete", "Delete records. One that is not there any more counts as deleted.",
        HttpMethod.Delete, "ids, dry_run", "echo '{\"ids\":[\"recA1b2C3d4\"]}' | larkspur tables delete ledger Orders -");

    /// <summary>Where records of a table are read and written, below /api/v1.</summary>
    public static string Path(string place, string table) =>
        $"tables/bases/{Uri.EscapeDataString(place)}/tables/{Uri.EscapeDataString(table)}/records";

    private static Verb Sends(string name, string help, HttpMethod method, string members, string example)
    {
        var (place, table, body) = (TablesCommand.Base(), TablesCommand.Table(), Body(members));
        return new Verb(name, help, example) { place, table, body }.Asks(async call =>
            Told(call, await call.Gateway.SendAsync<RowsView>(method,
            Path(call, place, table), await InputFile.JsonTextAsync(call.Get(body), call.Cancellation), null, call.Cancellation)));
    }

    private static string Path(VerbCall call, Argument<string> place, Argument<string> table) => Path(call.Get(place), call.Get(table));

    private static Argument<string> Body(string members) =>
        new("file") { Description = $"The request as JSON, as the REST API has it ({members}): a file, or - for the input." };

    private static (Option<string?> Fields, Option<string?> Sort, Option<int> Limit) Shown() => (
        new("--fields") { Description = "Only these fields, between commas." },
        new("--sort") { Description = "By these fields, between commas, each with desc behind it for the greatest first." },
        Limit.Option(50, "At most so many records."));

    private static async Task<int> ListAsync(VerbCall call, string place, string table, string? filter, string? fields, string? sort,
        int limit)
    {
        var pages = new PagedList<RecordView, string>(limit, PageSize, async (cursor, size) =>
        {
            // One size for all pages: a cursor is of its search.
            var page = await call.AskAsync((client, limited) =>
                client.Tables.ListRecordsAsync(place, table, fields, filter, sort, cursor, Math.Min(limit, PageSize), limited));
            return ([.. page.Items], page.Next);
        });
        var items = new List<RecordView>();
        await foreach (var item in pages.ReadAsync()) items.Add(item);
        var names = items.SelectMany(r => r.Fields.EnumerateObject().Select(m => m.Name)).Distinct(StringComparer.Ordinal).ToList();
        var zone = TimeZoneInfo.Utc;
        List<FieldView> known = [];
        if (!call.Json && items.Count > 0)
        {
            var list = await call.AskAsync((client, limited) => client.Tables.ListFieldsAsync(place, table, limited));
            (zone, known) = (TimeZoneInfo.FindSystemTimeZoneById(list.TimeZone), [.. list.Items]);
        }

        var text = new CellText(zone);
        return ListView.Print(call, items, pages.More, [new("Record", r => r.Id), .. names.Select(name => new Column<RecordView>(name,
            r => known.FirstOrDefault(f => f.Name == name) is { } field && r.Fields.TryGetProperty(name, out var value)
                ? text.Text(field, value) : null))]);
    }

    private static int Told(VerbCall call, RowsView rows)
    {
        if (call.Json) JsonOut.Write(rows);
        else
        {
            foreach (var kind in rows.Rows.GroupBy(r => r.Outcome, StringComparer.Ordinal))
                Console.Out.WriteLine(Printable.Line($"{kind.Key}: {kind.Count().ToString(CultureInfo.InvariantCulture)}"
                    + (rows.DryRun ? " (dry run)" : "")));
            foreach (var row in rows.Rows)
                foreach (var problem in row.Problems ?? [])
                    Fail.Say($"row {row.Index}{(problem.Field is { } field ? $", {field}" : "")}: "
                        + $"{Words.Of(problem.Message, problem.MessageZh)} ({problem.Reason})");
            if (rows.Stopped is { } stopped)
                Fail.Say($"{Words.Of(stopped.Message, stopped.MessageZh ?? stopped.Message)} ({stopped.Error})");
        }

        return rows.Failed == 0 ? ExitCodes.Done : ExitCodes.Refused;
    }
}
