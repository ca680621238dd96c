using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Who becomes part of the one in the address.</summary>
internal sealed record MergePeople : IRequestBody<MergePeople>
{
    [MaxLength(64)]
    public required string From { get; init; }

    public static JsonTypeInfo<MergePeople> Contract => IdentityContracts.Default.MergePeople;

    public static int Largest => 4 << 10;
}

/// <summary>Which account is taken off, or which join is undone: one of the two.</summary>
internal sealed record UnlinkAccount : IRequestBody<UnlinkAccount>
{
    public long? Account { get; init; }

    [MaxLength(64)]
    public string? Join { get; init; }

    public static JsonTypeInfo<UnlinkAccount> Contract => IdentityContracts.Default.UnlinkAccount;

    public static int Largest => 4 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(MergePeople))]
[JsonSerializable(typeof(UnlinkAccount))]
internal sealed partial class IdentityContracts : JsonSerializerContext;
