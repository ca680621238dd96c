using System.Globalization;
using System.Text;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks.Attempts;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Webhooks.Deliveries;

/// <summary>What a business system was sent: in lists, and one delivery with its request and its attempts.</summary>
/// <remarks>
/// A caller sees deliveries that are his system's, by apps of his key; of a webhook that was another's before, those stay the other's.
/// What an event says, and an answer that may repeat it, takes the scopes that subscribing to the event takes.
/// </remarks>
internal sealed class WebhookDeliveryReader(
    WebhookDeliveries deliveries, WebhookEndpointRegistry webhooks, IDatabase database, SecretRegistry secrets)
{
    /// <summary>A page, the newest first.</summary>
    public async Task<WebhookDeliveriesView> ListAsync(KeyGrant caller, string name, WebhookDeliveryQuery query,
        CancellationToken cancellation)
    {
        var page = await deliveries.ListAsync(query.Read(caller, name), query.Cursor, query.Limit ?? 20, cancellation);
        return new WebhookDeliveriesView([.. page.Items.Select(WebhookDeliveryView.Of)], page.Next);
    }

    /// <summary>One of them.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none of this id.</exception>
    public async Task<WebhookRow> FindAsync(KeyGrant caller, string name, string webhookId, CancellationToken cancellation) =>
        await deliveries.FindAsync(new WebhookFilter(name, caller.Readable) { WebhookId = webhookId }, cancellation) ?? throw NotFound();

    /// <summary>Everything about it.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none of this id.</exception>
    public async Task<WebhookDeliveryDetailsView> ShowAsync(KeyGrant caller, string name, string webhookId, CancellationToken cancellation)
    {
        var row = await FindAsync(caller, name, webhookId, cancellation);
        var entry = await deliveries.EntryAsync(row.Item.Id, cancellation) ?? throw NotFound();
        var (attempts, history) = await database.ReadAsync(async sql => (await AttemptStore.OfAsync(sql, webhookId),
            await RowHistory.ReadAsync(sql, RowHistory.Outbox, row.Item.Id)), cancellation);
        var missing = EventRights.Missing(caller, WebhookDeliveryQuery.TypeOf(entry.Message.MessageType));
        return new WebhookDeliveryDetailsView(WebhookDeliveryView.Of(row), RequestOf(entry, attempts, missing is null),
            [.. attempts.Select(attempt => WebhookAttemptView.Of(attempt, missing is null))], history, missing);
    }

    private WebhookRequestView RequestOf(OutboxEntry entry, List<WebhookAttempt> attempts, bool withBody)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/json", ["user-agent"] = WebhookChannel.Agent.ToString(),
                [WebhookHeaders.Id] = entry.IdempotencyKey,
        };
        if (attempts is [.., var last])
        {
            headers[WebhookHeaders.Timestamp] = last.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            headers[WebhookHeaders.Signature] = "v1," + SecretRegistry.Hidden;
        }

        var body = WebhookBody.Of(entry);
        var shown = withBody ? secrets.Hide(Encoding.UTF8.GetString(body)) : null;
        return new WebhookRequestView("POST", webhooks.Find(entry.Message.Target)?.Url.Authority, headers, shown, body.Length,
            shown is not null && Encoding.UTF8.GetCharCount(body) > SecretRegistry.LongestText);
    }

    private static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found", "/{webhook_id}",
        $"Nothing with this webhook-id was sent to this webhook, or it is forgotten. {KeyGrant.OthersHint}");
}
