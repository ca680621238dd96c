using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.People.SignIn.Providers.Rows;

/// <summary>The company's own log-in, asked by OpenID Connect. Not a record: its text would show the secret.</summary>
internal sealed class IdentityProvider
{
    /// <summary>Any OpenID provider: its <c>sub</c> says who somebody is.</summary>
    public const string OpenId = "oidc";

    /// <summary>Microsoft Entra ID: <c>oid</c> within a tenant says who somebody is; <c>sub</c> is another one for each client.</summary>
    public const string Entra = "entra";

    public required string Name { get; init; }

    /// <summary>As the button calls it.</summary>
    public required LocalText Title { get; init; }

    /// <summary>To the letter.</summary>
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null: it has none, or it cannot be decrypted (<see cref="HasSecret"/>).</summary>
    public string? ClientSecret { get; init; }

    /// <summary>One is kept.</summary>
    public required bool HasSecret { get; init; }

    /// <summary>How the secret is shown: a word of <see cref="Protocol.ClientProof"/>.</summary>
    public required string ClientAuth { get; init; }

    /// <summary><see cref="OpenId"/> or <see cref="Entra"/>.</summary>
    public required string Product { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The claim with the name that people are shown by.</summary>
    public required string NameClaim { get; init; }

    /// <summary>The claim with groups or roles; null: they are not asked for.</summary>
    public string? GroupsClaim { get; init; }

    /// <summary>Tenants of Entra whose members may sign in; empty: that of the issuer.</summary>
    public required IReadOnlyList<string> AllowedTenants { get; init; }

    /// <summary>Guests of a tenant may sign in, as externals.</summary>
    public required bool AllowGuests { get; init; }

    /// <summary>Whom the gateway does not know becomes a person by signing in.</summary>
    public required bool CreatePeople { get; init; }

    public required bool Enabled { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public bool IsEntra => Product == Entra;

    /// <summary>Its secret is kept, and cannot be read.</summary>
    public bool IsUnreadable => HasSecret && ClientSecret is null;

    /// <summary>People can sign in by it.</summary>
    public bool IsUsable => Enabled && !IsUnreadable;

    public override string ToString() => Name;
}
