using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What would come of a sync, over REST. Nothing is kept and nothing is written.</summary>
internal sealed class PlanEndpoints(SyncReach reach, SyncStore syncs, SpecChecking checking, SyncPlanning planning, SurveyExamples surveys)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{name}/plan", (Body<PutSync> body, string name, PlanEndpoints on, CancellationToken cancellation) =>
            on.PlanAsync(body, name, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("PlanSync").WithSummary("Show what a sync would be, or what its survey found")
            .WithDescription("With a body (as for PUT, and not kept): the mapping with types, what may not survive, examples, problems "
                + "with their pointers, and the differences from the sync as it is. Without: what the survey found, with values.")
            .GoesWithoutBody().Produces<SyncPlanView>().CallsPlatform().Refuses(413, 415);

    /// <summary>What would come of a spec.</summary>
    /// <exception cref="RequestRefusedException">It cannot be looked at; the word and the pointer say why.</exception>
    public async Task<SyncPlanView> PlanAsync(KeyGrant caller, string name, PutSync sent, CancellationToken cancellation)
    {
        if (!BaseReach.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", BaseReach.NameRule);
        var known = await reach.FindAsync(caller, name, cancellation);
        if (known is null && await syncs.FindAsync(name, cancellation) is not null) throw SyncRefusals.NoSync();
        var owner = SyncEndpoints.OwnerOf(caller, known, sent.System);
        var spec = SpecReading.Of(sent);
        await checking.DemandPlacesAsync(caller, owner, spec, cancellation);
        return PlanViewing.Of(await SyncRefusals.JudgedAsync(() => planning.OfAsync(owner, spec, known, cancellation)), spec);
    }

    /// <summary>What the survey of a sync found.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or a side cannot be asked.</exception>
    public async Task<SyncPlanView> SurveyAsync(KeyGrant caller, string name, CancellationToken cancellation)
    {
        var known = await reach.KnownAsync(caller, name, change: false, cancellation);
        var view = PlanViewing.Of(await SyncRefusals.JudgedAsync(() => planning.OfAsync(known.Owner, known.Spec, known, cancellation)),
            known.Spec);
        return view with
        {
            Draft = false, Survey = await SyncRefusals.JudgedAsync(() => surveys.OfAsync(known, cancellation)),
        };
    }

    private async Task<IResult> PlanAsync(Body<PutSync> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        return TypedResults.Ok(await body.ReadIfAnyAsync(cancellation) is { } sent ? await PlanAsync(caller, name, sent, cancellation)
            : await SurveyAsync(caller, name, cancellation));
    }
}
