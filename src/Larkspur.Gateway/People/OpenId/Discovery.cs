using Larkspur.Gateway.Api;
using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Keys;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.OpenId;

/// <summary>What clients read of the provider: OpenID Connect Discovery, RFC 8414, and the public keys.</summary>
internal sealed class Discovery(OwnAddress own, SigningKeys keys)
{
    private const string CacheFor = "public, max-age=300";

    /// <summary>The provider's description.</summary>
    /// <param name="http">The request.</param>
    /// <param name="path">What stands behind the well-known address: the issuer's path (RFC 8414, section 3.1); null: nothing.</param>
    public async Task DescribeAsync(HttpContext http, string? path)
    {
        OAuthAnswers.AllowOrigins(http);
        var address = own.Of(http.Request);
        var issuer = OwnAddress.Text(address);
        if (path is not null && "/" + path.Trim('/') != address.AbsolutePath.TrimEnd('/'))
        {
            await http.WriteErrorAsync(StatusCodes.Status404NotFound, "not_found");
            return;
        }

        http.Response.Headers.CacheControl = CacheFor;
        await http.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteString("issuer", issuer);
            json.WriteString("authorization_endpoint", issuer + OpenIdPaths.Authorize);
            json.WriteString("token_endpoint", issuer + OpenIdPaths.Token);
            json.WriteString("userinfo_endpoint", issuer + OpenIdPaths.UserInfo);
            json.WriteString("jwks_uri", issuer + OpenIdPaths.Keys);
            json.WriteString("revocation_endpoint", issuer + OpenIdPaths.Revoke);
            json.WriteString("introspection_endpoint", issuer + OpenIdPaths.Introspect);
            json.WriteString("end_session_endpoint", issuer + OpenIdPaths.Logout);
            List("scopes_supported", OpenIdScopes.All);
            List("response_types_supported", "code");
            List("response_modes_supported", "query");
            List("grant_types_supported", "authorization_code", "refresh_token");
            List("subject_types_supported", "public");
            List("id_token_signing_alg_values_supported", "RS256");
            List("token_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post", "none");
            List("revocation_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post", "none");
            List("introspection_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post");
            List("code_challenge_methods_supported", "S256");
            List("prompt_values_supported", "none", "login", "consent", "select_account");
            List("claim_types_supported", "normal");
            List("claims_supported", ["iss", "aud", "exp", "iat", "auth_time", "nonce", "sid", "at_hash", .. PersonClaims.All]);
            List("ui_locales_supported", "zh-CN", "en");
            json.WriteBoolean("claims_parameter_supported", false);
            json.WriteBoolean("request_parameter_supported", false);
            json.WriteBoolean("request_uri_parameter_supported", false);
            json.WriteBoolean("authorization_response_iss_parameter_supported", true);
            json.WriteBoolean("backchannel_logout_supported", true);
            json.WriteBoolean("backchannel_logout_session_supported", true);

            void List(string name, params ReadOnlySpan<string> values)
            {
                json.WriteStartArray(name);
                foreach (var value in values) json.WriteStringValue(value);
                json.WriteEndArray();
            }
        });
    }

    /// <summary>The public keys (RFC 7517): the one that signs, the next, and those before.</summary>
    public async Task KeysAsync(HttpContext http)
    {
        OAuthAnswers.AllowOrigins(http);
        var published = await keys.PublishedAsync(http.RequestAborted);
        http.Response.Headers.CacheControl = CacheFor;
        await http.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("keys");
            foreach (var key in published)
            {
                json.WriteStartObject();
                json.WriteString("kty", "RSA");
                json.WriteString("use", "sig");
                json.WriteString("alg", "RS256");
                json.WriteString("kid", key.Kid);
                json.WriteString("n", key.Modulus);
                json.WriteString("e", key.Exponent);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
