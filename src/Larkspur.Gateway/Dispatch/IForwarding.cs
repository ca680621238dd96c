using Larkspur.Gateway.Inbox;

namespace Larkspur.Gateway.Dispatch;

/// <summary>Tells others of an event, in the transaction that ends it, whatever its outcome.</summary>
internal interface IForwarding
{
    /// <summary>Adds the messages. The same event gives the same messages, in whatever process.</summary>
    void Forward(InboundEvent inbound, IEffects effects);
}
