using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.Feishu.Tables.Search;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>
/// Rows page by page: search, and the list that it replaced. Source: bitable-v1/app-table-record/search; historic base/list.
/// </summary>
/// <remarks>
/// Pages are places in a list that moves: there is no snapshot. Rows that are hidden from the caller are left out without a word.
/// The old list's formula <c>filter</c> is not played (1254018). UNVERIFIED: an unknown name in <c>field_names</c> is 1254045, and the old
/// list's token, the last row of the page before, is 1254043 once that row is gone.
/// </remarks>
internal sealed class RecordSearchApi(EmulatorState state, CurrentTableRules rules) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("bitable.v1.app.table.record.search", Search);
        on.Add("bitable.v1.app.table.record.list", List);
    }

    private ApiAnswer Search(ApiRequest request)
    {
        var (home, table) = TableAccess.Table(state, request);
        var people = TableCall.People(state, request);
        var conditions = new Conditions(home, people, state.Clock.GetUtcNow());
        var filter = new RecordFilter(request, table, conditions).Read(request.Body["filter"] as JsonObject);
        var sort = Sort(request, table, (request.Body["sort"] as JsonArray ?? []).OfType<JsonObject>());
        var view = request.Text("view_id") is { Length: > 0 } id && filter is null && sort.Count == 0
            ? TableAccess.View(request, table, id) : null;
        filter ??= view is null ? null : ViewFilter.Of(view, table, conditions);
        var names = Names(request, table, request.Texts("field_names"));
        var all = RecordSort.Run(Visible(request, home, table).Where(r => filter?.Invoke(r) ?? true), sort).ToArray();
        var (size, start) = (TableCall.PageSize(request), Start(request));
        var cells = new CellView(state, home, table, people, rules.Now, new CellStyle(false));
        var page = all.Skip(start).Take(size)
            .ToJson(r => RecordView.Show(cells, r, names, people, rules.Now, request.Flag("automatic_fields")));
        var data = new JsonObject { ["items"] = page, ["has_more"] = start + page.Count < all.Length, ["total"] = all.Length };
        if (start + page.Count < all.Length) data["page_token"] = Token(start + page.Count);
        return FeishuAnswer.Data(data);
    }

    private ApiAnswer List(ApiRequest request)
    {
        var (home, table) = TableAccess.Table(state, request);
        var people = TableCall.People(state, request);
        if (request.QueryText("filter") is not null) throw request.Refuse(1254018, "InvalidFilter: formulas are not played, search is");
        var sort = OldSort(request, table);
        var names = Names(request, table, Listed(request, "field_names", 1254024));
        var view = request.QueryText("view_id") is { } id && sort.Count == 0 ? TableAccess.View(request, table, id) : null;
        var filter = view is null ? null : ViewFilter.Of(view, table, new Conditions(home, people, state.Clock.GetUtcNow()));
        var all = RecordSort.Run(Visible(request, home, table).Where(r => filter?.Invoke(r) ?? true), sort).ToList();
        var (size, start) = (TableCall.PageSize(request), 0);
        if (request.QueryText("page_token") is { } token)
        {
            start = all.FindIndex(r => r.RecordId == token) + 1;
            if (start == 0) throw request.Refuse(1254043);
        }

        var style = new CellStyle(true, request.QueryFlag("text_field_as_array"), request.QueryFlag("display_formula_ref"));
        var cells = new CellView(state, home, table, people, rules.Now, style);
        var page = all.Skip(start).Take(size).ToArray();
        var more = start + page.Length < all.Count;
        var data = new JsonObject
        {
            ["items"] = page.ToJson(r => RecordView.Show(cells, r, names, people, rules.Now, request.QueryFlag("automatic_fields"))),
            ["has_more"] = more, ["total"] = all.Count,
        };
        if (more) data["page_token"] = page[^1].RecordId;
        return FeishuAnswer.Data(data);
    }

    private static IEnumerable<TableRecord> Visible(ApiRequest request, TableBase home, DataTable table)
    {
        var caller = TableAccess.Caller(request);
        return table.Records.Where(r => !home.Hides(caller, r.RecordId));
    }

    private static List<(TableField, bool)> Sort(ApiRequest request, DataTable table, IEnumerable<JsonObject> given)
    {
        var sort = new List<(TableField, bool)>();
        foreach (var item in given)
        {
            if (item.TextOf("field_name") is not { Length: > 0 } name) throw request.Refuse(1254016);
            var field = table.FieldNamed(name) ?? throw request.Refuse(1254045);
            if (field.Type is FieldTypes.Formula or FieldTypes.Lookup) throw request.Refuse(1254016);
            sort.Add((field, item["desc"] is JsonValue v && v.GetValue<bool>()));
        }

        return sort.Sum(s => s.Item1.Name.Length) > 1_000 ? throw request.Refuse(1254108) : sort;
    }

    /// <summary>The old way: a JSON list of <c>"name DESC"</c>.</summary>
    private static List<(TableField, bool)> OldSort(ApiRequest request, DataTable table) =>
        Sort(request, table, Listed(request, "sort", 1254016).Select(s => new JsonObject
        {
            ["field_name"] = s.EndsWith(" DESC", StringComparison.Ordinal) ? s[..^5]
                : s.EndsWith(" ASC", StringComparison.Ordinal) ? s[..^4] : s,
            ["desc"] = s.EndsWith(" DESC", StringComparison.Ordinal),
        }));

    private static IReadOnlyList<string> Listed(ApiRequest request, string name, long code)
    {
        if (request.QueryText(name) is not { } text) return [];
        try
        {
            var list = JsonSerializer.Deserialize<string?[]>(text) ?? throw request.Refuse(code);
            return [.. list.Select(item => item ?? throw request.Refuse(code))];
        }
        catch (JsonException)
        {
            throw request.Refuse(code);
        }
    }

    private static HashSet<string>? Names(ApiRequest request, DataTable table, IReadOnlyList<string> given)
    {
        if (given.Any(n => table.FieldNamed(n) is null)) throw request.Refuse(1254045);
        return given.Count == 0 ? null : given.ToHashSet(StringComparer.Ordinal);
    }

    private string Token(int at) => Paging.Token("search", at, state.Clock.GetUtcNow().ToUnixTimeSeconds());

    private int Start(ApiRequest request)
    {
        if (request.QueryText("page_token") is not { } token) return 0;
        if (Paging.Words(token) is ["search", var at, var made] && Paging.Place(at, out var start) && long.TryParse(made, out var since)
            && (rules.Now.PageTokenSeconds == 0
                || state.Clock.GetUtcNow().ToUnixTimeSeconds() - rules.Now.PageTokenSeconds < since)) return start;
        throw new ApiRefusedException(400, 99992402, "page_token is invalid");
    }
}
