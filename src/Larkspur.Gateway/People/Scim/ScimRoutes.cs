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
        Map(scim, "/Users", static http => http.RequestServices.GetRequiredService<ScimUsers>());
        Map(scim, "/Groups", static http => http.RequestServices.GetRequiredService<ScimGroups>());
    }

    // Not generic: the generator of request delegates knows no generic endpoints.
    private static void Map(RouteGroupBuilder scim, string path, Func<HttpContext, IScimResource> on)
    {
        var one = path + "/{id}";
        scim.MapGet(path, (HttpContext http, CancellationToken cancellation) => on(http).ListAsync(http, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapGet(one, (string id, HttpContext http, CancellationToken cancellation) => on(http).GetAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapPost(path, (HttpContext http, CancellationToken cancellation) => on(http).CreateAsync(http, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapPut(one, (string id, HttpContext http, CancellationToken cancellation) => on(http).ReplaceAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapPatch(one, (string id, HttpContext http, CancellationToken cancellation) => on(http).PatchAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleRead);
        scim.MapDelete(one, (string id, HttpContext http, CancellationToken cancellation) => on(http).DeleteAsync(http, id, cancellation))
            .Needs(ApiScopes.PeopleRead);
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
