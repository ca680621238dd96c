namespace Larkspur.Gateway.Webhooks;

/// <summary>Webhooks of the configuration.</summary>
/// <param name="Endpoints">Those that it names.</param>
/// <param name="PrivateReach">Where on the company's own network or this machine webhooks may be that administrators add.</param>
internal sealed record ConfiguredWebhooks(IReadOnlyList<WebhookEndpoint> Endpoints, PrivateReach PrivateReach);
