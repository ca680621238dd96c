namespace Larkspur.Gateway.Console.LogIn;

/// <summary>What the browser holds of a session: out of scripts' reach, never sent from another site.</summary>
internal static class SessionCookie
{
    private const string Name = "larkspur-console";

    /// <summary>Over TLS: no sub-domain and no plain-http page can set it.</summary>
    private const string SecureName = "__Host-larkspur-console";

    public static string? Read(HttpRequest request) => request.Cookies[IsSecure(request) ? SecureName : Name];

    public static void Write(HttpContext http, string token) => http.Response.Cookies.Append(IsSecure(http.Request) ? SecureName : Name, token, Options(http));

    public static void Delete(HttpContext http)
    {
        foreach (var name in (string[])[Name, SecureName])
        {
            if (http.Request.Cookies.ContainsKey(name)) http.Response.Cookies.Delete(name, Options(http));
        }
    }

    /// <summary>The browser speaks TLS, to this process or to a proxy before it, also one that nobody has named. Whoever lies about it only makes his own cookie stricter.</summary>
    public static bool IsSecure(HttpRequest request) => People.SignIn.Sessions.SignInCookie.IsSecure(request);

    // No time of its own: the row decides, and a closed browser forgets it.
    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsSecure(http.Request), Path = "/", IsEssential = true };
}
