namespace Larkspur.Gateway.Api;

/// <summary>Where APIs are that answer with problems.</summary>
internal static class ApiPaths
{
    /// <summary>The API of the web chat's page.</summary>
    public const string WebChat = "/chat/api/v1";

    /// <summary>SCIM: refusals have a form of its own there (<see cref="ScimError"/>).</summary>
    public const string Scim = "/scim";
}
