namespace Larkspur.Gateway.Webhooks.Attempts;

/// <summary>One attempt to deliver a webhook message.</summary>
/// <param name="Webhook">Its name.</param>
/// <param name="WebhookId">The header <c>webhook-id</c>.</param>
/// <param name="Number">Since the message was made, or sent again.</param>
/// <param name="At">When it began; the header <c>webhook-timestamp</c> says it in seconds.</param>
/// <param name="Took">Until the answer's headers had come, or it had failed.</param>
/// <param name="Reason">Why it failed; null: the receiver took it.</param>
/// <param name="Answer">What the receiver said.</param>
internal sealed record WebhookAttempt(
    string Webhook, string WebhookId, int Number, DateTimeOffset At, TimeSpan Took, string? Reason, WebhookAnswer Answer);

/// <summary>What a receiver said.</summary>
/// <param name="Status">Of HTTP; null: there was no answer.</param>
/// <param name="MediaType">Its content type.</param>
/// <param name="Text">Its beginning, where it is text; secrets that the gateway knows are hidden in it.</param>
internal readonly record struct WebhookAnswer(int? Status = null, string? MediaType = null, string? Text = null);
