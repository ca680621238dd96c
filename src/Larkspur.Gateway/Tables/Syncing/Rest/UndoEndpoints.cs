using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Undoing runs of syncs over REST, and for the console under the same rules.</summary>
internal sealed class UndoEndpoints(SyncReach reach, SyncStore syncs, UndoWork work, IDatabase database)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{name}/runs/{id:long}/undo", (string name, long id, KeyGrant caller, UndoEndpoints on,
            CancellationToken cancellation) => on.UndoAsync(caller, name, id, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("UndoSyncRun").WithSummary("Take back what a run wrote")
            .WithDescription("The sync is paused. Each value becomes what it was before the run, where what the run wrote is still there; "
                + "rows that it made are deleted, rows that it deleted are made again. 202: it takes longer, and undone_at of the run "
                + "says when it is done.")
            .Produces<SyncUndoView>().Produces<SyncUndoView>(StatusCodes.Status202Accepted).CallsPlatform();

    /// <summary>Undoes a run.</summary>
    /// <exception cref="RequestRefusedException">There is none, it is undone already, or a side cannot be asked.</exception>
    public async Task<SyncUndoView> RunAsync(KeyGrant caller, string name, long id, CancellationToken cancellation)
    {
        var sync = await reach.KnownAsync(caller, name, change: true, cancellation);
        if (await database.ReadAsync(sql => SyncRuns.FindAsync(sql, sync.Id, id), cancellation) is not { } run)
            throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", "/{id}", "The sync has no such run.");
        if (run.UndoneAt is not null) throw RequestRefusedException.Conflict("run_undone");
        try
        {
            return await SyncRefusals.JudgedAsync(async () =>
            {
                _ = await syncs.NoteUndoAsync(caller, name, id, cancellation) ?? throw SyncRefusals.NoSync();
                return SyncUndoView.Of(id, await work.RunAsync(sync, id, cancellation));
            });
        }
        catch (SyncLostException)
        {
            throw RequestRefusedException.Conflict("undo_interrupted");
        }
    }

    private async Task<IResult> UndoAsync(KeyGrant caller, string name, long id, CancellationToken cancellation)
    {
        var view = await RunAsync(caller, name, id, cancellation);
        return view.Done ? TypedResults.Ok(view) : TypedResults.Accepted($"/api/v1/syncs/{name}/runs", view);
    }
}

/// <summary>What came of undoing a run.</summary>
internal sealed record SyncUndoView
{
    /// <summary>The run.</summary>
    public required long Run { get; init; }

    /// <summary>False: it goes on.</summary>
    public required bool Done { get; init; }

    /// <summary>Rows whose values were written back.</summary>
    public required long Changed { get; init; }

    /// <summary>Rows that were made again.</summary>
    public required long Made { get; init; }

    /// <summary>Rows that were deleted.</summary>
    public required long Deleted { get; init; }

    /// <summary>Rows that were as before already.</summary>
    public required long Same { get; init; }

    /// <summary>Rows of which something stays as it is, because it was changed since or its side refuses.</summary>
    public required long Kept { get; init; }

    /// <summary>Some of those.</summary>
    public required IReadOnlyList<SyncUndoLeftView> Examples { get; init; }

    public static SyncUndoView Of(long run, UndoReport? report)
    {
        var known = report ?? new();
        return new()
        {
            Run = run, Done = report is not null, Changed = known.Changed, Made = known.Made, Deleted = known.Deleted, Same = known.Same,
            Kept = known.Kept, Examples = [.. known.Examples.Select(left => new SyncUndoLeftView(left.Item,
                new SideWord(left.Side).ToString(), left.Reason, left.Fields))],
        };
    }
}

/// <summary>A row of which something stays as it is.</summary>
/// <param name="Item">Its key, or its record.</param>
/// <param name="Side">On which side.</param>
/// <param name="Reason"><c>changed_since</c>, or why its side refuses.</param>
/// <param name="Fields">Which fields; none: the row.</param>
internal sealed record SyncUndoLeftView(string Item, string Side, string Reason, IReadOnlyList<string> Fields);
