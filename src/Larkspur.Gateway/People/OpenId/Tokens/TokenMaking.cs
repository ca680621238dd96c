using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>What a client gets. Not a record: its text would show it.</summary>
internal sealed class GivenTokens
{
    public required string Access { get; init; }

    public required int ExpiresIn { get; init; }

    public string? Refresh { get; init; }

    public required string IdToken { get; init; }

    public required string Scopes { get; init; }
}

/// <summary>Makes the tokens of a family. Nothing is kept here.</summary>
internal sealed class TokenMaking(ProviderTokens tokens, PersonClaims people, TimeProvider clock)
{
    /// <summary>An access token, an id_token, and what comes with them.</summary>
    public async Task<GivenTokens> MakeAsync(OidcClient client, TokenFamily family, string[] scopes, string issuer, string? nonce,
        string? refresh, CancellationToken cancellation)
    {
        var settings = client.Settings;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var told = settings.IdTokenClaims || settings.JwtAccessTokens || settings.PolicyClaim is not null
            ? await people.OfAsync(family.Person, scopes, settings, cancellation) : [];
        var access = settings.JwtAccessTokens
            ? await tokens.SignAsync(AccessClaims(client, family, scopes, issuer, now, told), ProviderTokens.AccessType, cancellation)
            : TokenText.Make(TokenText.Access);
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = issuer, ["sub"] = family.Person, ["aud"] = client.Id, ["exp"] = now + settings.IdTokenSeconds, ["iat"] = now,
            ["auth_time"] = family.AuthTime.ToUnixTimeSeconds(), ["sid"] = family.Sid, ["at_hash"] = TokenText.HalfHash(access),
        };
        if (nonce is not null) claims["nonce"] = nonce;
        // MinIO reads its policy nowhere else.
        foreach (var (name, value) in told.Where(t => settings.IdTokenClaims || t.Key == settings.PolicyClaim)) claims.TryAdd(name, value);
        return new GivenTokens
        {
            Access = access, ExpiresIn = settings.AccessTokenSeconds, Refresh = refresh, Scopes = OpenIdScopes.Text(scopes),
            IdToken = await tokens.SignAsync(claims, ProviderTokens.PlainType, cancellation),
        };
    }

    /// <summary>RFC 9068. The client itself is the audience: no other resource is asked for by name.</summary>
    private static Dictionary<string, object> AccessClaims(OidcClient client, TokenFamily family, string[] scopes, string issuer, long now,
        Dictionary<string, object> told)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = issuer, ["exp"] = now + client.Settings.AccessTokenSeconds, ["aud"] = client.Id, ["sub"] = family.Person,
            ["client_id"] = client.Id, ["iat"] = now, ["jti"] = Guid.NewGuid().ToString("N"), ["scope"] = OpenIdScopes.Text(scopes),
            ["auth_time"] = family.AuthTime.ToUnixTimeSeconds(),
        };
        if (told.TryGetValue("groups", out var groups)) claims["groups"] = groups;
        return claims;
    }
}
