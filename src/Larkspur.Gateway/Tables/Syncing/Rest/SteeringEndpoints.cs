using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Starting, pausing and asking syncs over REST.</summary>
internal sealed class SteeringEndpoints(SyncReach reach, SyncStore syncs, SyncViewing views)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/{name}/start", (Body<StartSync> body, string name, SteeringEndpoints on, CancellationToken cancellation) =>
            on.StartAsync(body, name, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("StartSync").WithSummary("Begin the first copy of a sync that was surveyed")
            .GoesWithoutBody().Produces<SyncView>().Refuses(400, 403, 404, 409, 413, 415, 422);
        Steer("pause", "PauseSync", "Pause a sync", static (on, caller, name, cancellation) => on.PauseAsync(caller, name, cancellation));
        Steer("resume", "ResumeSync", "Go on with a sync that is paused, or away; everything is compared",
            static (on, caller, name, cancellation) => on.ResumeAsync(caller, name, cancellation));
        Steer("run", "RunSync", "Compare everything now", static (on, caller, name, cancellation) =>
            on.CompareAsync(caller, name, cancellation));
        routes.MapPost("/{name}/deletions", (Body<DecideDeletions> body, string name, SteeringEndpoints on,
            CancellationToken cancellation) => on.DeletionsAsync(body, name, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("DecideDeletions").WithSummary("Say what becomes of rows that wait to be deleted")
            .Produces<SyncView>().Refuses(400, 403, 404, 409, 413, 415, 422);

        void Steer(string verb, string id, string summary,
            Func<SteeringEndpoints, KeyGrant, string, CancellationToken, Task<SyncRecord?>> work) =>
            routes.MapPost($"/{{name}}/{verb}", (string name, KeyGrant caller, SteeringEndpoints on, CancellationToken cancellation) =>
                on.SteerAsync(caller, name, () => work(on, caller, name, cancellation), cancellation))
                .Needs(ApiScopes.SyncsWrite).WithName(id).WithSummary(summary).Produces<SyncView>().Refuses(403, 404, 409);
    }

    private Task<SyncRecord?> PauseAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        syncs.PauseAsync(caller, name, cancellation);

    private Task<SyncRecord?> ResumeAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        syncs.ResumeAsync(caller, name, cancellation);

    private async Task<SyncRecord?> CompareAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        (await reach.KnownAsync(caller, name, change: true, cancellation)).Phase == Phases.Live
            ? await syncs.ScanAsync(caller, name, cancellation) : throw RequestRefusedException.Conflict("sync_not_live");

    private async Task<IResult> StartAsync(Body<StartSync> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadIfAnyAsync(cancellation) ?? new StartSync();
        var word = SpecNames.Demand(sent.Winner ?? "ask", "/winner", "table", "source", "ask");
        SideName? winner = word == "ask" ? null : SideWord.Of(word).Side;
        return await SteerAsync(caller, name, () => syncs.StartAsync(caller, name, winner, cancellation), cancellation);
    }

    private async Task<IResult> DeletionsAsync(Body<DecideDeletions> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadAsync(cancellation);
        var isDelete = SpecNames.Demand(sent.Decision, "/decision", "delete", "restore") == "delete";
        return await SteerAsync(caller, name, async () =>
            (await reach.KnownAsync(caller, name, change: true, cancellation)).Asks > 0
                ? await syncs.ConfirmAsync(caller, name, isDelete, cancellation)
                : throw RequestRefusedException.Conflict("no_deletions_wait"), cancellation);
    }

    private async Task<IResult> SteerAsync(
        KeyGrant caller, string name, Func<Task<SyncRecord?>> work, CancellationToken cancellation)
    {
        await reach.KnownAsync(caller, name, change: true, cancellation);
        var row = await SyncRefusals.JudgedAsync(work) ?? throw SyncRefusals.NoSync();
        return TypedResults.Ok(await views.OfAsync(row, cancellation));
    }
}
