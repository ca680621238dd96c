using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tables.Syncing.Cards;

/// <summary>Notes as which message a card was sent: only clicks on it count.</summary>
internal sealed class SyncCardCompletion : IOutboxCompletion
{
    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [MessageOperations.Create];

    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at)
    {
        if (entry.Platform != PlatformNames.Feishu || entry.Message.MessageType != "interactive"
            || receipt.MessageId is not { } message) return;
        if (entry.Message.Content.Contains(SyncCardFaces.Kind, StringComparison.Ordinal)) await SyncCardRow.SentAsync(unit, entry.Id,
            message);
    }

    /// <summary>What was given up may have arrived all the same; the next round asks again by another card once this one is
    /// closed.</summary>
    public ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at) =>
        ValueTask.CompletedTask;
}
