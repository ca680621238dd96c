using System.Text.Json.Nodes;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>Gives tokens for codes, and for refresh tokens.</summary>
internal sealed class TokenEndpoint(IDatabase database, ClientAuthentication authentication, TokenMaking making, SignInSessions sessions,
    PersonClaims people, FamilyEnds ends, SharedSecrets secrets, OwnAddress own, AuditTrail audit, TimeProvider clock)
{
    private const string SuccessorSecret = "openid refresh tokens";

    public Task ServeAsync(HttpContext http) => OAuthAnswers.RunAsync(http, async () =>
    {
        OAuthAnswers.AllowOrigins(http);
        var cancellation = http.RequestAborted;
        var form = await Parameters.OfFormAsync(http.Request, cancellation)
            ?? throw new OAuthRefusedException("invalid_request", "The body is not application/x-www-form-urlencoded.");
        if (form.Repeated is { } repeated) throw new OAuthRefusedException("invalid_request", $"{Plain(repeated)} stands there twice.");
        var client = await authentication.RequireAsync(http, form, cancellation);
        var issuer = OwnAddress.Text(own.Of(http.Request));
        var given = form["grant_type"] switch
        {
            "authorization_code" => await ExchangeAsync(client, form, issuer, cancellation),
            "refresh_token" => await RefreshAsync(client, form, issuer, cancellation),
            null => throw new OAuthRefusedException("invalid_request", "grant_type is missing."),
            _ => throw new OAuthRefusedException("unsupported_grant_type", "There are authorization_code and refresh_token."),
        };
        await http.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteString("access_token", given.Access);
            json.WriteString("token_type", "Bearer");
            json.WriteNumber("expires_in", given.ExpiresIn);
            if (given.Refresh is not null) json.WriteString("refresh_token", given.Refresh);
            json.WriteString("id_token", given.IdToken);
            json.WriteString("scope", given.Scopes);
        });
    });

    private async Task<GivenTokens> ExchangeAsync(OidcClient client, Parameters form, string issuer, CancellationToken cancellation)
    {
        if (form["code"] is not { } text) throw new OAuthRefusedException("invalid_request", "code is missing.");
        var code = await database.ReadAsync(sql => AuthorizationCode.FindAsync(sql, text), cancellation);
        if (code is null || code.Client != client.Id) throw Invalid("The code is unknown, or another client's.");
        if (code.UsedAt is not null) return await ReplayedAsync(client, code, cancellation);
        var now = clock.GetUtcNow();
        if (Problem(code, form, now) is { } problem)
        {
            // Whoever has the client's secret and not the rest has one try.
            await database.TransactAsync(unit => code.UseAsync(unit, null, now), cancellation);
            throw Invalid(problem);
        }

        if (!await people.MaySignInAsync(code.Person, client.Settings, cancellation))
            throw Invalid("The person may not use this client any more.");
        var scopes = OpenIdScopes.Of(code.Scopes);
        var offline = scopes.Contains(OpenIdScopes.OfflineAccess);
        var refreshes = offline || client.Settings.AlwaysRefresh;
        var family = new TokenFamily
        {
            Id = TokenFamily.NewId(), Client = client.Id, Person = code.Person, Sid = code.Sid, IsOffline = offline, Scopes = code.Scopes,
            AuthTime = code.AuthTime, UsedAt = now,
            ExpiresAt = refreshes ? await ends.OfAsync(code.Person, code.AuthTime, now.AddSeconds(client.Settings.RefreshSeconds),
                cancellation) : now.AddSeconds(client.Settings.AccessTokenSeconds),
        };
        var given = await making.MakeAsync(client, family, scopes, issuer, code.Nonce,
            refreshes ? TokenText.Make(TokenText.Refresh) : null, cancellation);
        var done = await database.TransactAsync(async unit =>
        {
            if (!await code.UseAsync(unit, family.Id, now)) return Outcome.Replayed;
            // Held until the end: whoever ends the session, or shuts the person out, comes before or sees what was made here.
            if ((await sessions.HoldAsync(unit, code.Sid))?.Person != code.Person) return Outcome.Over;
            await TokenRows.AddAsync(unit, family);
            await AddAsync(unit, family, given, client, now);
            await unit.ExecuteAsync("""
                INSERT INTO oidc_session_client (sid, client, person, issuer) VALUES ($1, $2, $3, $4) ON CONFLICT (sid, client) DO NOTHING
                """, code.Sid, client.Id, code.Person, issuer);
            return Outcome.Done;
        }, cancellation);
        return done switch
        {
            Outcome.Replayed => await ReplayedAsync(client, code, cancellation),
            Outcome.Over => throw Invalid("The session is over, or the person may not work."),
            _ => given,
        };
    }

    /// <summary>A code came a second time: somebody else may have it, so what came of it ends (RFC 6749, section 4.1.2).</summary>
    private async Task<GivenTokens> ReplayedAsync(OidcClient client, AuthorizationCode code, CancellationToken cancellation)
    {
        await database.TransactAsync(async unit =>
        {
            var known = await AuthorizationCode.FindByHashAsync(unit, code.Hash);
            if (known?.Family is { } family && await TokenRows.EndAsync(unit, family, clock.GetUtcNow()))
                await audit.AddAsync(unit, Actor.System, "oidc.code_replayed", client.Id, new JsonObject { ["person"] = code.Person });
        }, cancellation);
        throw Invalid("The code was used before; what came of it has ended.");
    }

    private async Task<GivenTokens> RefreshAsync(OidcClient client, Parameters form, string issuer, CancellationToken cancellation)
    {
        if (form["refresh_token"] is not { } text) throw new OAuthRefusedException("invalid_request", "refresh_token is missing.");
        var token = TokenText.Is(text, TokenText.Refresh) ? await database.ReadAsync(sql => TokenRows.FindAsync(sql, text), cancellation)
            : null;
        if (token is not { IsRefresh: true } || token.Family.Client != client.Id)
            throw Invalid("The refresh token is unknown, or another client's.");
        var (family, now) = (token.Family, clock.GetUtcNow());
        var scopes = OpenIdScopes.Of(family.Scopes);
        if (form["scope"] is { } asked)
        {
            scopes = OpenIdScopes.Of(asked);
            if (scopes.Any(s => !OpenIdScopes.Of(family.Scopes).Contains(s)) || !scopes.Contains(OpenIdScopes.OpenId))
                throw new OAuthRefusedException("invalid_scope", "These scopes are more than were given, or lack openid.");
        }

        var next = TokenText.Next(text, await secrets.GetAsync(SuccessorSecret, cancellation));
        var repeats = token.UsedAt is { } used && client.Settings.GraceSeconds > 0
            && now - used <= TimeSpan.FromSeconds(client.Settings.GraceSeconds);
        if (token.UsedAt is not null && !repeats) return await ReusedAsync(client, family, cancellation);
        if (!await people.MaySignInAsync(family.Person, client.Settings, cancellation)) return await NotAllowedAsync(family, cancellation);
        var given = await making.MakeAsync(client, family, scopes, issuer, null, next, cancellation);
        var done = await database.TransactAsync(async unit =>
        {
            // Of two at once the second sees what the first did.
            if (await unit.ExecuteAsync("""
                UPDATE oidc_family SET used_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2 AND used_at > $3
                """, family.Id, now.ToUnixTimeMilliseconds(),
                now.AddSeconds(-client.Settings.RefreshIdleSeconds).ToUnixTimeMilliseconds()) == 0) return Outcome.Over;
            if (!await TokenRows.MayWorkAsync(unit, family.Person) || await OidcClient.FindAsync(unit, client.Id) is not { IsEnabled: true }
                || (!family.IsOffline && (await sessions.FindAsync(unit, family.Sid))?.Person != family.Person)) return Outcome.Over;
            if (!family.IsOffline) await SignInSessions.TouchAsync(unit, family.Sid, now);
            if (repeats)
            {
                // The same successor goes to the same client, as long as it was not used itself.
                return await TokenRows.FindAsync(unit, next) is { UsedAt: null }
                    ? await AddAccessAsync(unit, family, given, client, now) : Outcome.Replayed;
            }

            if (await unit.ExecuteAsync("UPDATE oidc_token SET used_at = $2 WHERE hash = $1 AND used_at IS NULL", token.Hash,
                now.ToUnixTimeMilliseconds()) == 0) return Outcome.Replayed;
            await AddAsync(unit, family, given, client, now);
            return Outcome.Done;
        }, cancellation);
        return done switch
        {
            // Two workers of one client asked at the same moment.
            Outcome.Replayed when !repeats && client.Settings.GraceSeconds > 0 => await RefreshAsync(client, form, issuer, cancellation),
            Outcome.Replayed => await ReusedAsync(client, family, cancellation),
            Outcome.Over => throw Invalid("What the person gave has ended."),
            _ => given,
        };
    }

    /// <summary>The client does not take the person any more: what they gave it ends.</summary>
    private async Task<GivenTokens> NotAllowedAsync(TokenFamily family, CancellationToken cancellation)
    {
        await database.TransactAsync(async unit => { await TokenRows.EndAsync(unit, family.Id, clock.GetUtcNow()); }, cancellation);
        throw Invalid("The person may not use this client any more.");
    }

    /// <summary>A refresh token came a second time: one of the two who had it is not the client (RFC 9700, section 4.14.2).</summary>
    private async Task<GivenTokens> ReusedAsync(OidcClient client, TokenFamily family, CancellationToken cancellation)
    {
        await database.TransactAsync(async unit =>
        {
            if (await TokenRows.EndAsync(unit, family.Id, clock.GetUtcNow()))
                await audit.AddAsync(unit, Actor.System, "oidc.refresh_reused", client.Id, new JsonObject { ["person"] = family.Person });
        }, cancellation);
        throw Invalid("The refresh token was used before; all that came of it has ended.");
    }

    private static async ValueTask AddAsync(IUnitOfWork unit, TokenFamily family, GivenTokens given, OidcClient client, DateTimeOffset now)
    {
        await AddAccessAsync(unit, family, given, client, now);
        if (given.Refresh is { } refresh)
            await TokenRows.AddAsync(unit, family.Id, refresh, isRefresh: true, family.Scopes, now, family.ExpiresAt);
    }

    private static async ValueTask<Outcome> AddAccessAsync(
        IUnitOfWork unit, TokenFamily family, GivenTokens given, OidcClient client, DateTimeOffset now)
    {
        await TokenRows.AddAsync(unit, family.Id, given.Access, isRefresh: false, given.Scopes, now,
            now.AddSeconds(client.Settings.AccessTokenSeconds));
        return Outcome.Done;
    }

    /// <summary>What is wrong with the exchange; null: nothing.</summary>
    private static string? Problem(AuthorizationCode code, Parameters form, DateTimeOffset now)
    {
        if (code.ExpiresAt <= now) return "The code is too old.";
        if (form["redirect_uri"] != code.RedirectUri) return "redirect_uri is not the one that the code was asked for with.";
        return (code.Challenge, form["code_verifier"]) switch
        {
            (null, null) => null,
            (null, _) => "The code was asked for without a code_challenge: somebody may have taken it away.",
            (_, null) => "code_verifier is missing.",
            var (challenge, verifier) => TokenText.IsVerifier(verifier) && TokenText.Equal(TokenText.Challenge(verifier), challenge)
                ? null : "code_verifier does not belong to the code_challenge.",
        };
    }

    private static OAuthRefusedException Invalid(string message) => new("invalid_grant", message);

    /// <summary>A name from outside, as it may stand in a description.</summary>
    private static string Plain(string name) => new([.. name.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_').Take(40)]);

    private enum Outcome
    {
        Done,

        /// <summary>Somebody else used it at the same moment.</summary>
        Replayed,

        /// <summary>What it stands on has ended.</summary>
        Over,
    }
}
