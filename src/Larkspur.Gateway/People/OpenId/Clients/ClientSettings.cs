using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Gateway.People.OpenId.Clients;

/// <summary>Addresses and switches of a client, as they are kept.</summary>
internal sealed record ClientSettings
{
    /// <summary>Where codes go, as the client writes them.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>Where browsers go after the end of a session.</summary>
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>Where the client is told of ended sessions; null: it is not.</summary>
    public string? BackchannelLogoutUri { get; init; }

    /// <summary>People are not asked for consent.</summary>
    public bool Trusted { get; init; }

    /// <summary>A code challenge is required of it, as of every public client.</summary>
    public bool RequirePkce { get; init; }

    /// <summary>Claims of the scopes stand in the id_token too.</summary>
    public bool IdTokenClaims { get; init; }

    /// <summary><c>names</c> or <c>ids</c>.</summary>
    public string Groups { get; init; } = GroupForms.Names;

    /// <summary>The claim in which it looks for policies; null: it has none.</summary>
    public string? PolicyClaim { get; init; }

    /// <summary>What stands there; empty: the groups.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Access tokens are JWT (RFC 9068).</summary>
    public bool JwtAccessTokens { get; init; }

    /// <summary>It gets refresh tokens without <c>offline_access</c> too; those end with the session.</summary>
    public bool AlwaysRefresh { get; init; }

    /// <summary>It may ask about tokens of other clients: a resource server.</summary>
    public bool Introspects { get; init; }

    /// <summary>So long a refresh token that was used gives its successor again.</summary>
    public int GraceSeconds { get; init; }

    public int AccessTokenSeconds { get; init; } = 3600;

    public int IdTokenSeconds { get; init; } = 3600;

    /// <summary>Without use.</summary>
    public int RefreshIdleSeconds { get; init; } = 30 * 86_400;

    /// <summary>Whatever is done.</summary>
    public int RefreshSeconds { get; init; } = 90 * 86_400;

    /// <summary>Domains whose addresses the administrator says are people's own.</summary>
    public IReadOnlyList<string> VerifiedEmailDomains { get; init; } = [];

    /// <summary>Departments and roles whose people may sign in, by name or id; empty: everybody.</summary>
    public IReadOnlyList<string> AllowedGroups { get; init; } = [];
}

/// <summary>How groups are written.</summary>
internal static class GroupForms
{
    public const string Names = "names";
    public const string Ids = "ids";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClientSettings))]
internal sealed partial class ClientJson : JsonSerializerContext
{
    public static string Text(ClientSettings settings) => JsonSerializer.Serialize(settings, Default.ClientSettings);

    public static ClientSettings Read(string text) => JsonSerializer.Deserialize(text, Default.ClientSettings)!;
}
