using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>What is done with tokens: who somebody is, whether one holds, and its end.</summary>
internal sealed class TokenUses(IDatabase database, ClientAuthentication authentication, PersonClaims people, OwnAddress own,
    TimeProvider clock)
{
    /// <summary>Claims of whom an access token is for.</summary>
    public async Task UserInfoAsync(HttpContext http)
    {
        OAuthAnswers.AllowOrigins(http);
        var cancellation = http.RequestAborted;
        if (await BearerAsync(http, cancellation) is not { } bearer)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"larkspur\"";
            await http.WriteErrorAsync(StatusCodes.Status401Unauthorized, "invalid_token");
            return;
        }

        var now = clock.GetUtcNow();
        var (token, client) = await database.ReadAsync(async sql => await TokenRows.FindAsync(sql, bearer) is { IsRefresh: false } found
            ? (found, await TokenRows.HoldsAsync(sql, found, now)) : default, cancellation);
        if (client is null)
        {
            http.Response.Headers.WWWAuthenticate =
                "Bearer realm=\"larkspur\", error=\"invalid_token\", error_description=\"The access token is unknown or has ended.\"";
            await http.WriteErrorAsync(StatusCodes.Status401Unauthorized, "invalid_token");
            return;
        }

        var claims = await people.OfAsync(token!.Family.Person, OpenIdScopes.Of(token.Scopes), client.Settings, cancellation);
        await http.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteString("sub", token.Family.Person);
            foreach (var (name, value) in claims.Where(c => c.Key != "sub")) Write(json, name, value);
        });
    }

    /// <summary>RFC 7662.</summary>
    public Task IntrospectAsync(HttpContext http) => OAuthAnswers.RunAsync(http, async () =>
    {
        var cancellation = http.RequestAborted;
        var (client, text) = await AskedAsync(http, cancellation);
        if (client.IsPublic) throw new OAuthRefusedException("invalid_client", "A public client asks about no tokens.");
        var now = clock.GetUtcNow();
        var (token, of) = await database.ReadAsync(async sql => await TokenRows.FindAsync(sql, text) is { } found
            && (found.Family.Client == client.Id || client.Settings.Introspects)
            ? (found, await TokenRows.HoldsAsync(sql, found, now)) : default, cancellation);
        var issuer = OwnAddress.Text(own.Of(http.Request));
        await http.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteBoolean("active", of is not null);
            if (of is null) return;
            json.WriteString("scope", token!.Scopes);
            json.WriteString("client_id", of.Id);
            json.WriteString("token_type", token.IsRefresh ? "refresh_token" : "Bearer");
            json.WriteNumber("exp", token.ExpiresAt.ToUnixTimeSeconds());
            json.WriteNumber("iat", token.MadeAt.ToUnixTimeSeconds());
            json.WriteString("sub", token.Family.Person);
            json.WriteString("aud", of.Id);
            json.WriteString("iss", issuer);
            json.WriteString("sid", token.Family.Sid);
        });
    });

    /// <summary>RFC 7009: a refresh token takes all that came with it along. What is unknown or another's is answered alike.</summary>
    public Task RevokeAsync(HttpContext http) => OAuthAnswers.RunAsync(http, async () =>
    {
        OAuthAnswers.AllowOrigins(http);
        var (client, text) = await AskedAsync(http, http.RequestAborted);
        await database.TransactAsync(async unit =>
        {
            if (await TokenRows.FindAsync(unit, text) is not { } token || token.Family.Client != client.Id) return;
            if (token.IsRefresh) await TokenRows.EndAsync(unit, token.Family.Id, clock.GetUtcNow());
            else await unit.ExecuteAsync("DELETE FROM oidc_token WHERE hash = $1", token.Hash);
        }, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentLength = 0;
    });

    private async Task<(OidcClient Client, string Token)> AskedAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = await Parameters.OfFormAsync(http.Request, cancellation)
            ?? throw new OAuthRefusedException("invalid_request", "The body is not application/x-www-form-urlencoded.");
        if (form.Repeated is not null) throw new OAuthRefusedException("invalid_request", "A parameter stands there twice.");
        var client = await authentication.RequireAsync(http, form, cancellation);
        return (client, form["token"] ?? throw new OAuthRefusedException("invalid_request", "token is missing."));
    }

    /// <summary>The token of a request: in the header, or in a form (RFC 6750, section 2).</summary>
    private static async Task<string?> BearerAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Request.Headers.Authorization is [{ } header])
            return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
        if (!HttpMethods.IsPost(http.Request.Method)) return null;
        try
        {
            return (await Parameters.OfFormAsync(http.Request, cancellation))?["access_token"];
        }
        catch (OAuthRefusedException)
        {
            // Whatever is wrong with the form: there is no token in it.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case string[] texts:
                json.WriteStartArray(name);
                foreach (var text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default:
                throw new InvalidOperationException($"The claim {name} is a {value.GetType().Name}.");
        }
    }
}
