using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>Which dead deliveries are sent again: these, or those that all other members fit. At least one of them.</summary>
/// <param name="Kind"><c>message</c> or <c>webhook</c>.</param>
/// <param name="Force">True: also what may be shown twice.</param>
[RequestSizeLimit(8 << 10)]
internal sealed record ReplayDeliveries(
    [property: MaxLength(ReplayDeliveries.Most),
        Refusal("bad_ids", "A list of 1 to 200 ids.", OfType = true)] IReadOnlyList<long>? Ids = null,
    [property: MaxLength(256)] string? Kind = null,
    [property: MaxLength(256)] string? Target = null,
    [property: MaxLength(256)] string? App = null,
    [property: MaxLength(256)] string? Reason = null,
    [property: Refusal("bad_time", ReplayDeliveries.NoTime)] DateTimeOffset? Since = null,
    [property: Refusal("bad_time", ReplayDeliveries.NoTime)] DateTimeOffset? Until = null,
    bool? Force = null)
    : IRequestBody<ReplayDeliveries, DeliveryContracts>
{
    public const int Most = 200;

    public const string NoTime = "A time in ISO 8601, like 2026-01-05T09:00:00Z.";

    /// <summary>A member that says something else than <see cref="Ids"/>.</summary>
    public string? Besides() => Kind is not null ? "kind" : Target is not null ? "target" : App is not null ? "app"
        : Reason is not null ? "reason" : Since is not null ? "since" : Until is not null ? "until" : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(ReplayDeliveries))]
internal sealed partial class DeliveryContracts : JsonSerializerContext, IBodyContracts<DeliveryContracts>;
