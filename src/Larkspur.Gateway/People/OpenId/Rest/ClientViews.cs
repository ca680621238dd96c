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

    public string ClientId { get; }

    public string Name { get; }

    /// <summary>It has no secret.</summary>
    public bool Public { get; }

    /// <summary>False: nobody signs in to it.</summary>
    public bool Enabled { get; }

    /// <summary>The business system that it belongs to; empty: the administrators'.</summary>
    public string System { get; }

    public IReadOnlyList<string> RedirectUris { get; }

    public IReadOnlyList<string> PostLogoutRedirectUris { get; }

    public string? BackchannelLogoutUri { get; }

    /// <summary>People are not asked for consent.</summary>
    public bool Trusted { get; }

    public bool RequirePkce { get; }

    /// <summary>Claims of the scopes stand in the id_token too.</summary>
    public bool IdTokenClaims { get; }

    /// <summary>names, ids.</summary>
    public string Groups { get; }

    public string? PolicyClaim { get; }

    public IReadOnlyList<string> Policies { get; }

    public bool JwtAccessTokens { get; }

    public bool AlwaysRefresh { get; }

    public bool Introspects { get; }

    public int GraceSeconds { get; }

    public int AccessTokenSeconds { get; }

    public int IdTokenSeconds { get; }

    public int RefreshIdleSeconds { get; }

    public int RefreshSeconds { get; }

    public IReadOnlyList<string> VerifiedEmailDomains { get; }

    public IReadOnlyList<string> AllowedGroups { get; }

    public DateTimeOffset CreatedAt { get; }

    public DateTimeOffset ChangedAt { get; }

    public string ChangedBy { get; }

    /// <summary>When it got its secret.</summary>
    public DateTimeOffset? SecretAt { get; }
}

/// <summary>A client with a new secret.</summary>
internal sealed record OidcClientMade : OidcClientView
{
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
