using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>Bases over REST, and for the console under the same rules.</summary>
internal sealed class BaseEndpoints(BaseStore bases, BaseReach reach, BaseTrial trial, PlatformCalls calls)
{
    public static void Map(IEndpointRouteBuilder bases)
    {
        bases.MapGet("", (KeyGrant caller, BaseEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, cancellation))
            .Needs(ApiScopes.TablesRead).WithName("ListBases").WithSummary("Bases that are open to the key's system")
            .Produces<BaseListView>().Refuses();
        bases.MapGet("/{name}", (string name, KeyGrant caller, BaseEndpoints on, CancellationToken cancellation) =>
            on.ShowAsync(caller, name, cancellation))
            .Needs(ApiScopes.TablesRead).WithName("ShowBase").WithSummary("One of them").Produces<BaseView>().Refuses(404);
        bases.MapPut("/{name}", (Body<PutBase> body, string name, BaseEndpoints on, CancellationToken cancellation) =>
            on.PutAsync(body, name, cancellation))
            .Needs(ApiScopes.SettingsWrite).WithName("PutBase").WithSummary("Open a base to a business system, or change one")
            .WithDescription("The base is looked at at once: 403 base_not_shared says how its app becomes a collaborator. Opening takes an "
                + "administrative scope, for whoever may name a base reaches all that its app may.")
            .Produces<BaseView>().Produces<BaseView>(StatusCodes.Status201Created).CallsPlatform().Refuses(413, 415);
        bases.MapDelete("/{name}", (HttpContext http, string name, BaseEndpoints on, CancellationToken cancellation) =>
            on.DeleteAsync(http, name, cancellation))
            .Needs(ApiScopes.SettingsWrite).WithName("DeleteBase").WithSummary("Close a base")
            .WithDescription("What stands in it stays as it is.").Produces(StatusCodes.Status204NoContent).Refuses(403, 404);
    }

    /// <summary>Opens a base, or changes one.</summary>
    /// <exception cref="RequestRefusedException">It cannot be so; the word and the pointer say why.</exception>
    public async Task<(BaseView View, bool IsNew)> PutAsync(KeyGrant caller, string name, PutBase sent, CancellationToken cancellation)
    {
        if (!BaseReach.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", BaseReach.NameRule);
        var known = await bases.FindAsync(name, cancellation);
        // A name that is taken is no secret to whoever wants to take it; whose it is, is.
        if (known is not null && !BaseReach.IsSeen(caller, known)) throw InUse();
        if (known is not null && !caller.MayChange(known.Owner)) throw KeyGrant.NotMine();
        if (known is null && sent.Token is null) throw BodyRefusals.Missing("/token", "token", []);
        var owner = sent.System ?? known?.Owner ?? caller.Owner;
        DemandSystem(caller, sent.System);
        var app = calls.App(caller, sent.App ?? known?.App, "/app");
        var address = (sent.Token is { } given ? BaseAddress.Read(given) : new BaseAddress(known!.AppToken, false))
            ?? throw RequestRefusedException.Impossible("bad_url", "/token", BaseAddress.Rule);
        var (token, title) = await trial.LookAsync(app, address, cancellation);
        try
        {
            var (row, isNew) = await bases.PutAsync(caller, name, new WantedBase(app.Name, token, title, owner), cancellation);
            return (BaseView.Of(row), isNew);
        }
        catch (BaseRefusedException e)
        {
            throw e.Word switch
            {
                "name_in_use" => InUse(),
                "too_many" => RequestRefusedException.Impossible(e.Word, null,
                    $"There may be {BaseStore.Most} bases, and {BaseStore.MostOfSystem} of one system."),
                _ => KeyGrant.NotMine(),
            };
        }
    }

    /// <summary>Closes a base.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or it is another's.</exception>
    public async Task RemoveAsync(KeyGrant caller, string name, CancellationToken cancellation)
    {
        try
        {
            if (!await bases.DeleteAsync(caller, name, cancellation)) throw BaseReach.NotFound();
        }
        catch (BaseRefusedException e)
        {
            throw e.Word == "system_not_held" ? KeyGrant.NotMine() : BaseReach.NotFound();
        }
    }

    private async Task<IResult> ListAsync(KeyGrant caller, CancellationToken cancellation) =>
        TypedResults.Ok(new BaseListView([.. (await reach.ReadableAsync(caller, cancellation)).Select(BaseView.Of)]));

    private async Task<IResult> ShowAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        TypedResults.Ok(BaseView.Of(await reach.KnownAsync(caller, name, change: false, cancellation)));

    private async Task<IResult> PutAsync(Body<PutBase> body, string name, CancellationToken cancellation)
    {
        var (view, isNew) = await PutAsync(Caller.Grant(body.Http), name, await body.ReadAsync(cancellation), cancellation);
        return isNew ? TypedResults.Created($"/api/v1/tables/bases/{name}", view) : TypedResults.Ok(view);
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string name, CancellationToken cancellation)
    {
        await RemoveAsync(Caller.Grant(http), name, cancellation);
        return TypedResults.NoContent();
    }

    private static RequestRefusedException InUse() => new(StatusCodes.Status409Conflict, "name_in_use", "/{name}",
        $"Another base has this name: choose another one. {KeyGrant.OthersHint}");

    /// <summary>The caller may open it to whom it is to be open.</summary>
    private static void DemandSystem(KeyGrant caller, string? system)
    {
        if (system is null) return;
        if (!ListedName.IsSound(system)) throw RequestRefusedException.Impossible("bad_name", "/system", ListedName.Rule);
        if (!caller.MayChange(system))
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "system_not_held", "/system",
                $"The calling key belongs to another system: opening a base to this one takes {ApiScopes.OthersWrite}.");
        }
    }
}
