using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Webhooks;

/// <summary>
/// What is sent to add or change one. Absent: as it was; a new one needs its url. The system is the calling key's; another one takes
/// others:write.
/// </summary>
/// <param name="Events">An empty list is a wish too: only what names the webhook goes there.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record PutWebhook(
    [property: MaxLength(4000)] string? Url = null,
    [property: MaxLength(256)] string? Secret = null,
    [property: MaxLength(100), MaxItemLength(100), MayBeEmpty] IReadOnlyList<string>? Events = null,
    [property: Range(WebhookEndpointRules.LeastTimeoutSeconds, WebhookEndpointRules.MostTimeoutSeconds)]
    [property: Refusal("bad_timeout", "Whole seconds, from 1 to 120.", OfType = true)]
    int? TimeoutSeconds = null,
    [property: MaxLength(KeyReach.LongestSystem)] string? System = null)
    : IRequestBody<PutWebhook, WebhookContracts>;

/// <summary>A secret of one's own; absent: one is made.</summary>
[RequestSizeLimit(16 << 10)]
internal sealed record RotateWebhook(
    [property: MaxLength(256)] string? Secret = null)
    : IRequestBody<RotateWebhook, WebhookContracts>;

/// <summary>Which deliveries are sent again: those that were made from <c>since</c> on and before <c>until</c>.</summary>
/// <param name="Since">From then on.</param>
/// <param name="Until">Until then; absent: now.</param>
/// <param name="State"><c>dead</c> (what failed; the default) or <c>all</c> (what was delivered too).</param>
[RequestSizeLimit(4 << 10)]
internal sealed record ResendWindow(
    DateTimeOffset Since,
    DateTimeOffset? Until = null,
    [property: MaxLength(16)] string? State = null)
    : IRequestBody<ResendWindow, WebhookContracts>;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutWebhook)), JsonSerializable(typeof(RotateWebhook)), JsonSerializable(typeof(ResendWindow))]
internal sealed partial class WebhookContracts : JsonSerializerContext, IBodyContracts<WebhookContracts>;
