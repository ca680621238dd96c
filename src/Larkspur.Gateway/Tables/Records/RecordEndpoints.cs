using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Tables, fields and records of open bases over REST.</summary>
internal sealed class RecordEndpoints(BaseReach reach, RecordQueries queries, RecordWrites writes, WriteRequests requests)
{
    public static void Map(IEndpointRouteBuilder bases)
    {
        bases.MapGet("/{name}/tables", (string name, KeyGrant caller, RecordEndpoints on, CancellationToken cancellation) =>
            on.TablesAsync(caller, name, cancellation))
            .Needs(ApiScopes.TablesRead).WithName("ListTables").WithSummary("Tables of a base").Produces<TableListView>().CallsPlatform();
        var table = bases.MapGroup("/{name}/tables/{table}");
        table.MapGet("/fields", (string name, string table, KeyGrant caller, RecordEndpoints on, CancellationToken cancellation) =>
            on.FieldsAsync(caller, name, table, cancellation))
            .Needs(ApiScopes.TablesRead).WithName("ListFields").WithSummary("Fields of a table, with their types and options")
            .WithDescription("The table is named by its id, or by its name where only one table has it.")
            .Produces<FieldListView>().CallsPlatform();
        table.MapGet("/records", (string name, string table, [AsParameters] RecordQuery query, KeyGrant caller, RecordEndpoints on,
            CancellationToken cancellation) => on.SearchAsync(caller, name, table, query, cancellation))
            .Needs(ApiScopes.TablesRead).WithName("ListRecords").WithSummary("Find records, page by page")
            .WithDescription("There is no snapshot across pages: while others write, a record may come twice or be missed.")
            .Produces<RecordListView>().CallsPlatform();
        table.MapGet("/records/{id}", (string name, string table, string id, KeyGrant caller, RecordEndpoints on,
            CancellationToken cancellation) => on.FindAsync(caller, name, table, id, cancellation))
            .Needs(ApiScopes.TablesRead).WithName("ShowRecord").WithSummary("One record").Produces<RecordView>().CallsPlatform();
        table.MapPost("/records", (Body<CreateRecords> body, string name, string table, RecordEndpoints on,
            CancellationToken cancellation) => on.CreateAsync(body, name, table, cancellation))
            .Needs(ApiScopes.TablesWrite).WithName("CreateRecords").WithSummary("Make up to 1,000 records, or bring those up to date that "
                + "have a key already")
            .WithDescription("Each row by itself: one that is wrong is refused with its field and the reason, and the rest is written; the "
                + "answer is 207 then.")
            .TakesIdempotencyKey().Produces<RowsView>().Produces<RowsView>(StatusCodes.Status207MultiStatus).CallsPlatform()
            .Refuses(413, 415);
        table.MapPatch("/records", (Body<ChangeRecords> body, string name, string table, RecordEndpoints on,
            CancellationToken cancellation) => on.ChangeAsync(body, name, table, cancellation))
            .Needs(ApiScopes.TablesWrite).WithName("ChangeRecords")
            .WithSummary("Change up to 1,000 records: the fields that each row names")
            .WithDescription("Values are absolute, so a repetition changes nothing more. 207: some rows were refused.")
            .Produces<RowsView>().Produces<RowsView>(StatusCodes.Status207MultiStatus).CallsPlatform().Refuses(413, 415);
        table.MapDelete("/records", (Body<DeleteRecords> body, string name, string table, RecordEndpoints on,
            CancellationToken cancellation) => on.DeleteAsync(body, name, table, cancellation))
            .Needs(ApiScopes.TablesWrite).WithName("DeleteRecords").WithSummary("Delete up to 1,000 records")
            .WithDescription("One that is not there any more counts as deleted. 207: some were refused.")
            .Produces<RowsView>().Produces<RowsView>(StatusCodes.Status207MultiStatus).CallsPlatform().Refuses(413, 415);
    }

    private async Task<IResult> TablesAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await queries.TablesAsync(await reach.KnownAsync(caller, name, change: false, cancellation), cancellation));

    private async Task<IResult> FieldsAsync(KeyGrant caller, string name, string table, CancellationToken cancellation) =>
        TypedResults.Ok(await queries.FieldsAsync(await reach.KnownAsync(caller, name, change: false, cancellation), table, cancellation));

    private async Task<IResult> SearchAsync(KeyGrant caller, string name, string table, RecordQuery query,
        CancellationToken cancellation) =>
        TypedResults.Ok(await queries.SearchAsync(await reach.KnownAsync(caller, name, change: false, cancellation), table, query,
            cancellation));

    private async Task<IResult> FindAsync(KeyGrant caller, string name, string table, string id, CancellationToken cancellation) =>
        TypedResults.Ok(await queries.FindAsync(await reach.KnownAsync(caller, name, change: false, cancellation), table, id,
            cancellation));

    private async Task<IResult> CreateAsync(Body<CreateRecords> body, string name, string table, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var row = await reach.KnownAsync(Caller.Grant(body.Http), name, change: true, cancellation);
        var key = IdempotencyKey.Read(body.Http.Request, sent.Key);
        var repeats = sent.Key is not null || body.Http.Request.Headers.ContainsKey("Idempotency-Key");
        if (!repeats || sent.DryRun) return Answer(await writes.CreateAsync(row, table, sent, null, cancellation));
        if (await requests.TakeAsync(row.Id, key, $"{table}/{RequestHash.Of(body.Sent)}",
            cancellation) is { } before) return Answer(before);
        try
        {
            // To its end, also when whoever asked has gone: what became of the rows is to be told to who comes again.
            var answer = await writes.CreateAsync(row, table, sent, key, CancellationToken.None);
            await requests.AnswerAsync(row.Id, key, answer);
            return Answer(answer);
        }
        catch
        {
            await requests.FreeAsync(row.Id, key);
            throw;
        }
    }

    private async Task<IResult> ChangeAsync(Body<ChangeRecords> body, string name, string table, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var row = await reach.KnownAsync(Caller.Grant(body.Http), name, change: true, cancellation);
        return Answer(await writes.ChangeAsync(row, table, sent, cancellation));
    }

    private async Task<IResult> DeleteAsync(Body<DeleteRecords> body, string name, string table, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var row = await reach.KnownAsync(Caller.Grant(body.Http), name, change: true, cancellation);
        return Answer(await writes.DeleteAsync(row, table, sent, cancellation));
    }

    private static IResult Answer(RowsView view) =>
        TypedResults.Json(view, statusCode: view.Failed == 0 ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus);
}
