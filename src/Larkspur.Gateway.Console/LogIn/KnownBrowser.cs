using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Remembers in a cookie that somebody has logged in with this browser. It lets nobody in; its tries at that account are counted by themselves.</summary>
/// <remarks>
/// Who knows a name could otherwise keep its owner out for good: five wrong passwords every quarter of an hour lock the account, and twenty tries use up the address
/// that all people behind a proxy have in common.
/// </remarks>
internal sealed class KnownBrowser(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Name = "larkspur-browser";
    private const string SecureName = "__Host-larkspur-browser";
    private const int LongestCookie = 1000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180);

    // At the first log-in: the key ring is in the database, and making its first key is a write.
    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector("console-browser"));

    /// <summary>The browser's id when somebody has logged in with it to this account; else null.</summary>
    public string? Find(HttpRequest request, string account) =>
        request.Cookies[NameFor(request)] is { Length: > 0 and <= LongestCookie } cookie && Read(cookie) is [var id, var whose, var at]
        && whose == account && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && clock.GetUtcNow().ToUnixTimeSeconds() - seconds < Kept.TotalSeconds ? id : null;

    /// <summary>Somebody has logged in to this account.</summary>
    public void Remember(HttpContext http, string account)
    {
        var id = Find(http.Request, account) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var text = string.Create(CultureInfo.InvariantCulture, $"{id}|{account}|{clock.GetUtcNow().ToUnixTimeSeconds()}");
        http.Response.Cookies.Append(NameFor(http.Request), _protector.Value.Protect(text), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = SessionCookie.IsSecure(http.Request), Path = "/", IsEssential = true, MaxAge = Kept,
        });
    }

    private string[] Read(string cookie)
    {
        try
        {
            return _protector.Value.Unprotect(cookie).Split('|');
        }
        catch (CryptographicException)
        {
            // Made up, or of another key ring: a browser like any other.
            return [];
        }
    }

    private static string NameFor(HttpRequest request) => SessionCookie.IsSecure(request) ? SecureName : Name;
}
