using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Tables;

/// <summary><c>larkspur tables</c>: bases that are open to the key's system, and what stands in their tables.</summary>
internal static class TablesCommand
{
    public static Command Create() => new("tables", "Tables of Feishu (Bitable): bases, fields, records; import and export files.")
    {
        BaseVerbs.Create(), List(), Fields(), RecordVerbs.Records(), RecordVerbs.Query(), RecordVerbs.Write(), RecordVerbs.Change(),
        RecordVerbs.Delete(), TableImport.Create(), TableExport.Create(),
    };

    /// <summary>The argument that names a base.</summary>
    public static Argument<string> Base() => Named.Argument("base", "The base, as larkspur tables bases list names it.");

    /// <summary>The argument that names a table.</summary>
    public static Argument<string> Table() => Named.Argument("table", "The table, by its name or its id.");

    private static Verb List()
    {
        var place = Base();
        return new Verb("list", "Tables of a base.", "larkspur tables list ledger") { place }.Asks(async call =>
            ListView.Print(call, (await call.AskAsync((client, limited) => client.Tables.ListAsync(call.Get(place), limited))).Items, false,
                new("Table", t => t.Name), new("Id", t => t.Id), new("Revision", t => t.Revision.ToString(CultureInfo.InvariantCulture))));
    }

    private static Verb Fields()
    {
        var (place, table) = (Base(), Table());
        return new Verb("fields", "Fields of a table, with their types and options.", "larkspur tables fields ledger Orders") { place,
            table }
            .Asks(async call =>
        {
            var fields = await call.AskAsync((client, limited) => client.Tables.ListFieldsAsync(call.Get(place), call.Get(table), limited));
            return ListView.Print(call, fields.Items, false, new("Field", f => f.Name), new("Type", f => f.Type), new("Id", f => f.Id),
                new("Writable", f => f.ReadOnly ? "no" : "yes"), new("Options", f => string.Join(", ", f.Options ?? [])));
        });
    }
}
