namespace Larkspur.Webhooks;

/// <summary>Names of the headers of a Standard Webhooks request (specification 1.0.0, "Webhook headers").</summary>
public static class WebhookHeaders
{
    /// <summary>Id of the webhook, the same for every attempt: a receiver that remembers it has no second effect.</summary>
    public const string Id = "webhook-id";

    /// <summary>When this attempt was made, Unix seconds.</summary>
    public const string Timestamp = "webhook-timestamp";

    /// <summary>Signatures, separated by spaces: <c>v1,BASE64</c> each.</summary>
    public const string Signature = "webhook-signature";
}
