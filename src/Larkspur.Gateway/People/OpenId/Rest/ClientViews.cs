using System.Text.Json.Serialization;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;

namespace Larkspur.Gateway.People.OpenId.Rest;

/// <summary>Clients.</summary>
/// <param name="Items">By name.</param>
internal sealed record OidcClientListView(IReadOnlyList<OidcClientView> Items);

/// <summary>A system that people sign in to, without its secret.</summary>
internal sealed record OidcClientView
{
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

    public static OidcClientView Of(OidcClient client)
    {
        var settings = client.Settings;
        return new OidcClientView
        {
            ClientId = client.Id, Name = client.Name, Public = client.IsPublic, Enabled = client.IsEnabled, System = client.Owner,
            RedirectUris = settings.RedirectUris, PostLogoutRedirectUris = settings.PostLogoutRedirectUris,
            BackchannelLogoutUri = settings.BackchannelLogoutUri, Trusted = settings.Trusted, RequirePkce = client.NeedsPkce,
            IdTokenClaims = settings.IdTokenClaims, Groups = settings.Groups, PolicyClaim = settings.PolicyClaim,
            Policies = settings.Policies, JwtAccessTokens = settings.JwtAccessTokens, AlwaysRefresh = settings.AlwaysRefresh,
            Introspects = settings.Introspects, GraceSeconds = settings.GraceSeconds, AccessTokenSeconds = settings.AccessTokenSeconds,
            IdTokenSeconds = settings.IdTokenSeconds, RefreshIdleSeconds = settings.RefreshIdleSeconds,
            RefreshSeconds = settings.RefreshSeconds, VerifiedEmailDomains = settings.VerifiedEmailDomains,
            AllowedGroups = settings.AllowedGroups, CreatedAt = client.CreatedAt, ChangedAt = client.ChangedAt,
            ChangedBy = client.ChangedBy, SecretAt = client.SecretAt,
        };
    }
}

/// <summary>A client with a new secret.</summary>
/// <param name="ClientId">Its id, as requests name it.</param>
/// <param name="ClientSecret">It is in this answer and nowhere else; absent: a public client has none.</param>
/// <param name="Client">What is kept of it.</param>
internal sealed record OidcClientMade(string ClientId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClientSecret, OidcClientView Client)
{
    public static OidcClientMade Of(OidcClient client, string? secret) => new(client.Id, secret, OidcClientView.Of(client));

    /// <summary>The id alone: the secret is nothing for logs.</summary>
    public override string ToString() => ClientId;
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
