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
        forms.MapPost("/code", CodeAsync);
        forms.MapPost("/second-factor", SecondFactorAsync);
        forms.MapPost("/logout", LogOutAsync);
        forms.MapPost("/setup", SetUpAsync);
        forms.MapPost("/look", LookAsync);
    }

    /// <summary>The page of a log-in's step.</summary>
    public static string PageOf(LogInStep step) => step == LogInStep.Code ? ConsolePaths.Code : ConsolePaths.SetUpFactor;

    private static async Task<IResult> LogInAsync(HttpContext http, LogInPageService service, AddressLimit limit, KnownBrowser browsers,
        CancellationToken cancellation)
    {
        var form = http.Request.Form;
        var back = ConsolePaths.Within(form["back"]);
        var name = form["name"].ToString().Trim().ToLowerInvariant();
        var known = browsers.Find(http.Request, name);
        if (!MayTry(http, limit, known)) return Again(ConsolePaths.LogIn, "too_many", back);
        if (await service.LogInAsync(name, form["password"], Visit.Of(http), known is not null, cancellation) is not { } admission)
            return Again(ConsolePaths.LogIn, "refused", back);
        return Admit(http, browsers, name, admission, back);
    }

    /// <summary>The second step: a code of the app, or a recovery code.</summary>
    private static async Task<IResult> CodeAsync(
        HttpContext http, LogInPageService service, PendingLogIns pending, AddressLimit limit, KnownBrowser browsers,
        CancellationToken cancellation)
    {
        var form = http.Request.Form;
        var back = ConsolePaths.Within(form["back"]);
        if (await pending.OfTokenAsync(PendingCookie.Read(http.Request), cancellation) is not { } log) return Again(ConsolePaths.LogIn, "expired", back);
        if (!MayTry(http, limit, browsers.Find(http.Request, log.Account.Name))) return Again(ConsolePaths.Code, "too_many", back);
        if (await service.PassAsync(log, form["code"], Visit.Of(http), cancellation) is not { } token)
            return Again(ConsolePaths.Code, "refused", back);
        return Enter(http, browsers, log.Account.Name, token, back);
    }

    /// <summary>The second step of who has to set a second factor up: first its code, then the word that the recovery codes were kept.</summary>
    private static async Task<IResult> SecondFactorAsync(
        HttpContext http, LogInPageService service, PendingLogIns pending, AddressLimit limit, KnownBrowser browsers,
        CancellationToken cancellation)
    {
        var form = http.Request.Form;
        var back = ConsolePaths.Within(form["back"]);
        if (await pending.OfTokenAsync(PendingCookie.Read(http.Request), cancellation) is not { } log) return Again(ConsolePaths.LogIn, "expired", back);
        if (log.Step == LogInStep.Codes)
        {
            return await service.FinishAsync(log, Visit.Of(http), cancellation) is { } token
                ? Enter(http, browsers, log.Account.Name, token, back)
                : Again(ConsolePaths.LogIn, "expired", back);
        }

        if (!MayTry(http, limit, browsers.Find(http.Request, log.Account.Name))) return Again(ConsolePaths.SetUpFactor, "too_many", back);
        try
        {
            return await service.SetUpFactorAsync(log, form["code"], Visit.Of(http), cancellation) ? To(ConsolePaths.SetUpFactor, back)
                : Again(ConsolePaths.SetUpFactor, "refused", back);
        }
        catch (AccountRefusedException)
        {
            return To(ConsolePaths.Code, back);
        }
    }

    private static async Task<IResult> LogOutAsync(HttpContext http, LogInPageService service, CancellationToken cancellation)
    {
        if (ConsoleGate.SessionOf(http) is { } session) await service.LogOutAsync(session, Visit.Of(http).Address, cancellation);
        SessionCookie.Delete(http);
        PendingCookie.Delete(http);
        return Results.LocalRedirect(ConsolePaths.LogIn);
    }

    private static async Task<IResult> SetUpAsync(HttpContext http, AccountStore accounts, SetupCodes codes, LogInPageService service,
        AddressLimit limit, KnownBrowser browsers, CancellationToken cancellation)
    {
        if (!limit.Take(http.Connection.RemoteIpAddress)) return SetUpAgain(http.Request.Form, "too_many");
        var form = http.Request.Form;
        try
        {
            var good = false;
            var made = await accounts.CreateFirstAsync(new Actor("console", Visit.Of(http).Address), form["name"], form["display_name"], form["password"],
                async unit => good = await codes.TakeAsync(unit, form["code"]), cancellation);
            if (made is null)
            {
                return await accounts.IsEmptyAsync(cancellation) && !good
                    ? SetUpAgain(form, "wrong_code") : Results.LocalRedirect(ConsolePaths.LogIn);
            }


            codes.Forget();
            var admission = await service.AdmitAsync(made.Name, Visit.Of(http), cancellation);
            return Admit(http, browsers, made.Name, admission, ConsolePaths.Welcome);
        }
        catch (AccountRefusedException e)
        {
            return SetUpAgain(form, e.Word);
        }
    }

    /// <summary>With the names that were entered; the code and the password are nothing for an address.</summary>
    private static IResult SetUpAgain(IFormCollection form, string problem) =>
        Results.LocalRedirect(ConsolePaths.Setup + QueryString.Create((KeyValuePair<string, string?>[])
        [
            new("problem", problem), new("name", Cut(form["name"], 32)), new("display_name", Cut(form["display_name"], 60)),
        ]));

    private static string Cut(string? text, int most) => text is null ? "" : text.Length <= most ? text : text[..most];

    /// <summary>Language and theme: kept with the account, and in a cookie for the pages before the log-in.</summary>
    private static async Task<IResult> LookAsync(HttpContext http, AccountStore accounts, CancellationToken cancellation)
    {
        var form = http.Request.Form;
        var look = Look.Of(http);
        var language = Word(form["language"], Look.Languages, look.ChosenLanguage);
        var theme = Word(form["theme"], Look.Themes, look.ChosenTheme);
        if (ConsoleGate.SessionOf(http) is { } session) await accounts.SetLookAsync(session.Account.Name, language, theme, cancellation);
        Look.Keep(http, language, theme);
        var back = form["back"].ToString();
        // The pages before the log-in stay, without what they were told.
        var page = back.Split('?')[0];
        return Results.LocalRedirect(page is ConsolePaths.LogIn or ConsolePaths.Setup or ConsolePaths.Code or ConsolePaths.SetUpFactor ? page : ConsolePaths.Within(back));

        // "auto" takes the choice back; what is absent stays.
        static string? Word(string? given, string[] known, string? before) => given == Look.Auto ? null : known.Contains(given) ? given : before;
    }

    /// <summary>Known browsers have tries of their own.</summary>
    private static bool MayTry(HttpContext http, AddressLimit limit, string? known) => known is null ? limit.Take(http.Connection.RemoteIpAddress) : limit.TakeKnown(known);

    private static IResult Admit(HttpContext http, KnownBrowser browsers, string name, Admission admission, string back)
    {
        if (admission.Next == LogInStep.Inside) return Enter(http, browsers, name, admission.Token, back);
        PendingCookie.Write(http, admission.Token);
        return To(PageOf(admission.Next), back);
    }

    private static IResult Enter(HttpContext http, KnownBrowser browsers, string name, string token, string back)
    {
        PendingCookie.Delete(http);
        SessionCookie.Write(http, token);
        browsers.Remember(http, name);
        return Results.LocalRedirect(back);
    }

    private static IResult To(string path, string back) => Results.LocalRedirect(path + (back == ConsolePaths.Root ? "" : "?back=" + Uri.EscapeDataString(back)));

    private static IResult Again(string path, string problem, string? back) =>
        Results.LocalRedirect(path + "?problem=" + problem + (back is null or ConsolePaths.Root ? "" : "&back=" + Uri.EscapeDataString(back)));

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
