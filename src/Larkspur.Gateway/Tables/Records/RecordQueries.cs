using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tables.Cells;
using Larkspur.Gateway.Tables.Open;
using Larkspur.Gateway.Tables.Searching;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Reads tables, fields and records of open bases.</summary>
internal sealed class RecordQueries(OpenTables tables, PeopleLookup people)
{
    public async Task<TableListView> TablesAsync(BaseRow row, CancellationToken cancellation) =>
        new([.. (await tables.ListAsync(row, cancellation)).Select(t => new TableView(t.Id, t.Name, t.Revision))]);

    public async Task<FieldListView> FieldsAsync(BaseRow row, string table, CancellationToken cancellation)
    {
        var open = await tables.TableAsync(row, table, cancellation, again: true);
        return new(open.Info.Id, open.Info.Name, open.Zone.Id, [.. open.Fields.Select(Of)]);
    }

    /// <summary>A page of a search.</summary>
    /// <exception cref="RequestRefusedException">The search cannot be.</exception>
    public async Task<RecordListView> SearchAsync(BaseRow row, string table, RecordQuery query, CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > TableQuery.MostRecords)
            throw RequestRefusedException.Malformed("bad_limit", "?limit", $"A page has 1 to {TableQuery.MostRecords} records.");
        string[] wanted = query.Fields is { Length: > 0 } list ? [.. NameList.Fields(list, "?fields")] : [];
        var sorts = query.Sort is { Length: > 0 } order ? NameList.Sorts(order, "?sort") : [];
        var filter = query.Filter is { Length: > 0 } text ? FilterParser.Read(text) : null;
        string[] asked = [.. wanted, .. sorts.Select(s => s.Field), .. filter is null ? []
            : FilterBinding.FieldsIn(filter).Select(f => f.Text)];
        var open = await tables.TableAsync(row, table, cancellation);
        if (asked.Any(name => open.Fields.Find(name) is null)) open = await tables.TableAsync(row, table, cancellation, again: true);
        NameList.Demand(wanted, open.Fields, "?fields");
        NameList.Demand(sorts.Select(s => s.Field), open.Fields, "?sort");
        var search = new TableQuery
        {
            Fields = wanted, Sort = sorts, PageSize = query.Limit ?? RecordQuery.UsualLimit,
            Filter = filter is null ? null : await BindAsync(open, filter, cancellation),
        };
        var named = $"{open.Info.Id}\n{query.Fields}\n{query.Sort}\n{query.Filter}\n{query.Limit}";
        var page = await open.Table.SearchPageAsync(search, query.Cursor is { Length: > 0 } c ? PageCursor.Read(c, named) : null,
            cancellation);
        return new(await ShowAsync(open, page.Records, wanted, cancellation), page.Total,
            page.Next is { } next ? PageCursor.Make(next, named) : null);
    }

    /// <summary>A record.</summary>
    /// <exception cref="RequestRefusedException">There is none, or the app may not see it.</exception>
    public async Task<RecordView> FindAsync(BaseRow row, string table, string id, CancellationToken cancellation)
    {
        var open = await tables.TableAsync(row, table, cancellation);
        var found = await open.Table.GetAsync([id], cancellationToken: cancellation);
        if (found.Records is [var record]) return (await ShowAsync(open, [record], [], cancellation))[0];
        var hidden = found.Forbidden.Count > 0;
        var said = hidden ? TablesTexts.RecordHidden : TablesTexts.NoSuchRecord;
        throw new RequestRefusedException(hidden ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound,
            hidden ? "record_hidden" : "unknown_record", "/{id}", said.English) { Chinese = said.Chinese };
    }

    private async Task<TableFilter> BindAsync(OpenTable open, FilterNode filter, CancellationToken cancellation)
    {
        var named = FilterBinding.PeopleIn(filter, open.Fields).ToList();
        return new FilterBinding(open, await people.FindAsync(open.App, named, cancellation)).Bind(filter);
    }

    private async Task<IReadOnlyList<RecordView>> ShowAsync(OpenTable open, IReadOnlyList<TableRecord> records, string[] wanted,
        CancellationToken cancellation)
    {
        var json = new CellJson(await people.TellAsync(open.App, records.SelectMany(CellJson.PeopleIn), cancellation));
        return [.. records.Select(record => new RecordView(record.Id, json.Of(record, Shown(record.Fields, wanted))))];
    }

    /// <summary>In the order in which they were asked for; a field that is a button holds nothing.</summary>
    private static IEnumerable<TableField> Shown(TableFields fields, string[] wanted) => wanted.Length > 0
        ? wanted.Select(name => fields[name]).Distinct() : fields.Where(field => field.Type != TableFieldType.Button);

    private static FieldView Of(TableField field) => new()
    {
        Id = field.Id, Name = field.Name, Type = Names.Of(field.Type), UiType = field.UiType, Primary = field.IsPrimary,
        ReadOnly = field.IsReadOnly, Description = field.Description is { Length: > 0 } about ? about : null,
        Options = field.Type is TableFieldType.SingleSelect or TableFieldType.MultiSelect ? [.. field.Options.Select(o => o.Name)] : null,
        Multiple = field.Multiple, LinkedTable = field.LinkedTableId,
    };
}
