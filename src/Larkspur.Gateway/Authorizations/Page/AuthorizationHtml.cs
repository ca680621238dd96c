using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.SignIn.Page;

namespace Larkspur.Gateway.Authorizations.Page;

/// <summary>What both pages of authorizations show.</summary>
internal static class AuthorizationHtml
{
    /// <summary>The scopes, as items of a list.</summary>
    public static string Items(UserAuthorization row, Language language) =>
        string.Concat(row.Scopes.Select(s => AuthorizationTexts.FindScope(s) is { } known
            ? $"<li>{SignInPage.Text(known, language)}<br><small class=\"soft\"><code>{SignInPage.Text(s)}</code></small></li>"
            : $"<li><code>{SignInPage.Text(s)}</code></li>"));
}
