using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Tables;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.Feishu.Tables.Editing;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>The list of tables at <c>/tables</c>, a page for each, and what its script asks for.</summary>
internal static class TableEndpoints
{
    private const int MostChoices = 50;
    private const int MostHistory = 100;

    public static void MapPages(RouteGroupBuilder group)
    {
        group.MapGet("/tables", static (HttpContext context, PageRenderer pages, PersonEdits edits) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            PageEndpoints.Remember(context, viewer);
            var bases = viewer.State.Bases.Where(b => edits.RightOf(viewer.Me.UserId, b.AppToken) is not null).ToArray();
            return pages.RenderAsync<TablesPage>(new() { ["Viewer"] = viewer, ["Bases"] = bases });
        });
        group.MapGet("/tables/{app}/{table}", static (string app, string table, HttpContext context, PageRenderer pages,
            PersonEdits edits) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            PageEndpoints.Remember(context, viewer);
            var found = Find(viewer, edits, app, table);
            if (found is null) context.Response.StatusCode = StatusCodes.Status404NotFound;
            return pages.RenderAsync<TablePage>(new() { ["Viewer"] = viewer, ["Base"] = found?.Base, ["Table"] = found?.Table });
        });

        // Links that the platform gives to its tables.
        group.MapGet("/base/{app}", static (string app, EmulatorState state, string table = "") =>
            state.Base(app) is { Tables: [var first, ..] } home
                ? Results.Redirect($"/tables/{home.AppToken}/{home.Table(table)?.TableId ?? first.TableId}") : Results.NotFound());
        var data = group.MapGroup("/ui/tables/{app}/{table}").AddEndpointFilter(static (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        data.MapGet("/shape", Shape);
        data.MapGet("/rows", Rows);
        data.MapGet("/row/{record}", Row);
        data.MapGet("/choices/{field}", Choices);
        data.MapGet("/history/{record}", History);
        data.MapGet("/events", TableLive.StreamAsync);
    }

    internal static (TableBase Base, DataTable Table, string Right)? Find(Viewer viewer, PersonEdits edits, string app, string table) =>
        edits.RightOf(viewer.Me.UserId, app) is { } right && viewer.State.Base(app) is { } home && home.Table(table) is { } found
            ? (home, found, right) : null;

    private static IResult Shape(string app, string table, HttpRequest request, PageRenderer pages, PersonEdits edits) =>
        pages.ViewerOf(request) is { } viewer && Find(viewer, edits, app, table) is { } found
            ? Results.Json(TableJson.Shape(viewer, found.Base, found.Table, found.Right, request.Query["view"].FirstOrDefault()))
            : Results.NotFound();

    /// <summary>A window of the rows; <c>keep</c> asks where some of them stand now.</summary>
    private static IResult Rows(string app, string table, HttpRequest request, PageRenderer pages, PersonEdits edits, int offset = 0,
        int limit = 100)
    {
        if (pages.ViewerOf(request) is not { } viewer || Find(viewer, edits, app, table) is not { } found) return Results.NotFound();
        try
        {
            var rows = new TableQuery(viewer, found.Base, found.Table).Rows(request.Query);
            var cells = new CellJson(viewer, found.Base, found.Table);
            var keep = (request.Query["keep"].FirstOrDefault() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Take(20);
            var places = new JsonObject(keep.Distinct(StringComparer.Ordinal).Select(id =>
                KeyValuePair.Create(id, (JsonNode?)rows.Index().FirstOrDefault(r => r.Item.RecordId == id, (-1, null!)).Index)));
            return Results.Json(new JsonObject
            {
                ["total"] = rows.Count, ["all"] = found.Table.Count, ["offset"] = offset, ["places"] = places,
                ["rows"] = rows.Skip(Math.Max(0, offset)).Take(Math.Clamp(limit, 1, TableJson.MostRows))
                    .ToJson(r => TableJson.Row(cells, found.Table, r)),
            });
        }
        catch (FormatException e)
        {
            return Results.Json(new { error = e.Message }, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static IResult Row(string app, string table, string record, HttpRequest request, PageRenderer pages, PersonEdits edits) =>
        pages.ViewerOf(request) is { } viewer && Find(viewer, edits, app, table) is { } found && found.Table.Record(record) is { } row
            && !found.Base.Hides(viewer.Me.UserId, record)
            ? Results.Json(TableJson.Row(new CellJson(viewer, found.Base, found.Table), found.Table, row)) : Results.NotFound();

    /// <summary>What a cell of people, links, files or groups can be given.</summary>
    private static IResult Choices(string app, string table, string field, HttpRequest request, PageRenderer pages, PersonEdits edits)
    {
        if (pages.ViewerOf(request) is not { } viewer || Find(viewer, edits, app, table) is not { } found) return Results.NotFound();
        if (found.Table.Field(field) is not { } asked) return Results.NotFound();
        var wanted = request.Query["q"].FirstOrDefault() ?? "";
        var all = asked.Type switch
        {
            FieldTypes.User or FieldTypes.CreatedUser or FieldTypes.ModifiedUser =>
                viewer.People.Select(p => (p.UserId, viewer.NameOf(p), viewer.Describe(p))),
            FieldTypes.GroupChat => viewer.State.Chats(viewer.Me.UserId).Where(c => c.Kind != ChatKind.P2p)
                .Select(c => (c.ChatId, viewer.NameOf(c), "")),
            FieldTypes.Attachment => found.Base.Files.Values.OrderBy(f => f.Name, StringComparer.Ordinal)
                .Select(f => (f.FileToken, f.Name, f.Type)),
            FieldTypes.SingleLink or FieldTypes.DuplexLink => Linkable(viewer, found.Base, asked),
            _ => [],
        };
        return Results.Json(all.Where(c => c.Item2.Contains(wanted, StringComparison.OrdinalIgnoreCase)
            || c.Item3.Contains(wanted, StringComparison.OrdinalIgnoreCase)).Take(MostChoices)
            .ToJson(c => new JsonObject { ["id"] = c.Item1, ["name"] = c.Item2, ["note"] = c.Item3 }));
    }

    private static IEnumerable<(string, string, string)> Linkable(Viewer viewer, TableBase home, TableField field)
    {
        if (home.Table(field.LinkedTable ?? "") is not { } other) return [];
        if (other.Fields.FirstOrDefault(f => f.IsPrimary) is not { } primary) return [];
        var cells = new CellJson(viewer, home, other);
        return other.Records.Where(r => !home.Hides(viewer.Me.UserId, r.RecordId))
            .Select(r => (r.RecordId, cells.TitleOf(primary, r) is { Length: > 0 } title ? title : viewer.Texts.TableUntitledRow, ""));
    }

    private static IResult History(string app, string table, string record, HttpRequest request, PageRenderer pages, PersonEdits edits,
        TableHistory history)
    {
        if (pages.ViewerOf(request) is not { } viewer || Find(viewer, edits, app, table) is not { } found
            || found.Base.Hides(viewer.Me.UserId, record)) return Results.NotFound();
        return Results.Json(history.Of(app, table, record, MostHistory).ToJson(one =>
        {
            var (change, row) = one;
            var cells = new CellJson(viewer, found.Base, found.Table with { Fields = change.Fields });
            return new JsonObject
            {
                ["who"] = CellJson.Who(viewer, change.By), ["at"] = viewer.Full(change.At),
                ["is"] = row.Before is null ? "added" : row.After is null ? "deleted" : "edited",
                ["cells"] = change.Fields.Where(f => !FieldTypes.IsComputed(f.Type) && Differs(row, f.FieldId)).ToJson(f => new JsonObject
                {
                    ["field"] = f.Name, ["before"] = row.Before is null ? null : Said(cells, f, row.Before),
                    ["after"] = row.After is null ? null : Said(cells, f, row.After),
                }),
            };
        }));
    }

    private static bool Differs(RowChange row, string fieldId) =>
        !Equals(row.Before?.Cells.GetValueOrDefault(fieldId), row.After?.Cells.GetValueOrDefault(fieldId));

    private static string Said(CellJson cells, TableField field, TableRecord record) => cells.Of(field, record) is not { } cell ? ""
        : cell.TextOf("show") is { Length: > 0 } shown ? shown : cell.TextOf("text");
}
