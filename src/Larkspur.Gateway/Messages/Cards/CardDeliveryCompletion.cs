using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Notes the message of a card that was sent, in the transaction that ends its row.</summary>
internal sealed class CardDeliveryCompletion(CardDeliveries deliveries) : IOutboxCompletion
{
    private const string Assistant = "\"" + ResponseCards.Kind + "\"";

    public IReadOnlyCollection<OutboxOperation> Operations { get; } =
        [MessageOperations.Create, MessageOperations.Reply, MessageOperations.Patch];

    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at)
    {
        var message = entry.Message;
        // Most messages are none of these cards; only these have their kind in them.
        if (message.MessageType != Messages.MessageDraft.Card) return;
        if (!Has(CardDecisions.Kind) && !Has(CardKinds.CommandForm) && !Has(Assistant)) return;
        var id = receipt.MessageId ?? (message.Operation == MessageOperations.Patch ? message.Target : null);
        if (id is not null) await deliveries.SentAsync(unit, entry.Id, id);

        bool Has(string kind) => message.Content.Contains(kind, StringComparison.Ordinal);
    }

    /// <summary>What was given up may have arrived all the same; nobody knows as which message.</summary>
    public ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at) =>
        ValueTask.CompletedTask;
}
