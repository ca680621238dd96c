using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console.SignIn;

/// <summary>From the company's sign-in into the console: <c>/console/sign-in</c>.</summary>
/// <remarks>
/// The console's cookie is one that no other site's navigation carries (SameSite=Strict), and whoever comes here comes from the platform's
/// site: so the answer is a page that goes on by itself, not a redirect.
/// </remarks>
internal sealed class ConsoleSignIn(
    SignInSessions signIns, SignedInAccounts accounts, LogInPageService logIn, Sessions sessions, IIdentities identities, SignInPage page,
    OwnAddress address, TimeProvider clock)
{
    /// <summary>How old the proof may be: whoever signed in to something else a day ago proves it again for the console.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(8);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ConsolePaths.SignIn, (HttpContext http, ConsoleSignIn on) => on.EnterAsync(http)).ExcludeFromDescription();
        routes.MapPost(ConsolePaths.SignIn, (HttpContext http, ConsoleSignIn on) => on.ConfirmAsync(http)).ExcludeFromDescription();
    }

    /// <summary>They say that it was them who asked in the console: a link alone, which anybody can send, confirms nothing.</summary>
    private async Task ConfirmAsync(HttpContext http)
    {
        if (SameSite.IsOwn(http.Request, address) && await signIns.OfRequestAsync(http, http.RequestAborted) is { } session
            && clock.GetUtcNow() - session.AuthTime < SessionProof.Lasts && await sessions.ConfirmSignInAsync(session, http.RequestAborted))
            await WriteAsync(http, RoleRuleTexts.Confirmed, null);
        else await RefuseAsync(http, RoleRuleTexts.NotConfirmed);
    }

    private async Task EnterAsync(HttpContext http)
    {
        var cancellation = http.RequestAborted;
        var back = ConsolePaths.Within(http.Request.Query["back"]);
        var confirms = http.Request.Query["confirm"] == "1";
        var own = ConsolePaths.SignIn + "?back=" + Uri.EscapeDataString(back) + (confirms ? "&confirm=1" : "");
        var session = await signIns.OfRequestAsync(http, cancellation);
        if (session is null || clock.GetUtcNow() - session.AuthTime > Fresh)
        {
            http.Response.Redirect(SignInPaths.To(own, again: session is not null));
            return;
        }

        if (confirms)
        {
            await AskAsync(http);
            return;
        }

        var person = await identities.FindAsync(session.Person, cancellation);
        var told = await signIns.ContextAsync(session.Sid, cancellation);
        Account? account = null;
        try
        {
            if (person is not null && told is not null) account = await accounts.OfAsync(person, session, told, cancellation);
        }
        catch (AccountRefusedException e)
        {
            await RefuseAsync(http, e.Sentence);
            return;
        }

        if (account is null)
        {
            await RefuseAsync(http, told is { GroupsAreUnknown: true } ? RoleRuleTexts.GroupsUnknown
                : RoleRuleTexts.NotAdmitted(person?.Name ?? session.Person));
            return;
        }

        Admission admission;
        try
        {
            admission = await logIn.AdmitAsync(account.Name, Visit.Of(http) with { SignIn = session.Sid, ProvedAt = session.AuthTime },
                cancellation);
        }
        catch (SignInEndedException)
        {
            http.Response.Redirect(SignInPaths.To(own));
            return;
        }

        if (admission.Next == LogInStep.Inside)
        {
            SessionCookie.Write(http, admission.Token);
            await WriteAsync(http, RoleRuleTexts.GoingOn, back);
            return;
        }

        PendingCookie.Write(http, admission.Token);
        var step = LogInEndpoints.PageOf(admission.Next);
        await WriteAsync(http, RoleRuleTexts.GoingOn, back == ConsolePaths.Root ? step : $"{step}?back={Uri.EscapeDataString(back)}");
    }

    private Task AskAsync(HttpContext http)
    {
        var language = SignInPage.Language(http.Request);
        return page.WriteAsync(http, RoleRuleTexts.ConfirmTitle.In(language),
            $"<p>{SignInPage.Text(RoleRuleTexts.ConfirmQuestion, language)}</p><form method=\"post\" action=\"{ConsolePaths.SignIn}\">"
            + $"<button class=\"button primary\">{SignInPage.Text(RoleRuleTexts.ConfirmYes, language)}</button></form>");
    }

    private Task RefuseAsync(HttpContext http, LocalText why)
    {
        var language = SignInPage.Language(http.Request);
        var body = $"<p class=\"alert\" role=\"alert\">{SignInPage.Text(why, language)}</p><div class=\"row\">"
            + $"<form method=\"post\" action=\"{SignInPaths.SignOut}\"><button class=\"button\">"
            + $"{SignInPage.Text(RoleRuleTexts.SignOut, language)}</button></form>"
            + $"<a class=\"button\" href=\"{ConsolePaths.LogIn}\">{SignInPage.Text(RoleRuleTexts.OtherWays, language)}</a></div>";
        return page.WriteAsync(http, RoleRuleTexts.NotAdmittedTitle.In(language), body, null, StatusCodes.Status403Forbidden);
    }

    private Task WriteAsync(HttpContext http, LocalText text, string? next)
    {
        var language = SignInPage.Language(http.Request);
        var body = next is null ? ""
            : $"<p><a class=\"button primary\" href=\"{SignInPage.Text(next)}\">{SignInPage.Text(RoleRuleTexts.GoOn, language)}</a></p>";
        if (next is not null) http.Response.Headers["Refresh"] = "0; url=" + next;
        return page.WriteAsync(http, text.In(language), body);
    }
}
