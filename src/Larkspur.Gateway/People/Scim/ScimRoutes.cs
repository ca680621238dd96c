using Larkspur.Gateway.Api;

namespace Larkspur.Gateway.People.Scim;

/// <summary>SCIM 2.0 (RFC 7643, RFC 7644) at <c>/scim/v2</c>, for systems that read people and groups, and for upstreams that provision
/// them.</summary>
internal static class ScimRoutes
{
    public static void MapScim(this IEndpointRouteBuilder routes)
    {
        var scim = routes.MapGroup(ApiPaths.Scim + "/v2").WithMetadata(new NeedsApiKey()).AddEndpointFilter(new ScimRefusals());
        scim.ExcludeFromDescription();
        MapDescriptions(scim);
        scim.MapGet("/Users", (HttpContext http, ScimUsers on, CancellationToken cancellation) => on.ListAsync(http, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapGet("/Users/{id}", (string id, HttpContext http, ScimUsers on, CancellationToken cancellation) =>
            on.GetAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapPost("/Users", (HttpContext http, ScimUsers on, CancellationToken cancellation) => on.CreateAsync(http, cancellation))
            .Needs(ApiScopes.PeopleWrite);
        scim.MapPut("/Users/{id}", (string id, HttpContext http, ScimUsers on, CancellationToken cancellation) =>
            on.ReplaceAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleWrite);
        scim.MapPatch("/Users/{id}", (string id, HttpContext http, ScimUsers on, CancellationToken cancellation) =>
            on.PatchAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleWrite);
        scim.MapDelete("/Users/{id}", (string id, HttpContext http, ScimUsers on, CancellationToken cancellation) =>
            on.DeleteAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleWrite);
        scim.MapGet("/Groups", (HttpContext http, ScimGroups on, CancellationToken cancellation) => on.ListAsync(http, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapGet("/Groups/{id}", (string id, HttpContext http, ScimGroups on, CancellationToken cancellation) =>
            on.GetAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapPost("/Groups", (HttpContext http, ScimGroups on, CancellationToken cancellation) => on.CreateAsync(http, cancellation))
            .Needs(ApiScopes.PeopleWrite);
        scim.MapPut("/Groups/{id}", (string id, HttpContext http, ScimGroups on, CancellationToken cancellation) =>
            on.ReplaceAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleWrite);
        scim.MapPatch("/Groups/{id}", (string id, HttpContext http, ScimGroups on, CancellationToken cancellation) =>
            on.PatchAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleWrite);
        scim.MapDelete("/Groups/{id}", (string id, HttpContext http, ScimGroups on, CancellationToken cancellation) =>
            on.DeleteAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleWrite);
    }

    private static void MapDescriptions(RouteGroupBuilder scim)
    {
        scim.MapGet("/ServiceProviderConfig", static (HttpContext http) => ScimDescriptions.Config(http)).Needs(ApiScopes.PeopleRead);
        scim.MapGet("/ResourceTypes", static (HttpContext http) => ScimDescriptions.List(http, ScimDescriptions.Types(http.Request)))
            .Needs(ApiScopes.PeopleRead);
        scim.MapGet("/ResourceTypes/{id}", static (string id, HttpContext http) =>
            ScimDescriptions.One(http, ScimDescriptions.Types(http.Request), id))
            .Needs(ApiScopes.PeopleRead);
        scim.MapGet("/Schemas", static (HttpContext http) => ScimDescriptions.List(http, ScimDescriptions.Schemas(http.Request)))
            .Needs(ApiScopes.PeopleRead);
        scim.MapGet("/Schemas/{id}", static (string id, HttpContext http) =>
            ScimDescriptions.One(http, ScimDescriptions.Schemas(http.Request), id))
            .Needs(ApiScopes.PeopleRead);
    }
}
