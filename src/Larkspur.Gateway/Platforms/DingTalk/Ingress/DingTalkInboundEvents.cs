using System.Diagnostics;
using System.Text.Json;
using Larkspur.DingTalk;
using Larkspur.Gateway.Inbox;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>From a delivery that was verified, or came over the app's own stream, to the event that the inbox keeps.</summary>
internal sealed class DingTalkInboundEvents(SessionWebhooks sessions)
{
    /// <param name="delivery">The delivery.</param>
    /// <param name="app">The app's name.</param>
    /// <param name="receivedAt">Now.</param>
    public InboundEvent From(DingTalkDelivery delivery, string app, DateTimeOffset receivedAt)
    {
        var facts = Facts.Of(delivery);
        return new InboundEvent
        {
            Platform = DingTalkApps.Platform,
            App = app,
            EventId = delivery.Id,
            EventType = delivery.Type,
            Kind = delivery.Kind == DingTalkDeliveryKind.CardCallback ? EventKind.Callback : EventKind.Event,
            OrderingKey = facts.OrderingKey ?? "event:" + delivery.Id,
            ChatId = facts.ChatId,
            MessageId = facts.MessageId,
            PersonId = facts.PersonId,
            TenantKey = delivery.CorpId is "" ? null : delivery.CorpId,
            UniqueByMessage = delivery.Kind == DingTalkDeliveryKind.RobotMessage,
            TraceParent = Activity.Current?.Id,
            ReceivedAt = receivedAt,
            CreatedAt = delivery.CreatedAt,
            Payload = delivery.Kind == DingTalkDeliveryKind.RobotMessage ? sessions.Sealed(delivery.Json) : delivery.Json,
        };
    }

    /// <summary>Clicks are ordered per card, messages per conversation, what happens to an approval per instance.</summary>
    private readonly record struct Facts(string? OrderingKey, string? ChatId, string? MessageId, string? PersonId)
    {
        public static Facts Of(DingTalkDelivery delivery)
        {
            using var document = JsonDocument.Parse(delivery.Json);
            var body = document.RootElement;
            switch (delivery.Kind)
            {
                case DingTalkDeliveryKind.RobotMessage:
                    var chat = Text(body, "conversationId");
                    return new Facts(chat is null ? null : "chat:" + chat, chat, delivery.Id, Text(body, "senderStaffId") ?? Text(body, "senderId"));
                case DingTalkDeliveryKind.CardCallback:
                    var card = Text(body, "outTrackId");
                    return new Facts("card:" + card, null, card, Text(body, "userId"));
                default:
                    var group = Text(body, "openConversationId");
                    var instance = Text(body, "processInstanceId");
                    return new Facts(instance is not null ? "approval:" + instance : group is not null ? "chat:" + group : null, group, null, Text(body, "staffId"));
            }
        }

        private static string? Text(JsonElement body, string name)
        {
            try
            {
                return body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 500 } text ? text : null;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair: JSON that is no text.
                return null;
            }
        }
    }
}
