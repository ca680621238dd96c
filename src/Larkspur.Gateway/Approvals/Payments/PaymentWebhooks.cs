using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Approvals;

/// <summary>Tells business systems what became of their payments: signed webhook messages, queued in the transaction that changes the payment.</summary>
internal sealed class PaymentWebhooks(IWebhookEndpoints webhooks, IOutbox outbox, PaymentStore store)
{
    /// <summary>A decision. Exactly one for each version of a payment.</summary>
    public const string Decided = "payment.decided";

    /// <summary>No instance could be made: nothing is decided, and an operator has to look.</summary>
    public const string Failed = "payment.failed";

    /// <summary>The caller may have this webhook told of his payments.</summary>
    public bool MayName(KeyGrant caller, string webhook) => webhooks.MayName(caller, webhook);

    /// <summary>Queues the message that tells the decision.</summary>
    public ValueTask DecideAsync(IUnitOfWork unit, Payment payment, InstanceFacts seen) => TellAsync(unit, payment, Decided, json =>
    {
        json.WriteString("decision", payment.State);
        json.WriteString("at", WebhookData.Time(payment.StateAt));
        if (seen.Comment is { } comment) json.WriteString("comment", comment);
        if (seen.DecidedBy is not { } by) return;
        json.WriteStartObject("decided_by");
        json.WriteString("open_id", by.OpenId);
        json.WriteString("user_id", by.UserId);
        json.WriteEndObject();
    });

    /// <summary>Queues the message that it failed.</summary>
    public ValueTask FailAsync(IUnitOfWork unit, Payment payment, string message) => TellAsync(unit, payment, Failed, json =>
    {
        json.WriteString("reason", payment.Reason);
        json.WriteString("message", message);
        json.WriteString("at", WebhookData.Time(payment.ChangedAt));
    });

    private async ValueTask TellAsync(IUnitOfWork unit, Payment payment, string type, Action<Utf8JsonWriter> more)
    {
        var hearing = webhooks.Hearing(type, payment.Owner, payment.App, payment.Webhook);
        if (hearing.Count == 0) return;
        var data = DataOf(payment, more);
        foreach (var webhook in hearing)
        {
            // The key is the webhook-id: one for each payment, version and kind, in whatever process and however often it is told.
            var name = webhook.Name;
            var key = $"{payment.Id}:{type}:v{payment.Version}:{name}";
            var message = OutboxMessage.ToWebhookEndpoint(name, type, data, "payment:" + payment.Id).OwnedBy(webhook, payment.Owner);
            await outbox.QueueAsync(unit, new QueuedMessage(OutboxScope.WebhookPlatform, payment.App, key, message) { Reference = payment.Reference });
            await store.WebhookAsync(unit, payment.Id, payment.Version, type, name, IdempotencyKeys.ForQueued(OutboxScope.WebhookPlatform, payment.App, key));
        }
    }

    private static string DataOf(Payment payment, Action<Utf8JsonWriter> more) => WebhookData.Of(json =>
    {
        json.WriteString("payment_id", payment.Id);
        // A number is a system's own word: whose it is stands with it.
        json.WriteString("system", payment.Owner.Length == 0 ? null : payment.Owner);
        json.WriteString("number", payment.Number);
        json.WriteNumber("version", payment.Version);
        json.WriteString("amount", payment.Amount);
        json.WriteString("currency", payment.Currency);
        json.WriteString("app", payment.App);
        json.WriteString("approval_code", payment.ApprovalCode);
        json.WriteString("instance_code", payment.InstanceCode);
        more(json);
    });
}
