using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.OpenId.Logout;
using Larkspur.Gateway.People.OpenId.Tokens;

namespace Larkspur.Gateway.People.OpenId;

/// <summary>Where the provider answers. Pages of other origins may ask what takes no cookie, and never the rest.</summary>
internal static class OpenIdRoutes
{
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public static void MapOpenId(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(OpenIdPaths.Authorize, GetAndPost, (HttpContext http, AuthorizeEndpoint on) => on.ServeAsync(http))
            .ExcludeFromDescription();
        routes.MapPost(OpenIdPaths.Consent, (HttpContext http, AuthorizeEndpoint on) => on.DecideAsync(http)).ExcludeFromDescription();
        routes.MapMethods(OpenIdPaths.Logout, GetAndPost, (HttpContext http, LogoutEndpoint on) => on.ServeAsync(http))
            .ExcludeFromDescription();
        routes.MapPost(OpenIdPaths.Token, (HttpContext http, TokenEndpoint on) => on.ServeAsync(http)).ExcludeFromDescription();
        routes.MapMethods(OpenIdPaths.UserInfo, GetAndPost, (HttpContext http, TokenUses on) => on.UserInfoAsync(http))
            .ExcludeFromDescription();
        routes.MapPost(OpenIdPaths.Revoke, (HttpContext http, TokenUses on) => on.RevokeAsync(http)).ExcludeFromDescription();
        routes.MapPost(OpenIdPaths.Introspect, (HttpContext http, TokenUses on) => on.IntrospectAsync(http)).ExcludeFromDescription();
        routes.MapGet(OpenIdPaths.Keys, (HttpContext http, Discovery on) => on.KeysAsync(http)).ExcludeFromDescription();
        routes.MapGet(OpenIdPaths.Discovery, (HttpContext http, Discovery on) => on.DescribeAsync(http, null)).ExcludeFromDescription();
        routes.MapGet(OpenIdPaths.Metadata, (HttpContext http, Discovery on) => on.DescribeAsync(http, null)).ExcludeFromDescription();
        routes.MapGet(OpenIdPaths.Metadata + "/{**path}", (HttpContext http, Discovery on, string path) => on.DescribeAsync(http, path))
            .ExcludeFromDescription();
        foreach (var path in (string[])[OpenIdPaths.Token, OpenIdPaths.Revoke]) Preflight(path, "POST");
        foreach (var path in (string[])[OpenIdPaths.Keys, OpenIdPaths.Discovery, OpenIdPaths.Metadata]) Preflight(path, "GET");
        Preflight(OpenIdPaths.UserInfo, "GET, POST");

        void Preflight(string path, string methods) => routes.MapMethods(path, [HttpMethods.Options], (HttpContext http) =>
        {
            OAuthAnswers.Preflight(http, methods);
            return Task.CompletedTask;
        }).ExcludeFromDescription();
    }
}
