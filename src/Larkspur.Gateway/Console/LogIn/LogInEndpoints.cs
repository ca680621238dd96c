using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.Shell;
using Microsoft.AspNetCore.Antiforgery;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>The forms that need a request of their own, because they set cookies: log in, log out, the first account, how the console looks.</summary>
internal static class LogInEndpoints
{
    public static void MapLogIn(this IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup(ConsolePaths.Forms).ExcludeFromDescription().AddEndpointFilter<FormFilter>();
        forms.MapPost("/login", LogInAsync);
        forms.MapPost("/logout", LogOutAsync);
        forms.MapPost("/setup", SetUpAsync);
        forms.MapPost("/look", LookAsync);
    }

    private static async Task<IResult> LogInAsync(HttpContext http, LogInDesk desk, AddressLimit limit, KnownBrowser browsers, CancellationToken cancellation)
    {
        var form = http.Request.Form;
        var back = ConsolePaths.Within(form["back"]);
        var name = form["name"].ToString().Trim().ToLowerInvariant();
        var known = browsers.Find(http.Request, name);
        if (known is null ? !limit.Take(http.Connection.RemoteIpAddress) : !limit.TakeKnown(known)) return Again(ConsolePaths.LogIn, "too_many", back);
        if (await desk.LogInAsync(name, form["password"], Address(http), known is not null, cancellation) is not { } token) return Again(ConsolePaths.LogIn, "refused", back);
        SessionCookie.Write(http, token);
        browsers.Remember(http, name);
        return Results.LocalRedirect(back);
    }

    private static async Task<IResult> LogOutAsync(HttpContext http, LogInDesk desk, CancellationToken cancellation)
    {
        if (ConsoleGate.SessionOf(http) is { } session) await desk.LogOutAsync(session, Address(http), cancellation);
        SessionCookie.Delete(http);
        return Results.LocalRedirect(ConsolePaths.LogIn);
    }

    private static async Task<IResult> SetUpAsync(HttpContext http, AccountBook accounts, LogInDesk desk, AddressLimit limit, KnownBrowser browsers, CancellationToken cancellation)
    {
        if (!limit.Take(http.Connection.RemoteIpAddress)) return Again(ConsolePaths.Setup, "too_many", null);
        var form = http.Request.Form;
        try
        {
            var good = false;
            var made = await accounts.CreateFirstAsync(new Actor("console", Address(http)), form["name"], form["display_name"], form["password"],
                async unit => good = await SetupCodes.TakeAsync(unit, form["code"]), cancellation);
            if (made is null) return await accounts.IsEmptyAsync(cancellation) && !good ? Again(ConsolePaths.Setup, "wrong_code", null) : Results.LocalRedirect(ConsolePaths.LogIn);
            SessionCookie.Write(http, await desk.AdmitAsync(made.Name, Address(http), cancellation));
            browsers.Remember(http, made.Name);
            return Results.LocalRedirect(ConsolePaths.Welcome);
        }
        catch (AccountRefusedException e)
        {
            return Again(ConsolePaths.Setup, e.Word, null);
        }
    }

    /// <summary>Language and theme: kept with the account, and in a cookie for the pages before the log-in.</summary>
    private static async Task<IResult> LookAsync(HttpContext http, AccountBook accounts, CancellationToken cancellation)
    {
        var form = http.Request.Form;
        var look = Look.Of(http);
        var language = Word(form["language"], Look.Languages, look.ChosenLanguage);
        var theme = Word(form["theme"], Look.Themes, look.ChosenTheme);
        if (ConsoleGate.SessionOf(http) is { } session) await accounts.SetLookAsync(session.Account.Name, language, theme, cancellation);
        Look.Keep(http, language, theme);
        var back = form["back"].ToString();
        return Results.LocalRedirect(back is ConsolePaths.LogIn or ConsolePaths.Setup ? back : ConsolePaths.Within(back));

        // "auto" takes the choice back; what is absent stays.
        static string? Word(string? given, string[] known, string? before) => given == Look.Auto ? null : known.Contains(given) ? given : before;
    }

    private static IResult Again(string path, string problem, string? back) =>
        Results.LocalRedirect(path + "?problem=" + problem + (back is null or ConsolePaths.Root ? "" : "&back=" + Uri.EscapeDataString(back)));

    private static string? Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    /// <summary>A form of ours, small, with the token that our page carried: else 400, and nothing was done.</summary>
    private sealed class FormFilter(IAntiforgery antiforgery) : IEndpointFilter
    {
        private const int LargestForm = 8 << 10;

        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            var http = context.HttpContext;
            if (http.Request.ContentLength is not (>= 0 and <= LargestForm) || !http.Request.HasFormContentType) return Results.StatusCode(StatusCodes.Status400BadRequest);
            if (!await antiforgery.IsRequestValidAsync(http)) return Results.StatusCode(StatusCodes.Status400BadRequest);
            return await next(context);
        }
    }
}
