using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>
/// Sends what waited for the end of quiet hours or for a digest, turns cards that were on their way when their face changed, goes on with subjects that are being
/// resolved, and keeps what outbox rows said before those are forgotten. Each step is guarded by the row's own state, so a run that was cut off is simply gone on with.
/// </summary>
internal sealed partial class NotificationMaintenance(IDatabase database, NotificationStore store, NotificationOutbox outbox,
    NotificationCards faces, CardSynchronizer turn, IntegrationGuard gate, SubjectResolver resolving, EarlyReads reads,
    IEnumerable<ICardCompiler> compilers, TimeProvider clock, ILogger<NotificationMaintenance> logger) : IScheduledJob
{
    public const string Schedule = "notifications";
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private const int Batch = 50;
    private const int BatchesOfRun = 40;

    /// <summary>Lines of a digest; what is more comes in a second card.</summary>
    private const int LinesOfDigest = 40;
    private const int LongestLine = 300;

    /// <summary>An operator may still send a dead letter again.</summary>
    private static readonly TimeSpan DeadResolutions = TimeSpan.FromHours(12);

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var sent = gate.IsOpen ? await ReleaseAsync(cancellation) : 0;
        var turned = gate.IsOpen ? await CatchUpAsync(cancellation) : 0;
        var resolved = gate.IsOpen ? await resolving.GoOnAsync(cancellation) : 0;
        await reads.TakeUpAsync(cancellation);
        await KeepEndsAsync(cancellation);
        return sent + turned + resolved == 0 ? null : $"sent {sent} that waited, turned {turned}, resolved {resolved}";
    }

    private async Task<int> ReleaseAsync(CancellationToken cancellation)
    {
        var sent = 0;
        for (var i = 0; i < BatchesOfRun; i++)
        {
            var now = clock.GetUtcNow();
            var due = await database.ReadAsync(sql => store.DueAsync(sql, now, Batch), cancellation);
            if (due.Count == 0) break;
            var before = sent;
            foreach (var one in due.Where(d => !d.Digest))
                sent += await TryAsync($"delivery {one.Id}", unit => LeaveAsync(unit, one), cancellation);
            foreach (var target in due.Where(d => d.Digest).Select(d => (d.App, d.TargetType, d.Target)).Distinct())
            {
                sent += await TryAsync($"the digest for {target.Target}",
                    unit => DigestAsync(unit, target.App, target.TargetType, target.Target, now), cancellation);
            }

            // What is left are those that fail: they come again with the next run.
            if (sent == before) break;
        }

        return sent;
    }

    /// <summary>One that cannot be worked on keeps neither the others nor the rest of the run from their turn.</summary>
    private async Task<int> TryAsync(string which, Func<IUnitOfWork, ValueTask<int>> work, CancellationToken cancellation)
    {
        try
        {
            return await database.TransactAsync(work, cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StorageUnavailableException))
        {
            WorkFailed(which, e);
            return 0;
        }
    }

    private async ValueTask<int> LeaveAsync(IUnitOfWork unit, DeliveryRow delivery)
    {
        if (await store.LockAsync(unit, delivery.Notification) is not { } notification || !await store.ClaimAsync(unit, delivery.Id)) return 0;
        var id = await outbox.QueueAsync(unit, notification, CardSynchronizer.KeyOf(notification, delivery.Position), CardSynchronizer.Message(notification, delivery.TargetType, delivery.Target, faces.Compile(notification).Content));
        await store.ReplacedAsync(unit, delivery.Id, id, notification.Face);
        return 1;
    }

    private async ValueTask<int> DigestAsync(IUnitOfWork unit, string app, string targetType, string target, DateTimeOffset now)
    {
        var locked = (await store.DigestAsync(unit, app, target, now, LinesOfDigest)).Select(line => line.Notification).ToHashSet();
        foreach (var notification in locked.Order()) await store.LockAsync(unit, notification);
        // Read again: what was taken back before the locks were had is none of them any more, and what moved up in its place is nobody's yet.
        var lines = (await store.DigestAsync(unit, app, target, now, LinesOfDigest)).Where(line => locked.Contains(line.Notification)).ToList();
        if (lines.Count == 0) return 0;
        var notifications = new List<NotificationRow>(lines.Count);
        foreach (var line in lines) notifications.Add((await store.FindAsync(unit, line.Notification))!);
        var card = compilers.First(c => c.Platform == PlatformNames.Feishu).Compile(DigestOf(notifications), new CardFace(NotificationCards.Kind, "digest"));
        var message = new OutboxMessage { Operation = MessageOperations.Create, Lane = target, TargetType = targetType, Target = target, MessageType = "interactive", Content = card.Content, Priority = OutboxPriority.Bulk };
        var id = await outbox.QueueAsync(unit, app, $"notification:digest:{lines[0].Id}:{lines[^1].Id}", message);
        for (var i = 0; i < lines.Count; i++)
        {
            await store.ClaimAsync(unit, lines[i].Id);
            await store.ReplacedAsync(unit, lines[i].Id, id, notifications[i].Face);
        }

        return lines.Count;
    }

    /// <summary>What came in, one fact each: the type's head, and what it is about.</summary>
    private CardMessage DigestOf(List<NotificationRow> notifications) => new()
    {
        Title = NotificationTexts.Notification(notifications.Count),
        Status = CardStatus.Info,
        Facts = [.. notifications.Select(notification =>
        {
            var message = NotificationCards.MessageOf(notification.Model);
            return new CardFact(Cut(message.Title, CardMessageLimits.Label), Cut(LineOf(notification, message), LongestLine)) { Wide = true };
        })],
    };

    private LocalText LineOf(NotificationRow notification, CardMessage message)
    {
        var parts = new List<LocalText>();
        if (message.Markdown is not null) parts.Add(NotificationCards.HeadOf(message));
        parts.AddRange(message.Facts.Select(fact => fact.Label + NotificationTexts.Colon + fact.Value));
        if (faces.LineOf(notification) is { } end) parts.Add(end);
        var line = new LocalText("", "");
        foreach (var part in parts) line = line.Chinese.Length == 0 ? part : line + " · " + part;
        return line.Chinese.Length == 0 ? message.Text ?? message.Title : line;
    }

    private static LocalText Cut(LocalText text, int most) => text.Select(t => t.Length <= most ? t : string.Concat(t.AsSpan(0, char.IsHighSurrogate(t[most - 2]) ? most - 2 : most - 1), "…"));

    private async Task<int> CatchUpAsync(CancellationToken cancellation)
    {
        var turned = 0;
        long after = 0;
        // On and on: those that are on their way for long must not keep the others behind them from their turn.
        for (var i = 0; i < BatchesOfRun; i++)
        {
            var behind = await database.ReadAsync(sql => store.BehindAsync(sql, after, Batch), cancellation);
            foreach (var seq in behind)
            {
                turned += await TryAsync($"notification {seq}", async unit =>
                {
                    if (await store.LockAsync(unit, seq) is { } notification) await turn.RunAsync(unit, notification, clock.GetUtcNow());
                    return 1;
                }, cancellation);
            }

            if (behind.Count < Batch) break;
            after = behind[^1];
        }

        return turned;
    }

    private async Task KeepEndsAsync(CancellationToken cancellation)
    {
        long after = 0;
        for (var i = 0; i < BatchesOfRun; i++)
        {
            var ended = await database.ReadAsync(sql => store.EndedAsync(sql, after, clock.GetUtcNow() - DeadResolutions, Batch), cancellation);
            if (ended.Count == 0) return;
            await TryAsync($"the ends of deliveries {ended[0].Id} to {ended[^1].Id}", async unit =>
            {
                foreach (var row in ended.Where(r => r.State != DeliveryStates.Queued)) await store.KeepAsync(unit, row);
                return 0;
            }, cancellation);
            after = ended[^1].Id;
        }
    }

    [LoggerMessage(LogLevel.Error, "Notifications: {Which} could not be worked on; the next run tries again")]
    private partial void WorkFailed(string which, Exception error);
}
