using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.SignIn.Sessions;

/// <summary>What the browser holds of a session: 32 random bytes, out of scripts' reach. The row has their hash.</summary>
/// <remarks>Lax: whoever comes from a system that asks who they are is signed in already.</remarks>
internal static class SignInCookie
{
    private const string Name = "larkspur-sign-in";

    /// <summary>Over TLS: no sub-domain and no plain-http page can set it.</summary>
    private const string SecureName = "__Host-larkspur-sign-in";

    private const int Bytes = 32;
    private const int Characters = 43;

    public static string MakeToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The row's id; null: it is no token.</summary>
    public static string? IdOf(string? token) =>
        token is { Length: Characters } ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))) : null;

    public static string? Read(HttpRequest request) => request.Cookies[IsSecure(request) ? SecureName : Name];

    public static void Write(HttpContext http, string token) =>
        http.Response.Cookies.Append(IsSecure(http.Request) ? SecureName : Name, token, Options(http));

    public static void Delete(HttpContext http)
    {
        foreach (var name in (string[])[Name, SecureName])
        {
            if (http.Request.Cookies.ContainsKey(name)) http.Response.Cookies.Delete(name, Options(http));
        }
    }

    /// <summary>The browser speaks TLS, to this process or to a proxy before it, also one that nobody has named or that does not say so:
    /// then the public address does. Whoever lies about it only makes his own cookie stricter.</summary>
    public static bool IsSecure(HttpRequest request) => request.IsHttps
        || request.Headers["X-Forwarded-Proto"] is [{ } scheme] && scheme.Equals("https", StringComparison.OrdinalIgnoreCase)
        || request.HttpContext.RequestServices?.GetService<OwnAddress>()?.Public is { Scheme: "https" } own
            && string.Equals(own.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    // No time of its own: the row decides, and a closed browser forgets it.
    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = IsSecure(http.Request), Path = "/", IsEssential = true };
}
