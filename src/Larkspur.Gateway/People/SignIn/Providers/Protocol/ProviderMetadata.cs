using System.Text.Json;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Larkspur.Gateway.Webhooks;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0), judged.</summary>
internal sealed record ProviderMetadata
{
    private const int MostKeys = 100;

    /// <summary>Signatures that are taken: by keys of which the gateway knows the public half alone.</summary>
    private static readonly string[] Taken = ["RS256", "ES256", "PS256", "RS384", "ES384", "PS384", "RS512", "ES512", "PS512"];

    /// <summary>As the document says it; of Entra for many tenants with <see cref="EntraIssuer.Tenant"/> in it.</summary>
    public required string Issuer { get; init; }

    public required Uri Authorization { get; init; }

    public required Uri Token { get; init; }

    public Uri? UserInfo { get; init; }

    public required Uri KeySet { get; init; }

    public required IReadOnlyList<string> Algorithms { get; init; }

    public required IReadOnlyList<string> AuthMethods { get; init; }

    /// <summary>Each answer to the browser names the issuer (RFC 9207).</summary>
    public required bool SaysIssuer { get; init; }

    public required IReadOnlyList<JsonWebKey> Keys { get; init; }

    /// <summary>When the document was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>The issuer that tokens name.</summary>
    public bool IsOfManyTenants => Issuer.Contains(EntraIssuer.Tenant, StringComparison.Ordinal);

    /// <summary>Where the document is.</summary>
    public static Uri AddressOf(string issuer) => new(issuer.TrimEnd('/') + "/.well-known/openid-configuration");

    /// <summary>Reads and judges a document.</summary>
    /// <exception cref="ProviderException">It is not the issuer's, or lacks what is needed.</exception>
    public static ProviderMetadata Read(IdentityProvider provider, JsonElement document, PrivateReach reach, DateTimeOffset now)
    {
        OpenIdConnectConfiguration read;
        try
        {
            read = OpenIdConnectConfiguration.Create(document.GetRawText());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new ProviderException("bad_answer", "the document of discovery cannot be read", e);
        }

        Demand(provider, read.Issuer);
        if (read.RequirePushedAuthorizationRequests) throw new ProviderException("pushed_only");
        if (read.ResponseTypesSupported.Count > 0 && !read.ResponseTypesSupported.Contains("code")) throw new ProviderException("no_code");
        // Absent, it is RS256, which every provider has.
        string[] algorithms = read.IdTokenSigningAlgValuesSupported.Count == 0 ? ["RS256"]
            : [.. Taken.Where(read.IdTokenSigningAlgValuesSupported.Contains)];
        if (algorithms.Length == 0)
            throw new ProviderException("no_algorithm", string.Join(", ", read.IdTokenSigningAlgValuesSupported.Take(10)));
        return new ProviderMetadata
        {
            Issuer = read.Issuer, Authorization = Endpoint("authorization_endpoint", read.AuthorizationEndpoint),
            Token = Endpoint("token_endpoint", read.TokenEndpoint), KeySet = Endpoint("jwks_uri", read.JwksUri),
            UserInfo = read.UserInfoEndpoint is { Length: > 0 } info ? Endpoint("userinfo_endpoint", info) : null,
            Algorithms = algorithms, AuthMethods = [.. read.TokenEndpointAuthMethodsSupported],
            SaysIssuer = read.AuthorizationResponseIssParameterSupported, Keys = [], ReadAt = now,
        };

        Uri Endpoint(string name, string? text)
        {
            if (text is not { Length: > 0 }) throw new ProviderException("no_endpoint", name);
            return ProviderAddresses.Problem(text, reach, out var address) is { } problem
                ? throw new ProviderException("bad_endpoint", $"{name}: {problem}") : address!;
        }
    }

    /// <summary>Reads a set of keys: those that can check a signature.</summary>
    /// <exception cref="ProviderException">There is none.</exception>
    public static IReadOnlyList<JsonWebKey> KeysOf(JsonElement document)
    {
        try
        {
            var keys = new JsonWebKeySet(document.GetRawText()).Keys.Take(MostKeys).Where(IsPublicSigningKey).ToArray();
            return keys.Length > 0 ? keys : throw new ProviderException("no_keys");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new ProviderException("bad_answer", "the set of keys cannot be read", e);
        }
    }

    /// <summary>The document is that of the issuer that was asked for: another's could send people, codes, secrets anywhere.</summary>
    private static void Demand(IdentityProvider provider, string? issuer)
    {
        var wanted = provider.IsEntra && EntraIssuer.IsOfMany(provider.Issuer) ? EntraIssuer.TemplateOf(provider.Issuer) : provider.Issuer;
        if (issuer == wanted) return;
        throw new ProviderException("issuer_mismatch", issuer is { Length: > 0 and <= ProviderAddresses.Longest }
            ? $"it says {issuer}, and {wanted} is expected" : "it says none");
    }

    private static bool IsPublicSigningKey(JsonWebKey key) => key.Use is null or "" or "sig" && (key.Kty == "RSA" || key.Kty == "EC")
        && key.D is null or "" && (key.Kty != "RSA" || key.KeySize >= 2048);
}
