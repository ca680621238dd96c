using System.Text;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Authorizations.Page;

/// <summary>The page <c>/authorizations</c>: what a person allows or is asked, with the systems that they sign in to; and taking it
/// back.</summary>
internal sealed class OwnAuthorizationsPage(AuthorizationStore store, ClientConsents consents, SignInSessions sessions,
    IIdentities identities, SignInPage page, OwnAddress own)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(AuthorizationPaths.Root, (HttpContext http, OwnAuthorizationsPage on) => on.ListAsync(http)).ExcludeFromDescription();
        routes.MapPost(AuthorizationPaths.Root, (HttpContext http, OwnAuthorizationsPage on) => on.WithdrawAsync(http))
            .ExcludeFromDescription();
    }

    private async Task ListAsync(HttpContext http)
    {
        if (await sessions.OfRequestAsync(http, http.RequestAborted) is not { } session)
        {
            SignInPage.Go(http, SignInPaths.To(AuthorizationPaths.Root));
            return;
        }

        var language = SignInPage.Language(http.Request);
        var html = new StringBuilder();
        foreach (var row in await OwnAsync(session, http.RequestAborted))
        {
            html.Append($"<li><p><strong>{Of(AuthorizationHolders.NameOf(row.Holder), language)}</strong><br>")
                .Append($"{Of(AuthorizationTexts.ListReason(row.Reason), language)}</p>")
                .Append($"<ul class=\"plain\">{AuthorizationHtml.Items(row, language)}</ul>");
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

        SignInPage.Go(http, AuthorizationPaths.Root);
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

    private static string Answer(UserAuthorization row, Language language) =>
        $"<p><a class=\"button\" href=\"{AuthorizationPaths.Of(row.Id)}\">{Of(AuthorizationTexts.ListAnswer, language)}</a></p>";

    private static string Withdraw(string field, string value, Language language) => $"""
        <form method="post" action="{AuthorizationPaths.Root}"><input type="hidden" name="{field}" value="{SignInPage.Text(value)}">
        <button class="button">{Of(AuthorizationTexts.ListWithdraw, language)}</button></form>
        """;

    private static string Of(LocalText text, Language language) => SignInPage.Text(text, language);
}
