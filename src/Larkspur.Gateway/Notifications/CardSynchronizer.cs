using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>
/// Brings the cards of a notification to the face that they should show now, wherever each of them is: it waits, is queued, is on its way, was sent. Runs in
/// the transaction that changes the face, and again for those that were on their way then; a second run changes nothing more.
/// </summary>
internal sealed class CardSynchronizer(NotificationStore store, NotificationOutbox outbox, NotificationCards faces)
{
    /// <summary>Turns them.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="notification">The notification as it is now.</param>
    /// <param name="now">The time.</param>
    /// <param name="shown">The message whose card the answer to a click carries; null: none.</param>
    public async ValueTask RunAsync(IUnitOfWork unit, NotificationRow notification, DateTimeOffset now, string? shown = null)
    {
        var isRecalled = notification.State == NotificationStates.Recalled;
        string? face = null;
        foreach (var delivery in await store.DeliveriesAsync(unit, notification.Seq))
        {
            if (delivery.Face >= notification.Face) continue;
            if (shown is not null && delivery.MessageId == shown) await store.FaceAsync(unit, delivery.Id, notification.Face);
            else if (isRecalled) await RecallAsync(unit, notification, delivery, now);
            else await ShowAsync(unit, notification, delivery, face ??= faces.Compile(notification).Content, now);
        }
    }

    /// <summary>The message of a first sending.</summary>
    public static OutboxMessage Message(NotificationRow notification, string targetType, string target, string content) => new()
    {
        Operation = MessageOperations.Create, Lane = target, TargetType = targetType, Target = target, MessageType = "interactive", Content = content,
        // A decision that somebody waits for, or what its type calls urgent, goes before what many get.
        Priority = notification.Urgency == NotificationUrgency.Urgent || notification.Decides ? OutboxPriority.Answer : OutboxPriority.Bulk,
    };

    /// <summary>The key of one card with one face.</summary>
    public static string KeyOf(NotificationRow notification, int position) => $"notification:{notification.Id}:{position}:{notification.Face}";

    private async ValueTask ShowAsync(IUnitOfWork unit, NotificationRow notification, DeliveryRow delivery, string face, DateTimeOffset now)
    {
        if (delivery.HasCard)
        {
            await outbox.QueueAsync(unit, notification, KeyOf(notification, delivery.Position) + ":turn", OutboxMessage.PatchCard(delivery.MessageId!, face));
            await store.FaceAsync(unit, delivery.Id, notification.Face);
        }
        else if (delivery is { State: DeliveryStates.Queued, Digest: false, OutboxId: { } row })
        {
            if (await outbox.DiscardAsync(unit, row, now, "notifications"))
                await store.ReplacedAsync(unit, delivery.Id, await outbox.QueueAsync(unit, notification, KeyOf(notification, delivery.Position), Message(notification, delivery.TargetType, delivery.Target, face)), notification.Face);
            // It may arrive any moment, and is turned then.
            else await store.FaceAsync(unit, delivery.Id, delivery.Face, behind: true);
        }
        else
        {
            // What waits takes its face when it leaves; what failed, went as text or as a line of a digest has none that could be turned.
            await store.FaceAsync(unit, delivery.Id, notification.Face);
        }
    }

    private async ValueTask RecallAsync(IUnitOfWork unit, NotificationRow notification, DeliveryRow delivery, DateTimeOffset now)
    {
        if (delivery is { State: DeliveryStates.Sent or DeliveryStates.Read or DeliveryStates.Degraded, Digest: false, MessageId: { } message })
        {
            await store.RecallingAsync(unit, delivery.Id, await outbox.QueueAsync(unit, notification, KeyOf(notification, delivery.Position) + ":recall", OutboxMessage.Recall(message)), notification.Face);
        }
        else if (delivery.State == DeliveryStates.Waiting)
        {
            await store.DiscardedAsync(unit, delivery.Id, notification.Face);
        }
        else if (delivery is { State: DeliveryStates.Queued, Digest: false, OutboxId: { } row })
        {
            if (await outbox.DiscardAsync(unit, row, now, "notifications")) await store.DiscardedAsync(unit, delivery.Id, notification.Face);
            else await store.FaceAsync(unit, delivery.Id, delivery.Face, behind: true);
        }
        else
        {
            await store.FaceAsync(unit, delivery.Id, notification.Face);
        }
    }
}
