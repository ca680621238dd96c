using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Logout;

/// <summary>A client has a person sign out (OpenID Connect RP-Initiated Logout). Without an id_token of theirs they are asked
/// first.</summary>
internal sealed class LogoutEndpoint(IDatabase database, SignInSessions sessions, SignInPage page, Sealing seals, ProviderTokens tokens,
    OwnAddress own, TimeProvider clock)
{
    private const int LongestState = 2000;

    public async Task ServeAsync(HttpContext http)
    {
        var cancellation = http.RequestAborted;
        var sent = await SentAsync(http, cancellation);
        var session = await sessions.OfRequestAsync(http, cancellation);
        if (HttpMethods.IsPost(http.Request.Method) && sent["note"] is { } text)
        {
            // The page's own form. Who has meanwhile signed in as somebody else is asked anew.
            if (seals.Open(text) is { Kind: SealedNote.Logout } note && (session is null || session.Sid == note.Sid))
                await EndAsync(http, session, note.Text.Length == 0 ? null : note.Text, note.State);
            else
                await AskAsync(http, session, null, null, null);
            return;
        }

        var hint = sent["id_token_hint"] is { } shown
            ? await tokens.ReadHintAsync(shown, OwnAddress.Text(own.Of(http.Request)), cancellation) : null;
        // A form that another site posts brings no cookie along: the session is the one that the token names.
        if (session is null && hint?.Sid is { } sid && HttpMethods.IsPost(http.Request.Method))
            session = await database.ReadAsync(sql => sessions.FindAsync(sql, sid), cancellation);
        var isHintWrong = sent["id_token_hint"] is not null
            && (hint is null || (sent["client_id"] is { } named && named != hint.Client));
        var client = isHintWrong || sent.Repeated is not null ? null
            : await database.ReadAsync(sql => OidcClient.FindAsync(sql, hint?.Client ?? sent["client_id"]), cancellation);
        var wanted = sent["post_logout_redirect_uri"];
        var back = client?.Settings.PostLogoutRedirectUris.FirstOrDefault(r => r == wanted);
        var state = sent["state"] is { Length: <= LongestState } given ? given : null;
        var trouble = isHintWrong ? OpenIdTexts.WrongHint : (wanted is not null && back is null) || sent.Repeated is not null
            ? OpenIdTexts.WrongReturn : null;
        // The person's own id_token says that they mean it.
        if (trouble is null && (session is null || (hint is not null && session.Person == hint.Person)))
            await EndAsync(http, session, back, state);
        else
            await AskAsync(http, session, back, state, trouble);
    }

    private async Task EndAsync(HttpContext http, SignInSession? session, string? back, string? state)
    {
        if (session is not null)
        {
            var who = Actor.Person(session.Person, http.Connection.RemoteIpAddress?.ToString());
            await database.TransactAsync(async unit => { await sessions.EndAsync(unit, who, [session], "signed_out"); },
                http.RequestAborted);
        }

        SignInCookie.Delete(http);
        if (back is null)
        {
            await TellAsync(http, OpenIdTexts.SignedOut, OpenIdTexts.SignedOutSentence, StatusCodes.Status200OK);
            return;
        }

        SignInPage.Go(http, state is null ? back
            : back + (back.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "state=" + Uri.EscapeDataString(state));
    }

    private async Task AskAsync(HttpContext http, SignInSession? session, string? back, string? state, LocalText? trouble)
    {
        if (session is null)
        {
            await TellAsync(http, OpenIdTexts.SignedOut, trouble ?? OpenIdTexts.SignedOutSentence,
                trouble is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
            return;
        }

        var language = SignInPage.Language(http.Request);
        var note = seals.Seal(new SealedNote(SealedNote.Logout, clock.GetUtcNow().ToUnixTimeMilliseconds(), back ?? "", session.Sid,
            State: state));
        await page.WriteAsync(http, OpenIdTexts.SignOut.In(language), $"""
            {(trouble is null ? "" : $"<p class=\"alert\" role=\"alert\">{SignInPage.Text(trouble, language)}</p>")}
            <p>{SignInPage.Text(OpenIdTexts.SignOutSentence, language)}</p>
            <form method="post" action="{OpenIdPaths.Logout}">
            <input type="hidden" name="note" value="{note}">
            <button class="button primary" type="submit">{SignInPage.Text(OpenIdTexts.SignOutButton, language)}</button>
            </form>
            """, new PageOptions { FormsLeave = back is not null },
            trouble is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private Task TellAsync(HttpContext http, LocalText title, LocalText sentence, int status)
    {
        var language = SignInPage.Language(http.Request);
        return page.WriteAsync(http, title.In(language), $"<p>{SignInPage.Text(sentence, language)}</p>", status: status);
    }

    private static async Task<Parameters> SentAsync(HttpContext http, CancellationToken cancellation)
    {
        try
        {
            return HttpMethods.IsPost(http.Request.Method) && await Parameters.OfFormAsync(http.Request, cancellation) is { } form ? form
                : Parameters.OfQuery(http.Request);
        }
        catch (OAuthRefusedException)
        {
            // Too much of it: the person is asked as if nothing had been said.
            return Parameters.OfQuery("");
        }
    }
}
