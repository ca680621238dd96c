using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Emulator.Feishu.Tables;
using Larkspur.Emulator.Feishu.Tables.Editing;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>What a person does in a table's page: cells, rows, fields, and taking back.</summary>
internal static class TableActions
{
    public static void Map(RouteGroupBuilder group)
    {
        var table = group.MapGroup("/tables/{app}/{table}");
        table.MapPost("/write", static (string app, string table, WriteRequest body, HttpRequest request, PersonEdits edits) =>
            Done(app, body.As, request, edits, texts =>
            {
                if (body.Cells.Length != body.Rows.Length || body.Cells.Any(c => c.Length != body.Fields.Length)
                    || body.Rows.Length * (long)body.Fields.Length > PersonEdits.MostCells)
                    return new { error = texts.TableTooMuch(PersonEdits.MostCells) };
                var (rows, refused) = edits.Write(body.As, app, table, body.Rows, body.Fields,
                    [.. body.Cells.Select(r => (IReadOnlyList<CellInput?>)[.. r.Select(c => c?.Read())])]);
                return new { rows, refused = refused.Select(r => new { row = r.Row, column = r.Column, say = texts.Say(r.Said) }) };
            }));
        table.MapPost("/delete", static (string app, string table, RowsRequest body, HttpRequest request, PersonEdits edits) =>
            Done(app, body.As, request, edits, _ =>
            {
                edits.Delete(body.As, app, table, body.Rows);
                return new { rows = Array.Empty<string>() };
            }));
        table.MapPost("/copy", static (string app, string table, RowsRequest body, HttpRequest request, PersonEdits edits) =>
            Done(app, body.As, request, edits, _ => new { rows = edits.Copy(body.As, app, table, body.Rows) }));
        table.MapPost("/turn", static (string app, string table, TurnRequest body, HttpRequest request, PersonEdits edits) =>
            Done(app, body.As, request, edits, texts => edits.Turn(body.As, app, table, body.Redo) is not { } turned
                ? new { rows = Array.Empty<string>(), say = texts.TableNothingToTurn(body.Redo) }
                : new { rows = turned.Rows.AsEnumerable(), say = turned.Left == 0 ? null : texts.TableTurnedInPart(turned.Left) }));
        table.MapPost("/field", static (string app, string table, FieldRequest body, HttpRequest request, PersonEdits edits,
            TableWrites writes) => Done(app, body.As, request, edits, _ => new
            {
                field = writes.Change(app, body.As, edit => Field(edit, table, body), EditRefusedException.Of),
            }));
        table.MapPost("/here", static (HereRequest body, OpenTablePages open) =>
        {
            open.Move(body.Page, body.As, body.Record, body.Field, body.Editing);
            return Results.Json(new { });
        });
    }

    private static string Field(TableEdit edit, string tableId, FieldRequest asked) => asked.Do switch
    {
        _ when edit.Base.Table(tableId) is null => throw new EditRefusedException(new("The table was deleted meanwhile", "数据表已被删除")),
        "add" => FieldEdits.Add(edit, tableId, asked.Name ?? "", asked.Type ?? ""),
        "rename" => FieldEdits.Rename(edit, tableId, asked.Field ?? "", asked.Name ?? ""),
        "delete" => FieldEdits.Delete(edit, tableId, asked.Field ?? ""),
        "options" => FieldEdits.Options(edit, tableId, asked.Field ?? "", asked.Options ?? []),
        _ => throw new BadHttpRequestException("do is one of add, rename, delete, options."),
    };

    /// <summary>Who may only read is told so, and so is whoever meant what is gone meanwhile.</summary>
    private static IResult Done(string app, string person, HttpRequest request, PersonEdits edits, Func<Texts, object> act)
    {
        var texts = Texts.Choose(request);
        if (edits.RightOf(person, app) is not ("edit" or "full_access")) return Results.Json(new { error = texts.TableReadOnly });
        try
        {
            return Results.Json(act(texts));
        }
        catch (EditRefusedException refusal)
        {
            return Results.Json(new { error = texts.Say(refusal.Said) });
        }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record WriteRequest(string As, string?[] Rows, string[] Fields, GivenCell?[][] Cells);

    /// <summary>A cell that is not given (null) is left alone; one without members is emptied.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record GivenCell(string? Text = null, string[]? Ids = null, string[]? Make = null)
    {
        public CellInput Read() => new(Text, Ids, Make);
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record RowsRequest(string As, string[] Rows);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record TurnRequest(string As, bool Redo = false);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record HereRequest(string As, string Page, string? Record = null, string? Field = null, bool Editing = false);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record FieldRequest(string As, string Do, string? Field = null, string? Name = null, string? Type = null,
        OptionInput[]? Options = null);
}
