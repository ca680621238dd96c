using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>Which dead deliveries are sent again: these, or those that all other members fit. At least one of them.</summary>
internal sealed record ReplayDeliveries : IRequestBody<ReplayDeliveries>
{
    public const int Most = 200;

    private const string NoTime = "A time in ISO 8601, like 2026-01-05T09:00:00Z.";

    [MaxLength(Most), Refusal("bad_ids", "A list of 1 to 200 ids.", OfType = true)]
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary><c>message</c> or <c>webhook</c>.</summary>
    [MaxLength(256)]
    public string? Kind { get; init; }

    [MaxLength(256)]
    public string? Target { get; init; }

    [MaxLength(256)]
    public string? App { get; init; }

    [MaxLength(256)]
    public string? Reason { get; init; }

    [Refusal("bad_time", NoTime)]
    public DateTimeOffset? Since { get; init; }

    [Refusal("bad_time", NoTime)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>True: also what may be shown twice.</summary>
    public bool? Force { get; init; }

    /// <summary>A member that says something else than <see cref="Ids"/>.</summary>
    [JsonIgnore]
    public string? Besides => Kind is not null ? "kind" : Target is not null ? "target" : App is not null ? "app"
        : Reason is not null ? "reason" : Since is not null ? "since" : Until is not null ? "until" : null;

    public static JsonTypeInfo<ReplayDeliveries> Contract => DeliveryContracts.Default.ReplayDeliveries;

    public static int Largest => 8 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(ReplayDeliveries))]
internal sealed partial class DeliveryContracts : JsonSerializerContext;
