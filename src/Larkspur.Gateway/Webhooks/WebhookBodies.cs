using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Webhooks;

/// <summary>
/// What is sent to add or change one. Absent: as it was; a new one needs its url. The system is the calling key's; another one takes
/// others:write.
/// </summary>
internal sealed record PutWebhook : IRequestBody<PutWebhook>
{
    [MaxLength(4000)]
    public string? Url { get; init; }

    [MaxLength(256)]
    public string? Secret { get; init; }

    /// <summary>An empty list is a wish too: only what names the webhook goes there.</summary>
    [MaxLength(100), MaxItemLength(100), MayBeEmpty]
    public IReadOnlyList<string>? Events { get; init; }

    [Range(WebhookEndpointRules.LeastTimeoutSeconds, WebhookEndpointRules.MostTimeoutSeconds)]
    [Refusal("bad_timeout", "Whole seconds, from 1 to 120.", OfType = true)]
    public int? TimeoutSeconds { get; init; }

    [MaxLength(KeyReach.LongestSystem)]
    public string? System { get; init; }

    public static JsonTypeInfo<PutWebhook> Contract => WebhookContracts.Default.PutWebhook;

    public static int Largest => 16 << 10;
}

/// <summary>A secret of one's own; absent: one is made.</summary>
internal sealed record RotateWebhook : IRequestBody<RotateWebhook>
{
    [MaxLength(256)]
    public string? Secret { get; init; }

    public static JsonTypeInfo<RotateWebhook> Contract => WebhookContracts.Default.RotateWebhook;

    public static int Largest => 16 << 10;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutWebhook)), JsonSerializable(typeof(RotateWebhook))]
internal sealed partial class WebhookContracts : JsonSerializerContext;
