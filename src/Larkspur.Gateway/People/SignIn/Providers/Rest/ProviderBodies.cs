using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.SignIn.Providers.Rest;

/// <summary>What is sent to add an identity provider, or to change what it names of one. A new one needs its issuer, its client_id and its
/// client_secret.</summary>
/// <param name="Issuer">To the letter, as <c>/.well-known/openid-configuration</c> below it says. Another one is another provider: it needs
/// its client_secret.</param>
/// <param name="ClientId">Which application the gateway is there.</param>
/// <param name="ClientSecret">It is kept encrypted, and never shown again.</param>
/// <param name="ClientAuth"><c>auto</c> (the default: as the provider says), <c>client_secret_basic</c>, <c>client_secret_post</c>;
/// <c>none</c>: a public client, whose secret is forgotten.</param>
/// <param name="Product"><c>oidc</c>: <c>sub</c> says who somebody is. <c>entra</c>: tenant and <c>oid</c> do. Default: by the
/// issuer.</param>
/// <param name="TitleZh">As the button calls it, in Chinese; default: as in English, else the name.</param>
/// <param name="TitleEn">The same in English.</param>
/// <param name="Scopes">Default <c>openid</c>, <c>profile</c>.</param>
/// <param name="NameClaim">The claim with the name that people are shown by; default <c>name</c>.</param>
/// <param name="GroupsClaim">The claim with groups or roles: <c>groups</c>, <c>roles</c>, <c>realm_access.roles</c>. <c>none</c>
/// (the default): they are not asked for.</param>
/// <param name="AllowedTenants">Of Entra: ids of the tenants whose members may sign in. Empty: that of the issuer.</param>
/// <param name="AllowGuests">Of Entra: guests may sign in, as externals.</param>
/// <param name="CreatePeople">Whom the gateway does not know becomes a person by signing in. Default false: only who is linked gets
/// in.</param>
/// <param name="Enabled">False: the page does not show it, and nobody signs in by it.</param>
/// <param name="System">The system that it belongs to; default: the calling key's. Another one takes others:write.</param>
[RequestSizeLimit(32 << 10)]
internal sealed record PutIdentityProvider(
    [property: MaxLength(ProviderAddresses.Longest)] string? Issuer = null,
    [property: MaxLength(500)] string? ClientId = null,
    [property: MaxLength(1000)] string? ClientSecret = null,
    [property: MaxLength(30)] string? ClientAuth = null,
    [property: MaxLength(20)] string? Product = null,
    [property: MaxLength(60)] string? TitleZh = null,
    [property: MaxLength(60)] string? TitleEn = null,
    [property: MaxLength(30), MaxItemLength(100)] IReadOnlyList<string>? Scopes = null,
    [property: MaxLength(200)] string? NameClaim = null,
    [property: MaxLength(200)] string? GroupsClaim = null,
    [property: MaxLength(100), MaxItemLength(36), MayBeEmpty] IReadOnlyList<string>? AllowedTenants = null,
    bool? AllowGuests = null,
    bool? CreatePeople = null,
    bool? Enabled = null,
    [property: MaxLength(KeyReach.LongestSystem)] string? System = null)
    : IRequestBody<PutIdentityProvider, ProviderContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutIdentityProvider))]
internal sealed partial class ProviderContracts : JsonSerializerContext, IBodyContracts<ProviderContracts>;
