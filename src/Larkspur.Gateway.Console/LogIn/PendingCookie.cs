namespace Larkspur.Gateway.Console.LogIn;

/// <summary>What the browser holds of a log-in under way. It is no session's cookie and is never taken for one.</summary>
internal static class PendingCookie
{
    private const string Name = "larkspur-console-step";

    /// <summary>Over TLS: no sub-domain and no plain-http page can set it.</summary>
    private const string SecureName = "__Host-larkspur-console-step";

    public static string? Read(HttpRequest request) => request.Cookies[NameFor(request)];

    public static void Write(HttpContext http, string token) => http.Response.Cookies.Append(NameFor(http.Request), token, Options(http));

    public static void Delete(HttpContext http)
    {
        if (Read(http.Request) is not null) http.Response.Cookies.Delete(NameFor(http.Request), Options(http));
    }

    private static string NameFor(HttpRequest request) => SessionCookie.IsSecure(request) ? SecureName : Name;

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = SessionCookie.IsSecure(http.Request), Path = "/", IsEssential = true,
    };
}
