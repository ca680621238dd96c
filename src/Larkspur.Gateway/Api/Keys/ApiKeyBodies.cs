using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>What a body says of whose a key is and how far it reaches.</summary>
internal abstract record ApiKeyBody : IRequestPart
{
    /// <summary>Calls a minute, 1 to 100000; default 600. As many may come at once.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>When it ends; null: it does not end by itself. Absent in a new one: in 365 days.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True: it does not end by itself; the same as null for the end, for callers who cannot write that.</summary>
    public bool? Endless { get; init; }

    /// <summary>
    /// The business system that it belongs to, up to 60 characters: what a key makes is its system's. Absent in a new one: its name, or the
    /// calling key's own system.
    /// </summary>
    [MaxLength(KeyReach.LongestSystem)]
    public string? System { get; init; }

    /// <summary>Names of the apps that it may speak for; null, and absent in a new one: all.</summary>
    [MaxLength(KeyReach.MostApps), MaxItemLength(64)]
    public IReadOnlyList<string>? Apps { get; init; }

    /// <summary>Issuers for whose subjects it may open web-chat sessions; null, and absent in a new one: none.</summary>
    [MaxLength(KeyReach.MostIssuers), MaxItemLength(KeyReach.LongestIssuer)]
    public IReadOnlyList<string>? Issuers { get; init; }

    /// <summary>Networks that it may be used from, like 10.0.0.0/8; null, and absent in a new one: everywhere.</summary>
    [MaxLength(KeyReach.MostAddresses), MaxItemLength(64)]
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>The person whose it is, by their id: it ends when they leave. Null: nobody's. Absent in a new one: the calling key's
    /// holder.</summary>
    [MaxLength(LongestHolder)]
    public string? Holder { get; init; }

    internal const int LongestHolder = 64;
}

/// <summary>A key that is to be made.</summary>
[RequestSizeLimit(32 << 10)]
internal sealed record ApiKeyWanted : ApiKeyBody, IRequestBody<ApiKeyWanted, ApiKeyContracts>
{
    /// <summary>Whose it is, up to 60 characters: names the caller in the audit log and in rows' histories.</summary>
    [MaxLength(ApiKeys.LongestName)]
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    [MaxLength(ApiScopes.MostNamed), MaxItemLength(64)]
    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>What of a key is to change. Members that are absent stay.</summary>
[RequestSizeLimit(32 << 10)]
internal sealed record ApiKeyChange : ApiKeyBody, IRequestBody<ApiKeyChange, ApiKeyContracts>
{
    /// <summary>Whose it is, up to 60 characters.</summary>
    [MaxLength(ApiKeys.LongestName)]
    public string? Name { get; init; }

    /// <summary>All that it may do from now on.</summary>
    [MaxLength(ApiScopes.MostNamed), MaxItemLength(64)]
    public IReadOnlyList<string>? Scopes { get; init; }
}

/// <summary>How a key is renewed.</summary>
/// <param name="OverlapSeconds">For so long the secret before is taken besides; up to 604800 (7 days), default 0.</param>
[RequestSizeLimit(32 << 10)]
internal sealed record ApiKeyRotation(
    [property: Range(0, ApiKeys.LongestOverlapSeconds), Refusal("bad_duration", "0 to 604800 seconds.")] int? OverlapSeconds = null)
    : IRequestBody<ApiKeyRotation, ApiKeyContracts>;

/// <summary>Who has a key from now on.</summary>
/// <param name="Holder">The person, by their id; null, and absent: nobody, its system alone.</param>
[RequestSizeLimit(32 << 10)]
internal sealed record ApiKeyHandover([property: MaxLength(ApiKeyBody.LongestHolder)] string? Holder = null)
    : IRequestBody<ApiKeyHandover, ApiKeyContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(ApiKeyWanted)), JsonSerializable(typeof(ApiKeyChange)), JsonSerializable(typeof(ApiKeyRotation))]
[JsonSerializable(typeof(ApiKeyHandover))]
internal sealed partial class ApiKeyContracts : JsonSerializerContext, IBodyContracts<ApiKeyContracts>;
