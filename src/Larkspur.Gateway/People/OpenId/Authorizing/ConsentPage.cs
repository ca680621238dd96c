using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.SignIn.Page;

namespace Larkspur.Gateway.People.OpenId.Authorizing;

/// <summary>Asks people what a client may know of them, and tells those who may not use it.</summary>
internal sealed class ConsentPage(SignInPage page)
{
    public Task AskAsync(HttpContext http, OidcClient client, IEnumerable<string> scopes, string note, string redirect)
    {
        var language = SignInPage.Language(http.Request);
        var items = string.Concat(scopes.Select(TextOf).OfType<LocalText>().Select(t => $"<li>{SignInPage.Text(t, language)}</li>"));
        var (allow, deny) = (SignInPage.Text(OpenIdTexts.Allow, language), SignInPage.Text(OpenIdTexts.Deny, language));
        // The client's form post goes on to another site, which the page's policy has to let it.
        return page.WriteAsync(http, OpenIdTexts.Consent(client.Name).In(language), $"""
            <p>{SignInPage.Text(OpenIdTexts.ConsentSentence, language)}</p>
            <p class="soft">{SignInPage.Text(OpenIdTexts.ConsentGoesTo(HostOf(redirect)), language)}</p>
            <ul class="plain">{items}</ul>
            <form method="post" action="{OpenIdPaths.Consent}">
            <input type="hidden" name="note" value="{note}">
            <p class="row">
            <button class="button primary" type="submit" name="decision" value="allow">{allow}</button>
            <button class="button" type="submit" name="decision" value="deny">{deny}</button>
            </p>
            </form>
            """, new PageOptions { FormsLeave = true });
    }

    public Task DenyAsync(HttpContext http, OidcClient client, string back)
    {
        var language = SignInPage.Language(http.Request);
        return page.WriteAsync(http, OpenIdTexts.NotAllowed(client.Name).In(language), $"""
            <p>{SignInPage.Text(OpenIdTexts.NotAllowedSentence, language)}</p>
            <p><a href="{SignInPage.Text(back)}">{SignInPage.Text(OpenIdTexts.Back(client.Name), language)}</a></p>
            """, status: StatusCodes.Status403Forbidden);
    }

    /// <summary>Its name is whatever somebody called it; the address is where the person goes.</summary>
    private static string HostOf(string redirect) => new Uri(redirect) is { Host.Length: > 0 } address ? address.Authority : redirect;

    private static LocalText? TextOf(string scope) => scope switch
    {
        OpenIdScopes.OpenId => OpenIdTexts.ScopeOpenId,
        OpenIdScopes.Profile => OpenIdTexts.ScopeProfile,
        OpenIdScopes.Email => OpenIdTexts.ScopeEmail,
        OpenIdScopes.Phone => OpenIdTexts.ScopePhone,
        OpenIdScopes.Groups => OpenIdTexts.ScopeGroups,
        OpenIdScopes.OfflineAccess => OpenIdTexts.ScopeOffline,
        _ => null,
    };
}
