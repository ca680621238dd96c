using System.Text;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Authorizations.Page;

/// <summary>The pages below <c>/authorizations</c>: one question and its answer, and what a person has allowed until now.</summary>
internal sealed partial class AuthorizationPages(AuthorizationStore store, AuthorizationErrand errand, ClientConsents consents,
    SignInSessions sessions, IIdentities identities, SignInPage page, OwnAddress own, ILogger<AuthorizationPages> logger)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(AuthorizationPaths.Root, (HttpContext http, AuthorizationPages on) => on.ListAsync(http)).ExcludeFromDescription();
        routes.MapPost(AuthorizationPaths.Root, (HttpContext http, AuthorizationPages on) => on.WithdrawAsync(http))
            .ExcludeFromDescription();
        routes.MapGet(AuthorizationPaths.Root + "/{id}", (string id, HttpContext http, AuthorizationPages on) => on.ShowAsync(http, id))
            .ExcludeFromDescription();
        routes.MapPost(AuthorizationPaths.Root + "/{id}", (string id, HttpContext http, AuthorizationPages on) => on.AnswerAsync(http, id))
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
            <ul class="plain">{Items(row, language)}</ul>
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
            if (decision == "allow") Go(http, (await errand.BeginAsync(http, row, http.RequestAborted)).AbsoluteUri);
            else if (decision == "refuse") await RefuseAsync(http, row);
            else Go(http, AuthorizationPaths.Of(id));
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
            Go(http, SignInPaths.To(AuthorizationPaths.Of(row.Id)));
            return;
        }

        var person = await identities.FindAsync(session.Person, http.RequestAborted);
        if (!FeishuOpenIds.Of(person).Contains(FeishuOpenIds.Of(row.App, row.OpenId)))
        {
            Go(http, AuthorizationPaths.WithProblem(row.Id, AuthorizationPaths.NotAsked));
            return;
        }

        await store.DecideAsync(Actor.Person(session.Person, SignInFlow.AddressOf(http)), row.Id, given: false, null,
            http.RequestAborted);
        Go(http, AuthorizationPaths.Of(row.Id));
    }

    private async Task ListAsync(HttpContext http)
    {
        if (await sessions.OfRequestAsync(http, http.RequestAborted) is not { } session)
        {
            Go(http, SignInPaths.To(AuthorizationPaths.Root));
            return;
        }

        var language = SignInPage.Language(http.Request);
        var html = new StringBuilder();
        foreach (var row in await OwnAsync(session, http.RequestAborted))
        {
            html.Append($"<li><p><strong>{Of(AuthorizationHolders.NameOf(row.Holder), language)}</strong><br>")
                .Append($"{Of(AuthorizationTexts.ListReason(row.Reason), language)}</p><ul class=\"plain\">{Items(row, language)}</ul>");
            html.Append(!row.IsGiven ? Answer(row, language) : Withdraw("id", row.Id, language)).Append("</li>");
        }

        foreach (var consent in await consents.OfPersonAsync(session.Person, http.RequestAborted))
        {
            html.Append($"<li><p><strong>{SignInPage.Text(consent.ClientName)}</strong><br>")
                .Append($"{Of(AuthorizationTexts.ListClient, language)}</p>").Append(Withdraw("client", consent.Client, language))
                .Append("</li>");
        }

        var body = html.Length == 0 ? $"<p>{Of(AuthorizationTexts.ListNone, language)}</p>"
            : $"<p>{Of(AuthorizationTexts.ListText, language)}</p><ul class=\"grants\">{html}</ul>";
        await page.WriteAsync(http, AuthorizationTexts.ListTitle.In(language),
            $"{body}<p><a href=\"{SignInPaths.Root}\">{Of(AuthorizationTexts.ListBack, language)}</a></p>");
    }

    /// <summary>Takes back what the signed-in person allowed, and nothing of anybody else's.</summary>
    private async Task WithdrawAsync(HttpContext http)
    {
        if (SameSite.IsOwn(http.Request, own) && http.Request.HasFormContentType
            && await sessions.OfRequestAsync(http, http.RequestAborted) is { } session)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var who = Actor.Person(session.Person, SignInFlow.AddressOf(http));
            if (form["id"] is [{ Length: > 0 } id]
                && (await OwnAsync(session, http.RequestAborted)).FirstOrDefault(a => a.Id == id) is { } row)
                await store.EndAsync(who, row, AuthorizationEnds.Withdrawn, http.RequestAborted);
            if (form["client"] is [{ Length: > 0 } client])
                await consents.WithdrawAsync(who, session.Person, client, http.RequestAborted);
        }

        Go(http, AuthorizationPaths.Root);
    }

    /// <summary>What the person allows, or is asked, by any account that is theirs.</summary>
    private async Task<IReadOnlyList<UserAuthorization>> OwnAsync(SignInSession session, CancellationToken cancellation)
    {
        var person = await identities.FindAsync(session.Person, cancellation);
        var rows = new List<UserAuthorization>();
        foreach (var id in FeishuOpenIds.Of(person))
            rows.AddRange(await store.OpenAsync(id.Scope, id.Value, cancellation));
        return [.. rows.Where(r => r.IsGiven || r.IsOpenAt(store.Now))];
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

    private static string Answer(UserAuthorization row, Language language) =>
        $"<p><a class=\"button\" href=\"{AuthorizationPaths.Of(row.Id)}\">{Of(AuthorizationTexts.ListAnswer, language)}</a></p>";

    private static string Withdraw(string field, string value, Language language) => $"""
        <form method="post" action="{AuthorizationPaths.Root}"><input type="hidden" name="{field}" value="{SignInPage.Text(value)}">
        <button class="button">{Of(AuthorizationTexts.ListWithdraw, language)}</button></form>
        """;

    private static string Items(UserAuthorization row, Language language) =>
        string.Concat(row.Scopes.Select(s => AuthorizationTexts.FindScope(s) is { } known
            ? $"<li>{Of(known, language)}<br><small class=\"soft\"><code>{SignInPage.Text(s)}</code></small></li>"
            : $"<li><code>{SignInPage.Text(s)}</code></li>"));

    private static string Of(LocalText text, Language language) => SignInPage.Text(text, language);

    private static void Go(HttpContext http, string to)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = to;
    }

    [LoggerMessage(LogLevel.Warning, "The authorization {Id} could not be begun: {Why}")]
    private partial void NotBegun(string id, string why);
}
