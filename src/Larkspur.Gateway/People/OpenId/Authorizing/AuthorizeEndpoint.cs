using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;
using Larkspur.Gateway.People.OpenId.Tokens;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Authorizing;

/// <summary>Where browsers come to with a client's request, and leave with a code.</summary>
internal sealed class AuthorizeEndpoint(IDatabase database, SignInSessions sessions, SignInPage page, ConsentPage consents, Sealing seals,
    ProviderTokens tokens, PersonClaims people, OwnAddress own, TimeProvider clock)
{
    /// <summary>Longer first lines the server does not take.</summary>
    private const int LongestQuery = 7000;

    private const string Marker = "asked";

    public async Task ServeAsync(HttpContext http)
    {
        var cancellation = http.RequestAborted;
        AuthorizeRequest? begun = null;
        try
        {
            var sent = HttpMethods.IsPost(http.Request.Method)
                ? await Parameters.OfFormAsync(http.Request, cancellation) : Parameters.OfQuery(http.Request);
            begun = sent is null ? null : await BeginAsync(sent, cancellation);
            if (begun is null)
            {
                await RefuseAsync(http);
                return;
            }

            begun = begun with { State = AuthorizeRequest.StateOf(sent!) };
            await GoOnAsync(http, AuthorizeRequest.Read(begun, sent!), sent!);
        }
        catch (OAuthRefusedException e)
        {
            if (begun is null) await RefuseAsync(http);
            else Answer(http, begun, ("error", e.Error), ("error_description", e.Message));
        }
    }

    /// <summary>The form of the consent page.</summary>
    public async Task DecideAsync(HttpContext http)
    {
        var cancellation = http.RequestAborted;
        var form = await FormAsync(http, cancellation);
        if (form is null || seals.Open(form["note"]) is not { Kind: SealedNote.Consent } note
            || await sessions.OfRequestAsync(http, cancellation) is not { } session || session.Sid != note.Sid)
        {
            await TellAsync(http, OpenIdTexts.TooLate, OpenIdTexts.TooLateSentence);
            return;
        }

        var sent = Parameters.OfQuery(note.Text);
        if (await BeginAsync(sent, cancellation) is not { } begun)
        {
            await RefuseAsync(http);
            return;
        }

        try
        {
            var request = AuthorizeRequest.Read(begun with { State = AuthorizeRequest.StateOf(sent) }, sent);
            if (!await people.MaySignInAsync(session.Person, request.Client.Settings, cancellation))
                throw new OAuthRefusedException("access_denied", "The person may not use this client.");
            if (form["decision"] == "allow") await GiveAsync(http, request, session, consented: true);
            else Answer(http, request, ("error", "access_denied"), ("error_description", "The person did not allow it."));
        }
        catch (OAuthRefusedException e)
        {
            Answer(http, begun, ("error", e.Error), ("error_description", e.Message));
        }
    }

    /// <summary>The client, and an address of its own; null: nobody may be sent anywhere.</summary>
    private async Task<AuthorizeRequest?> BeginAsync(Parameters sent, CancellationToken cancellation)
    {
        if (sent.IsRepeated("client_id") || sent.IsRepeated("redirect_uri") || sent["redirect_uri"] is not { } redirect) return null;
        var client = await database.ReadAsync(sql => OidcClient.FindAsync(sql, sent["client_id"]), cancellation);
        return client is { IsEnabled: true } && RedirectAddresses.Match(client.Settings.RedirectUris, redirect)
            ? new AuthorizeRequest { Client = client, RedirectUri = redirect } : null;
    }

    private async Task GoOnAsync(HttpContext http, AuthorizeRequest request, Parameters sent)
    {
        var cancellation = http.RequestAborted;
        var issuer = OwnAddress.Text(own.Of(http.Request));
        var note = seals.Open(sent[Marker]) is { Kind: SealedNote.Asked } asked && asked.Text == HashOf(request.Query()) ? asked : null;
        var expected = note?.Person;
        if (sent["id_token_hint"] is { } hint)
        {
            expected = await tokens.ReadHintAsync(hint, issuer, cancellation) is { } read && read.Client == request.Client.Id ? read.Person
                : throw new OAuthRefusedException("invalid_request", "The id_token_hint is no id_token of this client.");
        }

        var session = await sessions.OfRequestAsync(http, cancellation);
        if (session is null && HttpMethods.IsPost(http.Request.Method) && sent.Query() is { Length: < LongestQuery } query)
        {
            // A form that another site posts brings no cookie along; an address does.
            SignInPage.Go(http, $"{OpenIdPaths.Authorize}?{query}");
            return;
        }

        var isOther = session is not null && expected is not null && session.Person != expected;
        // Whoever comes back from the page proved it after they were sent there, or did not.
        var isFresh = session is not null && note is not null && session.AuthTime.ToUnixTimeMilliseconds() >= note.At;
        if (isOther && isFresh) throw new OAuthRefusedException("login_required", "Somebody else is signed in.");
        var isOld = session is not null && request.MaxAge is { } age && clock.GetUtcNow() - session.AuthTime > age;
        if (session is null || isOther || ((request.Again || isOld) && !isFresh))
        {
            if (request.IsSilent) throw new OAuthRefusedException("login_required", "Nobody is signed in as the request wants it.");
            SendToSignIn(http, request, expected, again: session is not null);
            return;
        }

        if (!await people.MaySignInAsync(session.Person, request.Client.Settings, cancellation))
        {
            if (request.IsSilent) throw new OAuthRefusedException("access_denied", "The person may not use this client.");
            await consents.DenyAsync(http, request.Client, AddressOf(http, request, ("error", "access_denied"),
                ("error_description", "The person may not use this client.")));
            return;
        }

        if (request.Asks || (!request.Client.Settings.Trusted && !await ConsentStore.HasAsync(database, session.Person, request,
            cancellation)))
        {
            if (request.IsSilent) throw new OAuthRefusedException("consent_required", "The person has to allow it.");
            await consents.AskAsync(http, request.Client, request.Scopes, seals.Seal(
                new SealedNote(SealedNote.Consent, clock.GetUtcNow().ToUnixTimeMilliseconds(), request.Query(), session.Sid)),
                request.RedirectUri);
            return;
        }

        await GiveAsync(http, request, session, consented: false);
    }

    private void SendToSignIn(HttpContext http, AuthorizeRequest request, string? expected, bool again)
    {
        var query = request.Query();
        var note = seals.Seal(new SealedNote(SealedNote.Asked, clock.GetUtcNow().ToUnixTimeMilliseconds(), HashOf(query),
            Person: expected));
        var back = $"{OpenIdPaths.Authorize}?{query}&{Marker}={note}";
        if (SignInPaths.Local(back) is null) throw new OAuthRefusedException("invalid_request",
            "State, nonce and addresses are too long together.");
        SignInPage.Go(http, SignInPaths.To(back, again) + (request.UiLocales is { Length: <= 40 } locales
            ? "&ui_locales=" + Uri.EscapeDataString(locales) : ""));
    }

    /// <summary>The address has the request in it already.</summary>
    private static string HashOf(string query) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(query)));

    private async Task GiveAsync(HttpContext http, AuthorizeRequest request, SignInSession session, bool consented)
    {
        var code = TokenText.Make(TokenText.Code);
        var row = new AuthorizationCode
        {
            Hash = TokenText.Hash(code), Client = request.Client.Id, Person = session.Person, Sid = session.Sid,
            RedirectUri = request.RedirectUri, Scopes = OpenIdScopes.Text(request.Scopes), Nonce = request.Nonce,
            Challenge = request.Challenge, AuthTime = session.AuthTime, ExpiresAt = clock.GetUtcNow() + AuthorizationCode.Life,
        };
        await database.TransactAsync(async unit =>
        {
            if (consented) await ConsentStore.GiveAsync(unit, session.Person, request, clock.GetUtcNow());
            await row.AddAsync(unit);
        }, http.RequestAborted);
        Answer(http, request, ("code", code));
    }

    /// <summary>Sends the browser back to the client.</summary>
    private void Answer(HttpContext http, AuthorizeRequest request, params (string Name, string Value)[] answer) =>
        SignInPage.Go(http, AddressOf(http, request, answer));

    private string AddressOf(HttpContext http, AuthorizeRequest request, params (string Name, string Value)[] answer)
    {
        var parts = answer.Append(("iss", OwnAddress.Text(own.Of(http.Request))));
        if (request.State is { } state) parts = parts.Append(("state", state));
        var query = string.Join('&', parts.Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2)}"));
        return request.RedirectUri + (request.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }

    /// <summary>Somebody wrote the request wrong, or leads people astray: nobody is sent anywhere.</summary>
    private Task RefuseAsync(HttpContext http) => TellAsync(http, OpenIdTexts.UnknownClient, OpenIdTexts.UnknownClientSentence);

    private Task TellAsync(HttpContext http, LocalText title, LocalText sentence)
    {
        var language = SignInPage.Language(http.Request);
        return page.WriteAsync(http, title.In(language), $"<p>{SignInPage.Text(sentence, language)}</p>", status: 400);
    }

    private static async Task<Parameters?> FormAsync(HttpContext http, CancellationToken cancellation)
    {
        try
        {
            return await Parameters.OfFormAsync(http.Request, cancellation);
        }
        catch (OAuthRefusedException)
        {
            // No form of ours is so large.
            return null;
        }
    }
}
