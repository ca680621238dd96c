using System.Text.Json.Serialization;

namespace Larkspur.Gateway.People.SignIn.Providers.Rest;

/// <summary>Identity providers.</summary>
/// <param name="Items">By name.</param>
internal sealed record IdentityProviderListView(IReadOnlyList<IdentityProviderView> Items);

/// <summary>The company's own log-in, by which people sign in here; without its secret.</summary>
internal sealed record IdentityProviderView
{
    public required string Name { get; init; }

    /// <summary>The business system that it belongs to; empty: the administrators'.</summary>
    public required string System { get; init; }

    /// <summary>active, off, unreadable_secret (the client secret cannot be decrypted: set it again).</summary>
    public required string State { get; init; }

    public required string TitleZh { get; init; }

    public required string TitleEn { get; init; }

    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>A client secret is kept.</summary>
    public required bool HasSecret { get; init; }

    /// <summary>auto, client_secret_basic, client_secret_post, none.</summary>
    public required string ClientAuth { get; init; }

    /// <summary>oidc, entra.</summary>
    public required string Product { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required string NameClaim { get; init; }

    /// <summary>Null: groups are not asked for.</summary>
    public string? GroupsClaim { get; init; }

    public required IReadOnlyList<string> AllowedTenants { get; init; }

    public required bool AllowGuests { get; init; }

    public required bool CreatePeople { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>The redirect address to register there, by the public address that is set, else by that of this request.</summary>
    public required string RedirectUri { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }
}

/// <summary>What an identity provider said of itself just now.</summary>
internal sealed record IdentityProviderTestView
{
    public required string Name { get; init; }

    /// <summary>People can sign in, as far as can be seen without somebody who does.</summary>
    public required bool Ok { get; init; }

    /// <summary>What is wrong: a word; null: nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>What was found, or what is wrong, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The same in Chinese.</summary>
    public required string MessageZh { get; init; }

    /// <summary>The redirect address to register there.</summary>
    public required string RedirectUri { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AuthorizationEndpoint { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenEndpoint { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserinfoEndpoint { get; init; }

    /// <summary>How the gateway proves there that it is the client.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientAuth { get; init; }

    /// <summary>Signatures that are taken.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>Names of the keys that can check a signature.</summary>
    public required IReadOnlyList<string> Keys { get; init; }
}
