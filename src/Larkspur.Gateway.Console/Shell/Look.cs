namespace Larkspur.Gateway.Console.Shell;

/// <summary>How the console looks to somebody: the account's choice, before the log-in the browser's cookie, and where neither says anything what the browser prefers.</summary>
/// <param name="Language"><c>zh</c> or <c>en</c>.</param>
/// <param name="ChosenLanguage">The same when somebody chose it.</param>
/// <param name="ChosenTheme"><c>light</c> or <c>dark</c>; null: as the browser prefers.</param>
/// <param name="BrowserZone">The browser's time zone as it told it (IANA, unchecked); null: it has not.</param>
internal sealed record Look(string Language, string? ChosenLanguage, string? ChosenTheme, string? BrowserZone)
{
    public const string Auto = "auto";
    public static readonly string[] Languages = ["zh", "en"];
    public static readonly string[] Themes = ["light", "dark"];

    private const string Cookie = "larkspur-look";

    /// <summary>Set by the console's script: only the browser knows its zone.</summary>
    private const string ZoneCookie = "larkspur-zone";

    public static Look Of(HttpContext http)
    {
        var account = ConsoleGate.SessionOf(http)?.Account;
        var kept = http.Request.Cookies[Cookie]?.Split('.') ?? [];
        var language = account is not null ? account.Language : Languages.FirstOrDefault(kept.Contains);
        var theme = account is not null ? account.Theme : Themes.FirstOrDefault(kept.Contains);
        return new Look(language ?? Preferred(http.Request), language, theme, http.Request.Cookies[ZoneCookie]);
    }

    public static void Keep(HttpContext http, string? language, string? theme) => http.Response.Cookies.Append(Cookie, $"{language ?? Auto}.{theme ?? Auto}", new CookieOptions
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = LogIn.SessionCookie.IsSecure(http.Request), Path = ConsolePaths.Root, MaxAge = TimeSpan.FromDays(365),
    });

    /// <summary>The first language of the browser that we have.</summary>
    private static string Preferred(HttpRequest request)
    {
        var wanted = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.Value ?? "");
        foreach (var tag in wanted)
        {
            if (tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) return "zh";
            if (tag.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return "en";
        }

        return "en";
    }
}
