using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.People.OpenId.Clients;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.OpenId.Rest;

/// <summary>Addresses and switches of a client.</summary>
internal abstract record OidcClientBody : IRequestPart
{
    /// <summary>Where browsers may go after the end of a session, letter by letter.</summary>
    [MaxLength(20), MaxItemLength(RedirectAddresses.Longest), MayBeEmpty]
    public IReadOnlyList<string>? PostLogoutRedirectUris { get; init; }

    /// <summary>Where the client is told of ended sessions (back-channel logout); null: it is not. Private addresses are those of
    /// LARKSPUR_ALLOW_PRIVATE_ADDRESSES.</summary>
    [MaxLength(RedirectAddresses.Longest)]
    public string? BackchannelLogoutUri { get; init; }

    /// <summary>People are not asked for consent. Default: true for a confidential client that administrators register, which alone may
    /// say so.</summary>
    public bool? Trusted { get; init; }

    /// <summary>PKCE is required, as of every public client.</summary>
    public bool? RequirePkce { get; init; }

    /// <summary>Claims of the scopes stand in the id_token too.</summary>
    public bool? IdTokenClaims { get; init; }

    /// <summary><c>names</c> (the default) or <c>ids</c>: how departments and roles are written in the claim <c>groups</c>.</summary>
    [MaxLength(10)]
    public string? Groups { get; init; }

    /// <summary>The claim of the id_token in which the client looks for policies (MinIO: <c>policy</c>); null: none.</summary>
    [MaxLength(60)]
    public string? PolicyClaim { get; init; }

    /// <summary>What stands in that claim for everybody; empty: their groups.</summary>
    [MaxLength(20), MaxItemLength(100), MayBeEmpty]
    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>Access tokens are JWT (RFC 9068); default: opaque.</summary>
    public bool? JwtAccessTokens { get; init; }

    /// <summary>It gets refresh tokens without offline_access too; those end with the session.</summary>
    public bool? AlwaysRefresh { get; init; }

    /// <summary>It may introspect tokens of other clients. Administrators alone may say so.</summary>
    public bool? Introspects { get; init; }

    /// <summary>For so many seconds, 0 to 60, a used refresh token gives its successor again; default 0: a second use ends all.</summary>
    [Range(0, 60), Refusal("bad_duration", "0 to 60 seconds.")]
    public int? GraceSeconds { get; init; }

    /// <summary>60 to 86400; default 3600.</summary>
    [Range(60, 86_400), Refusal("bad_duration", "60 to 86400 seconds.")]
    public int? AccessTokenSeconds { get; init; }

    /// <summary>60 to 86400; default 3600.</summary>
    [Range(60, 86_400), Refusal("bad_duration", "60 to 86400 seconds.")]
    public int? IdTokenSeconds { get; init; }

    /// <summary>So long refresh tokens hold without use, 300 to 31536000; default 30 days.</summary>
    [Range(300, 31_536_000), Refusal("bad_duration", "300 to 31536000 seconds.")]
    public int? RefreshIdleSeconds { get; init; }

    /// <summary>So long after the sign-in the last refresh token holds, 300 to 31536000; default 90 days.</summary>
    [Range(300, 31_536_000), Refusal("bad_duration", "300 to 31536000 seconds.")]
    public int? RefreshSeconds { get; init; }

    /// <summary>Domains whose addresses the administrator answers for: of those email_verified is true. Administrators alone may say
    /// so.</summary>
    [MaxLength(20), MaxItemLength(253), MayBeEmpty]
    public IReadOnlyList<string>? VerifiedEmailDomains { get; init; }

    /// <summary>Departments and roles, by name or id, whose people may sign in; empty: everybody.</summary>
    [MaxLength(50), MaxItemLength(200), MayBeEmpty]
    public IReadOnlyList<string>? AllowedGroups { get; init; }
}

/// <summary>A system that is to be connected.</summary>
[RequestSizeLimit(64 << 10)]
internal sealed record NewOidcClient : OidcClientBody, IRequestBody<NewOidcClient, PeopleContracts>
{
    /// <summary>As people read it, up to 60 characters.</summary>
    [MaxLength(60)]
    public required string Name { get; init; }

    /// <summary>Where codes go: compared letter by letter.</summary>
    [MaxLength(20), MaxItemLength(RedirectAddresses.Longest)]
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>It can keep no secret: a page, a program on people's machines. It has none, and needs PKCE.</summary>
    public bool Public { get; init; }
}

/// <summary>What of a client is to change. Members that are absent stay.</summary>
[RequestSizeLimit(64 << 10)]
internal sealed record ChangeOidcClient : OidcClientBody, IRequestBody<ChangeOidcClient, PeopleContracts>
{
    /// <summary>As people read it, up to 60 characters.</summary>
    [MaxLength(60)]
    public string? Name { get; init; }

    /// <summary>All of them from now on.</summary>
    [MaxLength(20), MaxItemLength(RedirectAddresses.Longest)]
    public IReadOnlyList<string>? RedirectUris { get; init; }

    /// <summary>False: nobody signs in to it, and all that it has ends.</summary>
    public bool? Enabled { get; init; }
}
