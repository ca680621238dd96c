using Larkspur.Gateway.Authorizations.Page;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Requests;

/// <summary>Notes as which message a card that asks was sent, in the transaction that ends its row: it changes with the answer.</summary>
internal sealed class AuthorizationCardCompletion(AuthorizationCards cards) : IOutboxCompletion
{
    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [MessageOperations.Create, MessageOperations.Reply];

    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at)
    {
        // Only these lead to such a page; every other message is spared the look.
        if (entry.Platform != PlatformNames.Feishu || entry.Message.MessageType != "interactive" || receipt.MessageId is not { } message)
            return;
        if (entry.Message.Content.Contains(AuthorizationPaths.Root, StringComparison.Ordinal)) await cards.SentAsync(unit, entry, message);
    }

    /// <summary>What was given up shows nothing that could change.</summary>
    public ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at) =>
        ValueTask.CompletedTask;
}
