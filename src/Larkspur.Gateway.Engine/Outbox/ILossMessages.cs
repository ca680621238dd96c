namespace Larkspur.Gateway.Outbox;

/// <summary>Tells the receiver of a message that cannot be sent that there was one.</summary>
internal interface ILossMessages
{
    /// <summary>What the receiver of a message that cannot be sent gets instead; null: nothing can be.</summary>
    OutboxMessage? Lost(OutboxEntry entry);
}
