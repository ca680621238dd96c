using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Callbacks;

/// <summary>Forwards inbound events to the destinations that list their type.</summary>
internal sealed class EventForwarding(IDestinations destinations) : IForwarding
{
    public bool Wants(InboundEvent inbound)
    {
        foreach (var destination in destinations.All)
        {
            if (destination.Wants(inbound.EventType) && destination.Takes(inbound.App)) return true;
        }

        return false;
    }

    public void Forward(InboundEvent inbound, IEffects effects)
    {
        string? data = null;
        foreach (var destination in destinations.All)
        {
            if (!destination.Wants(inbound.EventType) || !destination.Takes(inbound.App)) continue;
            data ??= CallbackBody.DataOf(inbound);
            // Its id depends on the event and the destination's name alone, not on what else the event causes.
            effects.Send(OutboxMessage.ToDestination(destination.Name, $"{inbound.Platform}.{inbound.EventType}", data, inbound.OrderingKey)
                with { KeyPart = "callback:" + destination.Name, Owner = destination.Owner });
        }
    }
}
