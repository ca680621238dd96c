
namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Tells others of an event, in the transaction that ends it, whatever its outcome.</summary>
internal interface IEventForwarder
{
    /// <summary>Somebody wants to hear of it.</summary>
    bool Wants(InboundEvent inbound);

    /// <summary>Adds the messages. The same event gives the same messages, in whatever process.</summary>
    void Forward(InboundEvent inbound, IEffects effects);
}
