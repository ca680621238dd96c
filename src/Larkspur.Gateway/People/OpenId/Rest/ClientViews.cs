using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;

namespace Larkspur.Gateway.People.OpenId.Rest;

/// <summary>Clients.</summary>
/// <param name="Items">By name.</param>
internal sealed record OidcClientListView(IReadOnlyList<OidcClientView> Items);

/// <summary>A system that people sign in to, without its secret.</summary>
internal record OidcClientView
{
    [SetsRequiredMembers]
    public OidcClientView(OidcClient client)
    {
        var settings = client.Settings;
        (ClientId, Name, Public, Enabled, System) = (client.Id, client.Name, client.IsPublic, client.IsEnabled, client.Owner);
        (RedirectUris, PostLogoutRedirectUris) = (settings.RedirectUris, settings.PostLogoutRedirectUris);
        (BackchannelLogoutUri, Trusted, RequirePkce) = (settings.BackchannelLogoutUri, settings.Trusted, client.NeedsPkce);
        (IdTokenClaims, Groups, PolicyClaim, Policies) = (settings.IdTokenClaims, settings.Groups, settings.PolicyClaim, settings.Policies);
        (JwtAccessTokens, AlwaysRefresh, Introspects) = (settings.JwtAccessTokens, settings.AlwaysRefresh, settings.Introspects);
        (GraceSeconds, AccessTokenSeconds, IdTokenSeconds) =
            (settings.GraceSeconds, settings.AccessTokenSeconds, settings.IdTokenSeconds);
        (RefreshIdleSeconds, RefreshSeconds) = (settings.RefreshIdleSeconds, settings.RefreshSeconds);
        (VerifiedEmailDomains, AllowedGroups) = (settings.VerifiedEmailDomains, settings.AllowedGroups);
        (CreatedAt, ChangedAt, ChangedBy, SecretAt) = (client.CreatedAt, client.ChangedAt, client.ChangedBy, client.SecretAt);
    }

    public required string ClientId { get; init; }

    public required string Name { get; init; }

    /// <summary>It has no secret.</summary>
    public required bool Public { get; init; }

    /// <summary>False: nobody signs in to it.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The business system that it belongs to; empty: the administrators'.</summary>
    public required string System { get; init; }

    public required IReadOnlyList<string> RedirectUris { get; init; }

    public required IReadOnlyList<string> PostLogoutRedirectUris { get; init; }

    public string? BackchannelLogoutUri { get; init; }

    /// <summary>People are not asked for consent.</summary>
    public required bool Trusted { get; init; }

    public required bool RequirePkce { get; init; }

    /// <summary>Claims of the scopes stand in the id_token too.</summary>
    public required bool IdTokenClaims { get; init; }

    /// <summary>names, ids.</summary>
    public required string Groups { get; init; }

    public string? PolicyClaim { get; init; }

    public required IReadOnlyList<string> Policies { get; init; }

    public required bool JwtAccessTokens { get; init; }

    public required bool AlwaysRefresh { get; init; }

    public required bool Introspects { get; init; }

    public required int GraceSeconds { get; init; }

    public required int AccessTokenSeconds { get; init; }

    public required int IdTokenSeconds { get; init; }

    public required int RefreshIdleSeconds { get; init; }

    public required int RefreshSeconds { get; init; }

    public required IReadOnlyList<string> VerifiedEmailDomains { get; init; }

    public required IReadOnlyList<string> AllowedGroups { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    /// <summary>When it got its secret.</summary>
    public DateTimeOffset? SecretAt { get; init; }
}

/// <summary>A client with a new secret.</summary>
internal sealed record OidcClientMade : OidcClientView
{
    [SetsRequiredMembers]
    public OidcClientMade(OidcClient client, string? secret) : base(client) => ClientSecret = secret;

    /// <summary>It is in this answer and nowhere else; absent: a public client has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; }
}

/// <summary>The keys that are published.</summary>
/// <param name="Items">The one that signs first.</param>
internal sealed record OidcKeyListView(IReadOnlyList<OidcKeyView> Items);

/// <summary>A key that signs, signed, or will.</summary>
/// <param name="Kid">As tokens name it.</param>
/// <param name="State">active, next, retiring.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="StateAt">Since when it is in its state.</param>
internal sealed record OidcKeyView(string Kid, string State, DateTimeOffset MadeAt, DateTimeOffset StateAt)
{
    public static OidcKeyView Of(PublishedKey key) => new(key.Kid, key.State, key.MadeAt, key.StateAt);
}
