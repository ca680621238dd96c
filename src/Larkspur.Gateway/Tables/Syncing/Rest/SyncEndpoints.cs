using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Syncs over REST, and for the console under the same rules.</summary>
internal sealed class SyncEndpoints(SyncReach reach, SyncStore syncs, SpecChecking checking, SourceTraces traces, SyncViewing views)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("", (KeyGrant caller, SyncEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ListSyncs").WithSummary("Syncs of the key's system, and how each stands")
            .Produces<SyncListView>().Refuses();
        routes.MapGet("/{name}", (string name, KeyGrant caller, SyncEndpoints on, CancellationToken cancellation) =>
            on.ShowAsync(caller, name, cancellation))
            .Needs(ApiScopes.SyncsRead).WithName("ShowSync").WithSummary("One of them: how far it is, what waits, why it stands still")
            .Produces<SyncView>().Refuses(404);
        routes.MapPut("/{name}", (Body<PutSync> body, string name, SyncEndpoints on, CancellationToken cancellation) =>
            on.PutAsync(body, name, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("PutSync").WithSummary("Make a sync, or change one")
            .WithDescription("Both sides are looked at at once. A new one reads them from end to end, reports (POST …/plan without a body) "
                + "and waits for its start: nothing is written before. With another table, source or key it begins anew.")
            .Produces<SyncView>().Produces<SyncView>(StatusCodes.Status201Created).CallsPlatform().Refuses(413, 415);
        routes.MapDelete("/{name}", (HttpContext http, string name, SyncEndpoints on, CancellationToken cancellation) =>
            on.DeleteAsync(http, name, cancellation))
            .Needs(ApiScopes.SyncsWrite).WithName("DeleteSync").WithSummary("Forget a sync")
            .WithDescription("Both sides stay as they are; triggers that it made in the source are taken away.")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404);
        SteeringEndpoints.Map(routes);
        PlanEndpoints.Map(routes);
        ConflictEndpoints.Map(routes);
        RowEndpoints.Map(routes);
        UndoEndpoints.Map(routes);
    }

    /// <summary>Makes a sync, or changes one.</summary>
    /// <exception cref="RequestRefusedException">It cannot be so; the word and the pointer say why.</exception>
    public async Task<(SyncView View, bool IsNew)> PutAsync(KeyGrant caller, string name, PutSync sent, CancellationToken cancellation)
    {
        if (!BaseReach.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", BaseReach.NameRule);
        var known = await reach.FindAsync(caller, name, cancellation);
        if (known is null && await syncs.FindAsync(name, cancellation) is not null)
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "name_in_use", "/{name}",
                $"Another sync has this name: choose another one. {KeyGrant.OthersHint}");
        if (known is not null && !caller.MayChange(known.Owner)) throw KeyGrant.NotMine();
        var owner = OwnerOf(caller, known, sent.System);
        var spec = SpecReading.Of(sent);
        // A file that is applied again changes nothing, and interrupts nothing.
        if (known is not null && known.Spec.ToJson() == spec.ToJson()) return (await views.OfAsync(known, cancellation), false);
        await checking.DemandPlacesAsync(caller, owner, spec, cancellation);
        await checking.DemandFieldsAsync(owner, known?.Id ?? 0, spec, cancellation);
        var (row, isNew) = await SyncRefusals.JudgedAsync(() => syncs.PutAsync(caller, name, owner, spec, cancellation));
        if (known is not null && known.Spec.Source != spec.Source) await traces.RemoveAsync(known, cancellation);
        return (await views.OfAsync(row, cancellation), isNew);
    }

    /// <summary>Forgets a sync.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or it is another's.</exception>
    public async Task RemoveAsync(KeyGrant caller, string name, CancellationToken cancellation)
    {
        await reach.KnownAsync(caller, name, change: true, cancellation);
        var row = await SyncRefusals.JudgedAsync(() => syncs.RemoveAsync(caller, name, cancellation)) ?? throw SyncRefusals.NoSync();
        await traces.RemoveAsync(row, cancellation);
    }

    /// <summary>Whose the sync is: it stays so.</summary>
    public static string OwnerOf(KeyGrant caller, SyncRecord? known, string? system)
    {
        SyncRefusals.DemandSystem(caller, system);
        if (known is not null && system is not null && system != known.Owner)
            throw RequestRefusedException.Impossible("bad_value", "/system", SyncRestTexts.OtherSystem);
        return known?.Owner ?? system ?? caller.Owner;
    }

    private async Task<IResult> ListAsync(KeyGrant caller, CancellationToken cancellation) =>
        TypedResults.Ok(new SyncListView(await views.OfAsync(await reach.ReadableAsync(caller, cancellation), cancellation)));

    private async Task<IResult> ShowAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await views.OfAsync(await reach.KnownAsync(caller, name, change: false, cancellation), cancellation));

    private async Task<IResult> PutAsync(Body<PutSync> body, string name, CancellationToken cancellation)
    {
        var (view, isNew) = await PutAsync(Caller.Grant(body.Http), name, await body.ReadAsync(cancellation), cancellation);
        return isNew ? TypedResults.Created($"/api/v1/syncs/{name}", view) : TypedResults.Ok(view);
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string name, CancellationToken cancellation)
    {
        await RemoveAsync(Caller.Grant(http), name, cancellation);
        return TypedResults.NoContent();
    }
}
