using Larkspur.Gateway.Audit;

namespace Larkspur.Gateway.Api;

/// <summary>Who calls the REST API.</summary>
internal static class Caller
{
    /// <summary>The one whose key the request carries.</summary>
    public static Actor Of(HttpContext http) => http.Items[typeof(Caller)] is Actor actor ? actor : new Actor(ApiErrors.Who, http.Connection.RemoteIpAddress?.ToString());

    /// <summary>Set once the key was recognised.</summary>
    public static void Set(HttpContext http, Actor actor) => http.Items[typeof(Caller)] = actor;
}
