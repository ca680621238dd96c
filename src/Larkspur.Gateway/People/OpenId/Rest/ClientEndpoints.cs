using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;

namespace Larkspur.Gateway.People.OpenId.Rest;

/// <summary>Clients of the OpenID provider over REST.</summary>
internal sealed class ClientEndpoints(ClientStore store, ClientReading reading, SigningKeys keys)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var clients = api.MapGroup("/oidc/clients");
        clients.MapGet("", (KeyGrant caller, ClientEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, cancellation))
            .WithName("ListOidcClients").WithSummary("Systems that people sign in to by the gateway").Produces<OidcClientListView>()
            .Refuses().Needs(ApiScopes.OidcRead);
        clients.MapGet("/{client_id}", (string client_id, KeyGrant caller, ClientEndpoints on, CancellationToken cancellation) =>
            on.ShowAsync(caller, client_id, cancellation))
            .WithName("GetOidcClient").WithSummary("One of them, without its secret").Produces<OidcClientView>().Refuses(404)
            .Needs(ApiScopes.OidcRead);
        clients.MapPost("", (Body<NewOidcClient> body, ClientEndpoints on, CancellationToken cancellation) =>
            on.AddAsync(body, cancellation))
            .WithName("CreateOidcClient").WithSummary("Connect a system that people sign in to")
            .WithDescription("The secret is in this answer and nowhere else. Addresses are compared letter by letter; only on 127.0.0.1 "
                + "and [::1] the port may be another.")
            .Produces<OidcClientMade>(StatusCodes.Status201Created).Refuses(400, 403, 413, 415, 422).Needs(ApiScopes.OidcWrite);
        clients.MapPatch("/{client_id}", (string client_id, Body<ChangeOidcClient> body, ClientEndpoints on,
            CancellationToken cancellation) =>
            on.ChangeAsync(body, client_id, cancellation))
            .WithName("ChangeOidcClient").WithSummary("Change a system's name, addresses and switches")
            .WithDescription("Members that are absent stay; lists are given as a whole. With \"enabled\": false all that it has ends.")
            .Produces<OidcClientView>().Refuses(400, 403, 404, 413, 415, 422).Needs(ApiScopes.OidcWrite, also: ApiScopes.OidcRead);
        clients.MapPost("/{client_id}/rotate", (string client_id, HttpContext http, ClientEndpoints on, CancellationToken cancellation) =>
            on.RotateAsync(http, client_id, cancellation))
            .WithName("RotateOidcClient").WithSummary("Give a system another secret").WithDescription("The secret before ends at once.")
            .Produces<OidcClientMade>().Refuses(403, 404, 422).Needs(ApiScopes.OidcWrite);
        clients.MapDelete("/{client_id}", (string client_id, HttpContext http, ClientEndpoints on, CancellationToken cancellation) =>
            on.RemoveAsync(http, client_id, cancellation))
            .WithName("DeleteOidcClient").WithSummary("Disconnect a system").WithDescription("All that it has ends at once.")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404).Needs(ApiScopes.OidcWrite);
        api.MapGet("/oidc/keys", (ClientEndpoints on, CancellationToken cancellation) => on.KeysAsync(cancellation))
            .WithName("ListOidcKeys").WithSummary("Keys that sign what the OpenID provider says").Produces<OidcKeyListView>().Refuses()
            .Needs(ApiScopes.OidcRead);
        api.MapPost("/oidc/keys/rotate", (HttpContext http, ClientEndpoints on, CancellationToken cancellation) =>
            on.RotateKeysAsync(http, cancellation))
            .WithName("RotateOidcKeys").WithSummary("Let the next key sign from now on")
            .WithDescription("What the key before signed holds on, for it stays published for three days. Keys change "
                + "by themselves every 90 days.")
            .Produces<OidcKeyListView>().Refuses(403).Needs(ApiScopes.OidcWrite, also: ApiScopes.OidcRead);
    }

    private async Task<IResult> ListAsync(KeyGrant caller, CancellationToken cancellation) => TypedResults.Ok(new OidcClientListView(
        [.. (await store.AllAsync(cancellation)).Where(c => caller.MayRead(c.Owner)).Select(OidcClientView.Of)]));

    private async Task<IResult> ShowAsync(KeyGrant caller, string id, CancellationToken cancellation) =>
        TypedResults.Ok(OidcClientView.Of(await KnownAsync(caller, id, change: false, cancellation)));

    private async Task<IResult> AddAsync(Body<NewOidcClient> body, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadAsync(cancellation);
        var settings = reading.New(caller, sent);
        try
        {
            var (client, secret) = await store.AddAsync(caller, ClientReading.Name(sent.Name), sent.Public, settings, cancellation);
            return TypedResults.Created($"/api/v1/oidc/clients/{client.Id}", OidcClientMade.Of(client, secret));
        }
        catch (TooManyClientsException)
        {
            throw RequestRefusedException.Impossible("too_many", null,
                $"There may be {ClientStore.MostOfOne} clients of one system, and {ClientStore.Most} in all.");
        }
    }

    private async Task<IResult> ChangeAsync(Body<ChangeOidcClient> body, string id, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadAsync(cancellation);
        var known = await KnownAsync(caller, id, change: true, cancellation);
        // What is wrong is said before anything is written; the row is read again where it is changed.
        reading.Changed(caller, known, sent, body.Names);
        var changed = await store.ChangeAsync(caller, id, before => reading.Changed(caller, before, sent, body.Names), cancellation);
        return TypedResults.Ok(OidcClientView.Of(changed ?? throw NotFound()));
    }

    private async Task<IResult> RotateAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        var known = await KnownAsync(caller, id, change: true, cancellation);
        if (known.IsPublic) throw RequestRefusedException.Impossible("public_client", "/{client_id}", "A public client has no secret.");
        var (client, secret) = await store.RotateAsync(caller, id, cancellation) ?? throw NotFound();
        return TypedResults.Ok(OidcClientMade.Of(client, secret));
    }

    private async Task<IResult> RemoveAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        await store.RemoveAsync(caller, await KnownAsync(caller, id, change: true, cancellation), cancellation);
        return TypedResults.NoContent();
    }

    private async Task<IResult> KeysAsync(CancellationToken cancellation) =>
        TypedResults.Ok(new OidcKeyListView([.. (await keys.PublishedAsync(cancellation)).Select(OidcKeyView.Of)]));

    private async Task<IResult> RotateKeysAsync(HttpContext http, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        if (!caller.ChangesAll) throw KeyGrant.NotMine();
        return TypedResults.Ok(new OidcKeyListView([.. (await keys.RotateAsync(caller.Who, cancellation)).Select(OidcKeyView.Of)]));
    }

    private async Task<OidcClient> KnownAsync(KeyGrant caller, string id, bool change, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } client || !caller.MayRead(client.Owner)) throw NotFound();
        return !change || caller.MayChange(client.Owner) ? client : throw KeyGrant.NotMine();
    }

    private static RequestRefusedException NotFound() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{client_id}", $"No client has this id. {KeyGrant.OthersHint}");
}
