using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Tells business systems of clicks: the webhook <c>card.action</c>, signed and durable, in the click's own transaction.</summary>
internal sealed class CardEvents(IWebhookEndpoints webhooks, MessageOwners owners)
{
    public const string EventType = "card.action";

    /// <summary>The caller may have this webhook told of what happens on a card.</summary>
    public bool MayName(KeyGrant caller, string webhook) => webhooks.MayName(caller, webhook);

    /// <summary>Queues the webhooks.</summary>
    /// <returns>False: nobody is to be told.</returns>
    public async ValueTask<bool> TellAsync(IEffects effects, CardClick click, CardDecision? decision)
    {
        // A card that a system has drawn by itself is known by its message.
        var owner = decision?.Card.Owner ?? await owners.OfAsync(effects.Unit, click.App, click.MessageId);
        var hearing = webhooks.Hearing(EventType, owner, click.App, decision?.Message.Webhook);
        if (hearing.Count == 0) return false;
        var data = DataOf(click, decision, owner, effects.Now);
        foreach (var webhook in hearing)
        {
            // What happens on one card arrives in order.
            effects.Send(OutboxMessage.ToWebhookEndpoint(webhook.Name, EventType, data, "card:" + (decision?.Card.Id ?? click.MessageId ?? click.Person.OpenId)).OwnedBy(webhook, owner)
                with { KeyPart = $"{EventType}:{webhook.Name}" });
        }

        return true;
    }

    private static string DataOf(CardClick click, CardDecision? decision, string owner, DateTimeOffset at) =>
        WebhookData.Of(json =>
    {
        json.WriteString("platform", click.Context.Event.Platform);
        json.WriteString("app", click.App);
        // Whose card it is: a receiver of several systems' clicks must not take one's for another's.
        json.WriteString("system", owner.Length == 0 ? null : owner);
        json.WriteString("reference", click.Context.Reference);
        json.WriteString("card", decision?.Card.Id);
        json.WriteString("key", decision is null ? null : IdempotencyKey.Unowned(decision.Card.Key) ?? decision.Card.Key);
        json.WriteString("message_id", click.MessageId);
        json.WriteString("chat_id", click.ChatId);
        json.WriteString("action", decision?.Action.Id ?? click.Name);
        json.WriteString("tag", click.Tag);
        WriteValue(json, click, decision);
        json.WritePropertyName("form");
        if (decision?.Form is { } form) json.WriteRawValue(form);
        else JsonSerializer.Serialize(json, click.Form.Raw);
        if (decision is null) WriteChoice(json, click);
        WritePerson(json, click.Person);
        json.WriteString("at", WebhookData.Time(at));
        json.WriteString("time_zone", click.TimeZone.Id);
    });

    private static void WriteValue(Utf8JsonWriter json, CardClick click, CardDecision? decision)
    {
        json.WritePropertyName("value");
        if (decision is not null) json.WriteRawValue(decision.Action.Value ?? "null");
        else if (click.Value.ValueKind == JsonValueKind.Undefined) json.WriteNullValue();
        else click.Value.WriteTo(json);
    }

    private static void WriteChoice(Utf8JsonWriter json, CardClick click)
    {
        json.WriteStartArray("options");
        foreach (var option in click.Options) json.WriteStringValue(option);
        json.WriteEndArray();
        json.WriteString("input", click.Input);
        if (click.Checked is { } ticked) json.WriteBoolean("checked", ticked);
    }

    private static void WritePerson(Utf8JsonWriter json, CardPerson person)
    {
        json.WriteStartObject("person");
        json.WriteString("open_id", person.OpenId);
        json.WriteString("user_id", person.UserId);
        json.WriteString("union_id", person.UnionId);
        json.WriteString("name", person.Name);
        json.WriteEndObject();
    }
}
