using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>Sites whose pages may embed a session's chat, and call its API from their scripts.</summary>
internal static class SessionOrigins
{
    /// <summary>Of one session.</summary>
    public const int Most = 10;

    /// <summary>An origin as browsers write it.</summary>
    /// <exception cref="RequestRefusedException">It is none, or one that is not safe.</exception>
    public static string Checked(string text, string pointer)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "", HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 }
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            return $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
        throw RequestRefusedException.Impossible("bad_origin", pointer, "An origin is https:// and a host, with a port if it has one, without a path: https://intranet.example.com. http:// is taken for this machine only.");
    }
}
