using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Authorizations;

/// <summary>Tells business systems what people answered: webhooks that are queued in the answer's own transaction.</summary>
internal sealed class AuthorizationEvents(IWebhookEndpoints webhooks, IOutbox outbox)
{
    public const string Given = "authorization.given";
    public const string Refused = "authorization.refused";
    public const string Ended = "authorization.ended";

    public async ValueTask TellAsync(IUnitOfWork unit, UserAuthorization row, string type, DateTimeOffset now)
    {
        var hearing = webhooks.Hearing(type, row.Owner, row.App, null);
        if (hearing.Count == 0) return;
        var data = WebhookData.Of(json =>
        {
            json.WriteString("authorization", row.Id);
            json.WriteString("platform", PlatformNames.Feishu);
            json.WriteString("app", row.App);
            json.WriteString("system", row.Owner.Length == 0 ? null : row.Owner);
            json.WriteString("holder", row.Holder);
            json.WriteString("open_id", row.OpenId);
            json.WriteStartArray("scopes");
            foreach (var scope in row.Scopes) json.WriteStringValue(scope);
            json.WriteEndArray();
            json.WriteString("state", row.StateAt(now));
            json.WriteString("why", row.EndedWhy);
            json.WriteString("at", WebhookData.Time(now));
        });
        foreach (var webhook in hearing)
        {
            // What becomes of one authorization arrives in order.
            var message = OutboxMessage.ToWebhookEndpoint(webhook.Name, type, data, "authorization:" + row.Id).OwnedBy(webhook, row.Owner);
            await outbox.QueueAsync(unit, new QueuedMessage(OutboxScope.WebhookPlatform, row.App, $"{type}:{row.Id}:{webhook.Name}",
                message));
        }
    }
}
