using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Tells people what happens when the normal answer does not come.</summary>
internal interface IFailureMessages : ILossMessages
{
    /// <summary>For a click that takes longer than the platform waits.</summary>
    Toast StillWorking();

    /// <summary>Puts a short friendly message with the reference into the effects; false when there is nobody to tell.</summary>
    bool Tell(InboundEvent inbound, string reference, IEffects effects);

    /// <summary>Tells a chat that what was written there during an outage is not answered any more; null: the platform has no way.</summary>
    OutboxMessage? WasAway(InboundEvent inbound);
}
