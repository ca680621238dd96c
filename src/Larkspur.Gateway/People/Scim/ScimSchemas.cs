namespace Larkspur.Gateway.People.Scim;

/// <summary>Names of SCIM's schemas and messages (RFC 7643, RFC 7644).</summary>
internal static class ScimSchemas
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    public const string List = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    /// <summary>What may stand before an attribute's name, in lower case; the enterprise extension first.</summary>
    public static readonly string[] Prefixes = [Enterprise.ToLowerInvariant(), User.ToLowerInvariant(), Group.ToLowerInvariant()];
}
