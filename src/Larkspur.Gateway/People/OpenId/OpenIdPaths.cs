namespace Larkspur.Gateway.People.OpenId;

/// <summary>Addresses of the OpenID provider.</summary>
internal static class OpenIdPaths
{
    public const string Root = "/oidc";
    public const string Authorize = Root + "/authorize";
    public const string Consent = Root + "/consent";
    public const string Token = Root + "/token";
    public const string UserInfo = Root + "/userinfo";
    public const string Keys = Root + "/jwks";
    public const string Revoke = Root + "/revoke";
    public const string Introspect = Root + "/introspect";
    public const string Logout = Root + "/logout";
    public const string WellKnown = "/.well-known";
    public const string Discovery = WellKnown + "/openid-configuration";

    /// <summary>The same by RFC 8414: an issuer's path comes behind it.</summary>
    public const string Metadata = WellKnown + "/oauth-authorization-server";
}
