using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>
/// Tells business systems that their commands are called: the webhook <c>command.called</c>, signed and durable, in the event's own
/// transaction.
/// </summary>
internal sealed class CallEvents(IWebhookEndpoints webhooks)
{
    public const string EventType = "command.called";

    /// <summary>Whose webhooks would be told of a call of this command by this app now.</summary>
    public IReadOnlyList<WebhookEndpoint> Hearing(RegisteredCommand command, string app) =>
        [.. webhooks.Hearing(EventType, command.Owner, app, command.Webhook).Where(w => w.GoneAt is null)];

    /// <summary>Queues the webhooks.</summary>
    public static void Tell(IEffects effects, IReadOnlyList<WebhookEndpoint> hearing, StoredCall call)
    {
        var data = DataOf(call, effects.Now);
        foreach (var webhook in hearing)
        {
            // One call that its system cannot take now must not hold up the next.
            effects.Send(OutboxMessage.ToWebhookEndpoint(webhook.Name, EventType, data, "command:" + call.Id).OwnedBy(webhook, call.Owner)
                with { KeyPart = $"{EventType}:{webhook.Name}" });
        }
    }

    private static string DataOf(StoredCall call, DateTimeOffset at) => WebhookData.Of(json =>
    {
        json.WriteString("platform", call.Platform);
        json.WriteString("app", call.App);
        json.WriteString("system", call.Owner.Length == 0 ? null : call.Owner);
        json.WriteString("command", call.Command);
        json.WriteString("call", call.Id);
        json.WriteString("reference", call.Reference);
        json.WriteString("text", call.Words);
        json.WritePropertyName("form");
        if (call.Entered is { } entered) json.WriteRawValue(entered);
        else json.WriteNullValue();
        json.WritePropertyName("person");
        JsonSerializer.Serialize(json, call.Person);
        json.WriteString("chat_id", call.ChatId);
        json.WriteString("chat_type", call.IsGroup ? "group" : "private");
        json.WriteString("message_id", call.MessageId);
        json.WriteString("locale", call.Locale);
        json.WriteString("at", WebhookData.Time(at));
        json.WriteString("answers", CommandPaths.Answers(call));
    });
}
