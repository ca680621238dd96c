using System.Diagnostics;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>From a verified Feishu delivery to the event that the inbox keeps.</summary>
internal static class FeishuInboundEvents
{
    public static InboundEvent From(FeishuDelivery delivery, string app, DateTimeOffset receivedAt)
    {
        var facts = FeishuEventFacts.Read(delivery.EventJson.Span);
        return new InboundEvent
        {
            Platform = PlatformNames.Feishu,
            App = app,
            EventId = delivery.EventId,
            EventType = delivery.EventType,
            Kind = delivery.Kind switch
            {
                FeishuDeliveryKind.Callback => EventKind.Callback,
                FeishuDeliveryKind.LegacyCardCallback => EventKind.LegacyCardCallback,
                _ => EventKind.Event,
            },
            OrderingKey = OrderingKey(delivery, facts),
            ChatId = facts.ChatId,
            MessageId = facts.MessageId,
            PersonId = facts.PersonId,
            TenantKey = delivery.TenantKey is "" ? null : delivery.TenantKey,
            UniqueByMessage = delivery.EventType == "im.message.receive_v1",
            TraceParent = Activity.Current?.Id,
            ReceivedAt = receivedAt,
            CreatedAt = delivery.CreatedAt,
            Payload = delivery.EventJson,
        };
    }

    /// <summary>
    /// Clicks are ordered per card, so that a click never waits behind the chat's messages; everything in a chat per chat; what happens to an approval per
    /// instance, whoever did it; the rest by person, and what concerns none of these is in no order at all.
    /// </summary>
    private static string OrderingKey(FeishuDelivery delivery, in FeishuEventFacts facts)
    {
        if (delivery.Kind != FeishuDeliveryKind.Event && facts.MessageId is { } card) return "card:" + card;
        if (facts.ChatId is { } chat) return "chat:" + chat;
        if (facts.InstanceCode is { } instance) return "approval:" + instance;
        if (facts.PersonId is { } person) return "person:" + person;
        return "event:" + delivery.EventId;
    }
}
