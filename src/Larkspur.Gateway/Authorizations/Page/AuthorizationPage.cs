using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Authorizations.Page;

/// <summary>The page <c>/authorizations/{id}</c>: one question, and its answer.</summary>
internal sealed partial class AuthorizationPage(AuthorizationStore store, AuthorizationErrand errand,
    SignInSessions sessions, IIdentities identities, SignInPage page, OwnAddress own, ILogger<AuthorizationPage> logger)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(AuthorizationPaths.Root + "/{id}", (string id, HttpContext http, AuthorizationPage on) => on.ShowAsync(http, id))
            .ExcludeFromDescription();
        routes.MapPost(AuthorizationPaths.Root + "/{id}", (string id, HttpContext http, AuthorizationPage on) => on.AnswerAsync(http, id))
            .ExcludeFromDescription();
    }

    private async Task ShowAsync(HttpContext http, string id)
    {
        var row = UserAuthorization.IsId(id) ? await store.FindAsync(id, http.RequestAborted) : null;
        if (row is null)
        {
            await WriteAsync(http, AuthorizationTexts.GoneTitle, AuthorizationTexts.GoneText, "", StatusCodes.Status404NotFound);
            return;
        }

        var language = SignInPage.Language(http.Request);
        switch (row.StateAt(store.Now))
        {
            case AuthorizationStates.Waiting:
                await AskAsync(http, row, language);
                return;
            case AuthorizationStates.Given:
                await WriteAsync(http, AuthorizationTexts.GivenTitle, AuthorizationTexts.GivenText, ToList(language));
                return;
            case AuthorizationStates.Refused:
                await WriteAsync(http, AuthorizationTexts.RefusedTitle, AuthorizationTexts.RefusedText,
                    row.IsOpenAt(store.Now) ? AllowAfterAll(row, language) : "", formsLeave: true);
                return;
            case AuthorizationStates.Expired:
                await WriteAsync(http, AuthorizationTexts.ExpiredTitle, AuthorizationTexts.ExpiredText, "");
                return;
            default:
                await WriteAsync(http, AuthorizationTexts.EndedTitle, AuthorizationTexts.EndedText, ToList(language));
                return;
        }
    }

    private Task AskAsync(HttpContext http, UserAuthorization row, Language language)
    {
        var holder = AuthorizationHolders.NameOf(row.Holder);
        var problem = AuthorizationTexts.FindProblem(http.Request.Query[AuthorizationPaths.Problem]) is { } told
            ? $"<p class=\"alert\" role=\"alert\">{Of(told, language)}</p>" : "";
        // The form's answer leads to the platform's page, which the page's policy has to let it.
        return page.WriteAsync(http, AuthorizationTexts.AskTitle(holder).In(language), $"""
            {problem}<p>{Of(AuthorizationTexts.AskText(holder, row.Reason), language)}</p>
            <ul class="plain">{AuthorizationHtml.Items(row, language)}</ul>
            <p class="soft">{Of(AuthorizationTexts.AskNote, language)}</p>
            <form method="post" action="{AuthorizationPaths.Of(row.Id)}">
            <p class="row">
            <button class="button primary" type="submit" name="decision" value="allow">{Of(AuthorizationTexts.AskYes, language)}</button>
            <button class="button" type="submit" name="decision" value="refuse">{Of(AuthorizationTexts.AskNo, language)}</button>
            </p>
            </form>
            """, new PageOptions { FormsLeave = true });
    }

    private async Task AnswerAsync(HttpContext http, string id)
    {
        if (!SameSite.IsOwn(http.Request, own) || !http.Request.HasFormContentType || !UserAuthorization.IsId(id)
            || await store.FindAsync(id, http.RequestAborted) is not { } row || !row.IsOpenAt(store.Now))
        {
            await ShowAsync(http, id);
            return;
        }

        var decision = (await http.Request.ReadFormAsync(http.RequestAborted))["decision"].ToString();
        try
        {
            if (decision == "allow") SignInPage.Go(http, (await errand.BeginAsync(http, row, http.RequestAborted)).AbsoluteUri);
            else if (decision == "refuse") await RefuseAsync(http, row);
            else SignInPage.Go(http, AuthorizationPaths.Of(id));
        }
        catch (SignInRefusedException e)
        {
            NotBegun(id, e.Message);
            await WriteAsync(http, AuthorizationTexts.AwayTitle, AuthorizationTexts.AwayText, "", StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>A no holds for days, so it is taken from the person alone: whoever is not signed in as them signs in first.</summary>
    private async Task RefuseAsync(HttpContext http, UserAuthorization row)
    {
        if (await sessions.OfRequestAsync(http, http.RequestAborted) is not { } session)
        {
            SignInPage.Go(http, SignInPaths.To(AuthorizationPaths.Of(row.Id)));
            return;
        }

        var person = await identities.FindAsync(session.Person, http.RequestAborted);
        if (!FeishuOpenIds.Of(person).Contains(FeishuOpenIds.Of(row.App, row.OpenId)))
        {
            SignInPage.Go(http, AuthorizationPaths.WithProblem(row.Id, AuthorizationPaths.NotAsked));
            return;
        }

        await store.DecideAsync(Actor.Person(session.Person, SignInFlow.AddressOf(http)), row.Id, given: false, null,
            http.RequestAborted);
        SignInPage.Go(http, AuthorizationPaths.Of(row.Id));
    }

    private Task WriteAsync(HttpContext http, LocalText title, LocalText text, string more, int status = 200, bool formsLeave = false)
    {
        var language = SignInPage.Language(http.Request);
        return page.WriteAsync(http, title.In(language), $"<p role=\"status\">{Of(text, language)}</p>{more}",
            new PageOptions { FormsLeave = formsLeave }, status);
    }

    private static string ToList(Language language) =>
        $"<p><a href=\"{AuthorizationPaths.Root}\">{Of(AuthorizationTexts.ListLink, language)}</a></p>";

    private static string AllowAfterAll(UserAuthorization row, Language language) => $"""
        <form method="post" action="{AuthorizationPaths.Of(row.Id)}"><p class="row">
        <button class="button" type="submit" name="decision" value="allow">{Of(AuthorizationTexts.RefusedAllow, language)}</button>
        </p></form>
        """;

    private static string Of(LocalText text, Language language) => SignInPage.Text(text, language);

    [LoggerMessage(LogLevel.Warning, "The authorization {Id} could not be begun: {Why}")]
    private partial void NotBegun(string id, string why);
}
