using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;

namespace Larkspur.Gateway.Api;

/// <summary>Who calls the REST API.</summary>
internal static class Caller
{
    /// <summary>Who acts by the REST key: in the log and in the rows' histories.</summary>
    public const string RestKey = "api";

    /// <summary>The one whose key the request carries.</summary>
    public static Actor Of(HttpContext http) => Grant(http).Who;

    /// <summary>What that one may do. Without a recognised key: nothing.</summary>
    public static KeyGrant Grant(HttpContext http) => http.Items[typeof(Caller)] as KeyGrant
        ?? new KeyGrant(new Actor(RestKey, http.Connection.RemoteIpAddress?.ToString()), new HashSet<string>());

    /// <summary>Set once the key was recognised.</summary>
    public static void Set(HttpContext http, KeyGrant grant) => http.Items[typeof(Caller)] = grant;
}
