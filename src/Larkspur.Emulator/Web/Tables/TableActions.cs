using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Emulator.Feishu.Tables;
using Larkspur.Emulator.Feishu.Tables.Editing;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>What a person does in a table's page: cells, rows, fields, and taking back.</summary>
internal static class TableActions
{
    private const int LongestId = 64;

    /// <summary>A member that is unknown, missing or null where it may not be is 400, with its path.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static void Map(RouteGroupBuilder group)
    {
        var table = group.MapGroup("/tables/{app}/{table}");
        On<WriteRequest>(table, "/write", (body, call) =>
        {
            if (body.Cells.Length != body.Rows.Length || body.Cells.Any(c => c?.Length != body.Fields.Length)
                || body.Rows.Length * (long)body.Fields.Length > PersonEdits.MostCells)
                return new { error = call.Texts.TableTooMuch(PersonEdits.MostCells) };
            var (rows, refused) = call.Edits.Write(body.As, call.App, call.Table, body.Rows, body.Fields,
                [.. body.Cells.Select(r => (IReadOnlyList<CellInput?>)[.. r.Select(c => c?.Read())])]);
            return new { rows, refused = refused.Select(r => new { row = r.Row, column = r.Column, say = call.Texts.Say(r.Said) }) };
        });
        On<RowsRequest>(table, "/delete", (body, call) =>
        {
            call.Edits.Delete(body.As, call.App, call.Table, [.. body.Rows.OfType<string>()]);
            return new { rows = Array.Empty<string>() };
        });
        On<RowsRequest>(table, "/copy", (body, call) =>
            new { rows = call.Edits.Copy(body.As, call.App, call.Table, [.. body.Rows.OfType<string>()]) });
        On<TurnRequest>(table, "/turn", (body, call) => call.Edits.Turn(body.As, call.App, call.Table, body.Redo) is not { } turned
            ? new { rows = Array.Empty<string>(), say = call.Texts.TableNothingToTurn(body.Redo) }
            : new { rows = turned.Rows.AsEnumerable(), say = turned.Left == 0 ? null : call.Texts.TableTurnedInPart(turned.Left) });
        On<FieldRequest>(table, "/field", (body, call) => new
        {
            field = call.Writes.Change(call.App, body.As, edit => Field(edit, call.Table, body), EditRefusedException.Of),
        });
        table.MapPost("/here", static async (HttpRequest request, OpenTablePages open) =>
        {
            var (body, refusal) = await ReadAsync<HereRequest>(request);
            if (body is null) return refusal!;
            if (body.Record?.Length > LongestId || body.Field?.Length > LongestId) return Results.BadRequest();
            open.Move(body.Page, body.As, body.Record, body.Field, body.Editing);
            return Results.Json(new { });
        });
    }

    /// <summary>An action of somebody who may edit. Who may only read is told so, and so is whoever meant what is gone meanwhile.</summary>
    private static void On<T>(RouteGroupBuilder group, string path, Func<T, Call, object> act) where T : class, IRequestOfPerson =>
        group.MapPost(path, async (string app, string table, HttpRequest request, PersonEdits edits, TableWrites writes) =>
        {
            var (body, refusal) = await ReadAsync<T>(request);
            if (body is null) return refusal!;
            var texts = Texts.Choose(request);
            if (edits.RightOf(body.As, app) is not ("edit" or "full_access")) return Results.Json(new { error = texts.TableReadOnly });
            try
            {
                return Results.Json(act(body, new Call(app, table, edits, writes, texts)));
            }
            catch (EditRefusedException unfit)
            {
                return Results.Json(new { error = texts.Say(unfit.Said) });
            }
        });

    private static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpRequest request) where T : class
    {
        try
        {
            var body = request.HasJsonContentType() ? await request.ReadFromJsonAsync<T>(Strict, request.HttpContext.RequestAborted) : null;
            return (body, body is null ? Results.BadRequest() : null);
        }
        catch (JsonException e)
        {
            return (null, Results.Json(new { error = e.Message }, statusCode: StatusCodes.Status400BadRequest));
        }
    }

    private static string Field(TableEdit edit, string tableId, FieldRequest asked) => asked.Do switch
    {
        _ when edit.Base.Table(tableId) is null => throw new EditRefusedException(new("The table was deleted meanwhile", "数据表已被删除")),
        "add" => FieldEdits.Add(edit, tableId, asked.Name ?? "", asked.Type ?? ""),
        "rename" => FieldEdits.Rename(edit, tableId, asked.Field ?? "", asked.Name ?? ""),
        "delete" => FieldEdits.Delete(edit, tableId, asked.Field ?? ""),
        "options" => FieldEdits.Options(edit, tableId, asked.Field ?? "", [.. (asked.Options ?? []).OfType<OptionInput>()]),
        _ => throw new EditRefusedException(new("\"do\" is add, rename, delete or options", "do 只能是 add、rename、delete 或 options")),
    };

    internal interface IRequestOfPerson
    {
        string As { get; }
    }

    internal sealed record WriteRequest(string As, string?[] Rows, string[] Fields, GivenCell?[][] Cells) : IRequestOfPerson;

    /// <summary>A cell that is not given (null) is left alone; one without members is emptied.</summary>
    internal sealed record GivenCell(string? Text = null, string[]? Ids = null, string[]? Make = null)
    {
        public CellInput Read() => new(Text, Ids?.OfType<string>().ToArray(), Make?.OfType<string>().ToArray());
    }

    internal sealed record RowsRequest(string As, string[] Rows) : IRequestOfPerson;

    internal sealed record TurnRequest(string As, bool Redo = false) : IRequestOfPerson;

    internal sealed record HereRequest(string As, string Page, string? Record = null, string? Field = null, bool Editing = false);

    internal sealed record FieldRequest(string As, string Do, string? Field = null, string? Name = null, string? Type = null,
        OptionInput[]? Options = null) : IRequestOfPerson;

    private sealed record Call(string App, string Table, PersonEdits Edits, TableWrites Writes, Texts Texts);
}
