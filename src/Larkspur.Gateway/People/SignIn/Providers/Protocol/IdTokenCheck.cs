using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>Judges an id_token (OpenID Connect Core 1.0, section 3.1.3.7): everything that is asked of it, and nothing by its own
/// word.</summary>
internal sealed class IdTokenCheck(ProviderDiscovery discovery, TimeProvider clock)
{
    /// <summary>So far may a provider's clock be off.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Who proves again who they are has done so since the attempt began, which lasts no longer.</summary>
    public static readonly TimeSpan AgainWithin = TimeSpan.FromMinutes(10);

    private const int LongestSubject = 255;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>Judges a token.</summary>
    /// <returns>What it says, and which issuer says it.</returns>
    /// <exception cref="ProviderException">It is not this provider's word on who signs in here now.</exception>
    public async Task<(JsonElement Body, string Issuer)> ReadAsync(IdentityProvider provider, ProviderMetadata metadata, Tokens tokens,
        SignInReturn back, CancellationToken cancellation)
    {
        var header = IdTokenHeader.Read(tokens.IdToken);
        if (!metadata.Algorithms.Contains(header.Algorithm, StringComparer.Ordinal))
            throw new ProviderException("bad_algorithm", header.Algorithm);
        var issuer = IssuerOf(provider, metadata, header.Body);
        if (!await IsSignedAsync(metadata))
        {
            // The provider may have new keys; they are read once.
            var newer = await discovery.WithNewKeysAsync(provider, metadata, cancellation);
            if (newer is null || !await IsSignedAsync(newer))
                throw new ProviderException("bad_signature", $"key {header.KeyId ?? "without a name"}");
        }

        Demand(provider, header.Body, back);
        DemandHash(header, tokens);
        return (header.Body, issuer);

        async Task<bool> IsSignedAsync(ProviderMetadata by)
        {
            var keys = KeysOf(by, header, issuer);
            if (keys.Count == 0) return false;
            var result = await _handler.ValidateTokenAsync(tokens.IdToken, new TokenValidationParameters
            {
                IssuerSigningKeyResolver = (_, _, _, _) => keys, TryAllIssuerSigningKeys = true, ValidAlgorithms = [header.Algorithm],
                ValidIssuer = issuer, ValidAudience = provider.ClientId, ClockSkew = Skew, LifetimeValidator = IsTime,
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            });
            if (result.IsValid) return true;
            return result.Exception is SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException ? false
                : throw Refused(result.Exception);
        }
    }

    /// <summary>The issuer that the token has to name: the provider's own; where it is for many, that of a tenant that may.</summary>
    private static string IssuerOf(IdentityProvider provider, ProviderMetadata metadata, JsonElement body)
    {
        if (!provider.IsEntra) return metadata.Issuer;
        var tenant = Claims.Text(body, "tid");
        if (tenant is null || !Guid.TryParseExact(tenant, "D", out _))
            throw new ProviderException("bad_tenant", "it names no tenant (tid)");
        if (provider.AllowedTenants.Count > 0 && !provider.AllowedTenants.Contains(tenant, StringComparer.OrdinalIgnoreCase))
            throw new ProviderException("bad_tenant", $"{tenant} is not listed");
        return EntraIssuer.Of(metadata.Issuer, tenant);
    }

    /// <summary>Keys that may have signed it: that of its name; where it names none, the only one of its kind.</summary>
    private static List<SecurityKey> KeysOf(ProviderMetadata metadata, IdTokenHeader header, string issuer)
    {
        var fitting = metadata.Keys.Where(key => Fits(key, header.Algorithm) && IsOf(key, issuer)).ToArray();
        return header.KeyId is { } name ? [.. fitting.Where(key => key.Kid == name)] : fitting.Length == 1 ? [fitting[0]] : [];
    }

    private static bool Fits(JsonWebKey key, string algorithm) => key.Alg is null or "" || key.Alg == algorithm
        ? algorithm switch
        {
            "ES256" => key is { Kty: "EC", Crv: "P-256" },
            "ES384" => key is { Kty: "EC", Crv: "P-384" },
            "ES512" => key is { Kty: "EC", Crv: "P-521" },
            _ => key.Kty == "RSA",
        }
        : false;

    /// <summary>Entra says of its keys whose tokens they sign: those of one tenant are no word on another's people.</summary>
    private static bool IsOf(JsonWebKey key, string issuer)
    {
        if (!key.AdditionalData.TryGetValue("issuer", out var said)) return true;
        return said is string text
            && (text == issuer || (text.Contains(EntraIssuer.Tenant, StringComparison.Ordinal) && TenantOf(text, issuer)));
    }

    private static bool TenantOf(string template, string issuer)
    {
        var at = template.IndexOf(EntraIssuer.Tenant, StringComparison.Ordinal);
        return issuer.StartsWith(template[..at], StringComparison.Ordinal)
            && issuer.EndsWith(template[(at + EntraIssuer.Tenant.Length)..], StringComparison.Ordinal);
    }

    private bool IsTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + Skew && (notBefore is not { } start || now >= start - Skew);
    }

    private void Demand(IdentityProvider provider, JsonElement body, SignInReturn back)
    {
        var now = clock.GetUtcNow();
        if (Claims.Text(body, "sub") is not { Length: > 0 and <= LongestSubject }) throw new ProviderException("no_subject");
        if (Claims.Time(body, "exp") is null) throw new ProviderException("expired", "it says no end");
        if (Claims.Time(body, "iat") is not { } issued || issued > now + Skew) throw new ProviderException("bad_time", "iat");
        var many = body.TryGetProperty("aud", out var audience) && audience.ValueKind == JsonValueKind.Array
            && audience.GetArrayLength() > 1;
        var party = Claims.Has(body, "azp");
        if ((many || party) && Claims.Text(body, "azp") != provider.ClientId)
            throw new ProviderException("bad_audience", "it is for several, and was not asked for by this client (azp)");
        if (Claims.Text(body, "nonce") is not { } nonce || !CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(nonce), Encoding.UTF8.GetBytes(back.Nonce))) throw new ProviderException("bad_nonce");
        if (!back.Again) return;
        if (Claims.Time(body, "auth_time") is not { } proven) throw new ProviderException("no_auth_time");
        if (proven < now - AgainWithin - Skew || proven > now + Skew)
            throw new ProviderException("old_auth_time", proven.ToString("u", CultureInfo.InvariantCulture));
    }

    /// <summary>The access token is the one that was given with this token.</summary>
    private static void DemandHash(IdTokenHeader header, Tokens tokens)
    {
        if (tokens.AccessToken is not { } access || !Claims.Has(header.Body, "at_hash")) return;
        var bytes = Encoding.ASCII.GetBytes(access);
        var hash = header.Algorithm[2..] switch
        {
            "384" => SHA384.HashData(bytes),
            "512" => SHA512.HashData(bytes),
            _ => SHA256.HashData(bytes),
        };
        if (Claims.Text(header.Body, "at_hash") != Base64UrlEncoder.Encode(hash.AsSpan(0, hash.Length / 2).ToArray()))
            throw new ProviderException("bad_token", "the access token is another one's (at_hash)");
    }

    private static ProviderException Refused(Exception why) => new(why switch
    {
        SecurityTokenInvalidIssuerException => "bad_issuer",
        SecurityTokenInvalidAudienceException => "bad_audience",
        SecurityTokenNoExpirationException or SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException
            or SecurityTokenNotYetValidException => "expired",
        SecurityTokenInvalidAlgorithmException => "bad_algorithm",
        _ => "bad_token",
    }, why.GetType().Name, why);
}
