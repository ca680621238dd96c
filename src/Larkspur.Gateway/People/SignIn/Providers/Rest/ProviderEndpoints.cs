using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.SignIn.Providers.Rest;

/// <summary>Identity providers over REST.</summary>
internal sealed class ProviderEndpoints(ProviderStore store, ProviderRequests requests, ProviderTester tester, OwnAddress own)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var providers = api.MapGroup("/identity-providers");
        providers.MapGet("", (HttpContext http, ProviderEndpoints on) => on.List(http))
            .WithName("ListIdentityProviders").WithSummary("The company's own log-ins, by which people sign in")
            .Produces<IdentityProviderListView>().Refuses().Needs(ApiScopes.SignInRead);
        providers.MapGet("/{name}", (HttpContext http, string name, ProviderEndpoints on) => on.Show(http, name))
            .WithName("GetIdentityProvider").WithSummary("One of them").Produces<IdentityProviderView>().Refuses(404)
            .Needs(ApiScopes.SignInRead);
        providers.MapPut("/{name}", (Body<PutIdentityProvider> body, string name, ProviderEndpoints on, CancellationToken cancellation) =>
            on.PutAsync(body, name, cancellation))
            .WithName("PutIdentityProvider").WithSummary("Let people sign in by an identity provider, or change what the body names of one")
            .WithDescription("Entra ID, Okta, Keycloak, authentik, or any other that speaks OpenID Connect. The redirect_uri of the answer "
                + "is to be registered there. The client secret is never shown again; another issuer needs it anew.")
            .Produces<IdentityProviderView>().Produces<IdentityProviderView>(StatusCodes.Status201Created)
            .Refuses(400, 403, 409, 413, 415, 422).Needs(ApiScopes.SignInWrite, also: ApiScopes.SignInRead);
        providers.MapDelete("/{name}", (HttpContext http, string name, ProviderEndpoints on, CancellationToken cancellation) =>
            on.DeleteAsync(http, name, cancellation))
            .WithName("DeleteIdentityProvider").WithSummary("Nobody signs in by an identity provider any more")
            .WithDescription("Accounts that people have by it stay theirs, for when it comes back.")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404).Needs(ApiScopes.SignInWrite);
        providers.MapPost("/{name}/test", (HttpContext http, string name, ProviderEndpoints on, CancellationToken cancellation) =>
            on.TestAsync(http, name, cancellation))
            .WithName("TestIdentityProvider").WithSummary("Read its metadata and keys now, and learn what is wrong")
            .WithDescription("Waits up to 20 seconds. Whether the client secret is right is seen when somebody signs in.")
            .Produces<IdentityProviderTestView>().Refuses(403, 404).Needs(ApiScopes.SignInWrite, also: ApiScopes.SignInRead);
    }

    private IResult List(HttpContext http)
    {
        var caller = Caller.Grant(http);
        return TypedResults.Ok(new IdentityProviderListView(
            [.. store.All.Where(p => caller.MayRead(p.Owner)).Select(p => ViewOf(http, p))]));
    }

    private IResult Show(HttpContext http, string name) => TypedResults.Ok(ViewOf(http, Known(Caller.Grant(http), name, change: false)));

    private async Task<IResult> PutAsync(Body<PutIdentityProvider> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        // A name that is taken is no secret to whoever wants to take it; whose it is, is.
        if (store.Find(name) is { } there && !caller.MayRead(there.Owner)) throw InUse();
        var change = requests.Read(caller, name, await body.ReadAsync(cancellation));
        try
        {
            var isNew = await store.PutAsync(caller, name, change, cancellation);
            var view = ViewOf(body.Http, Known(caller, name, change: false));
            return isNew ? TypedResults.Created($"/api/v1/identity-providers/{name}", view) : TypedResults.Ok(view);
        }
        catch (ProviderRefusedException e)
        {
            throw e.Word switch
            {
                "name_in_use" => InUse(),
                "system_not_held" => KeyGrant.NotMine(),
                "too_many" => RequestRefusedException.Impossible("too_many", null,
                    $"There may be {ProviderStore.Most} identity providers."),
                "missing" when e.Sentence is { } sentence => RequestRefusedException.Malformed("missing", e.Pointer, sentence),
                "missing" => BodyRefusals.Missing(e.Pointer!, e.Pointer![1..], []),
                "two_ways" => RequestRefusedException.Malformed("two_ways", e.Pointer, e.Sentence),
                _ => RequestRefusedException.Impossible(e.Word, e.Pointer, e.Sentence!),
            };
        }
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        Known(caller, name, change: true);
        try
        {
            return await store.DeleteAsync(caller, name, cancellation) ? TypedResults.NoContent() : throw NotFound();
        }
        catch (ProviderRefusedException e)
        {
            throw e.Word == "system_not_held" ? KeyGrant.NotMine() : NotFound();
        }
    }

    private async Task<IResult> TestAsync(HttpContext http, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await tester.RunAsync(
            Caller.Of(http), Known(Caller.Grant(http), name, change: true), RedirectUri(http, name), cancellation));

    private IdentityProvider Known(KeyGrant caller, string name, bool change)
    {
        if (store.Find(name) is not { } provider || !caller.MayRead(provider.Owner)) throw NotFound();
        return !change || caller.MayChange(provider.Owner) ? provider : throw KeyGrant.NotMine();
    }

    private static RequestRefusedException NotFound() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{name}", $"No identity provider has this name. {KeyGrant.OthersHint}");

    private static RequestRefusedException InUse() => new(StatusCodes.Status409Conflict, "name_in_use", "/{name}",
        $"Another identity provider has this name: choose another one. {KeyGrant.OthersHint}");

    private string RedirectUri(HttpContext http, string name) => SignInPaths.CallbackOf(own.Of(http.Request), name).OriginalString;

    private IdentityProviderView ViewOf(HttpContext http, IdentityProvider provider) => new()
    {
        Name = provider.Name, System = provider.Owner,
        State = provider.IsUnreadable ? "unreadable_secret" : provider.Enabled ? "active" : "off", TitleZh = provider.Title.Chinese,
        TitleEn = provider.Title.English, Issuer = provider.Issuer, ClientId = provider.ClientId, HasSecret = provider.HasSecret,
        ClientAuth = provider.ClientAuth, Product = provider.Product, Scopes = provider.Scopes, NameClaim = provider.NameClaim,
        GroupsClaim = provider.GroupsClaim, AllowedTenants = provider.AllowedTenants, AllowGuests = provider.AllowGuests,
        CreatePeople = provider.CreatePeople, Enabled = provider.Enabled, RedirectUri = RedirectUri(http, provider.Name),
        CreatedAt = provider.CreatedAt, ChangedAt = provider.ChangedAt, ChangedBy = provider.ChangedBy,
    };
}
