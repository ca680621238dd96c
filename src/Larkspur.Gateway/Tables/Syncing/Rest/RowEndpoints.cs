using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Problems, runs and what was written, over REST.</summary>
internal sealed class RowEndpoints(SyncReach reach, SyncStore syncs, IDatabase database)
{
    private const int MostChanges = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{name}/problems", (string name, [AsParameters] SyncPage page, KeyGrant caller, RowEndpoints on,
            CancellationToken cancellation) => on.ProblemsAsync(caller, name, page, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ListSyncProblems").WithSummary("Rows that do not get on, with the reason")
            .Produces<SyncProblemListView>().Refuses(400, 404);
        routes.MapPost("/{name}/problems/retry", (Body<RetryProblems> body, string name, RowEndpoints on,
            CancellationToken cancellation) => on.RetryAsync(body, name, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("RetrySyncProblems").WithSummary("Look at such rows again now")
            .GoesWithoutBody().Produces<SyncRetryView>().Refuses(400, 403, 404, 413, 415, 422);
        routes.MapGet("/{name}/runs", (string name, [AsParameters] SyncPage page, KeyGrant caller, RowEndpoints on,
            CancellationToken cancellation) => on.RunsAsync(caller, name, page, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ListSyncRuns").WithSummary("What a sync did, the newest first")
            .Produces<SyncRunListView>().Refuses(400, 404);
        routes.MapGet("/{name}/rows/{key}/history", (string name, string key, KeyGrant caller, RowEndpoints on,
            CancellationToken cancellation) => on.HistoryAsync(caller, name, key, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ShowRowHistory").WithSummary("What a sync wrote into a row")
            .WithDescription("A key of several columns is written as a JSON array.").Produces<SyncHistoryView>().Refuses(404);
    }

    private async Task<IResult> ProblemsAsync(KeyGrant caller, string name, SyncPage page, CancellationToken cancellation)
    {
        var sync = await reach.KnownAsync(caller, name, change: false, cancellation);
        var (size, after) = (page.Size(), page.After() ?? 0);
        var rows = await database.ReadAsync(sql => ProblemStore.PageAsync(sql, sync.Id, after, size + 1), cancellation);
        var fields = ConflictEndpoints.FieldsOf(sync);
        return TypedResults.Ok(new SyncProblemListView(
            [.. rows.Take(size).Select(row => SyncProblemView.Of(row, fields))], page.Next(rows, row => row.Id)));
    }

    private async Task<IResult> RetryAsync(Body<RetryProblems> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadIfAnyAsync(cancellation) ?? new RetryProblems();
        await reach.KnownAsync(caller, name, change: true, cancellation);
        var retried = await SyncRefusals.JudgedAsync(() => syncs.RetryAsync(caller, name, sent.Ids, cancellation));
        return TypedResults.Ok(new SyncRetryView(retried ?? throw SyncRefusals.NoSync()));
    }

    private async Task<IResult> RunsAsync(KeyGrant caller, string name, SyncPage page, CancellationToken cancellation)
    {
        var sync = await reach.KnownAsync(caller, name, change: false, cancellation);
        var (size, before) = (page.Size(), page.After() ?? long.MaxValue);
        var rows = await database.ReadAsync(sql => UndoStore.RunsAsync(sql, sync.Id, before, size + 1), cancellation);
        return TypedResults.Ok(new SyncRunListView([.. rows.Take(size).Select(SyncRunView.Of)], page.Next(rows, row => row.Id)));
    }

    private async Task<IResult> HistoryAsync(KeyGrant caller, string name, string key, CancellationToken cancellation)
    {
        var sync = await reach.KnownAsync(caller, name, change: false, cancellation);
        var rows = await database.ReadAsync(sql => RowStore.ByKeysAsync(sql, database.Dialect, sync.Id, [key]), cancellation);
        if (rows is not [var row, ..])
            throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", "/{key}", "The sync knows no row of this key.");
        var changes = await database.ReadAsync(sql => HistoryStore.OfRowAsync(sql, sync.Id, row.Id, MostChanges), cancellation);
        var fields = ConflictEndpoints.FieldsOf(sync);
        return TypedResults.Ok(new SyncHistoryView(key, [.. changes.Select(change => SyncChangeView.Of(change, fields))]));
    }
}
