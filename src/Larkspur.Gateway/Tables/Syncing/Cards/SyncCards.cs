using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Syncing.Cards;

/// <summary>
/// Tells whoever a sync names when it stops, when rows wait for a yes, and when a person must decide: a card each, a few conflicts at a
/// time.
/// What is settled elsewhere is settled on the card too.
/// </summary>
internal sealed partial class SyncCards(IDatabase database, SyncStore syncs, BaseStore bases, PlatformCalls calls, Recipients recipients,
    IOutbox outbox, SyncCardFaces faces, TimeProvider clock, ILogger<SyncCards> logger) : IScheduledJob
{
    public const string Name = "sync-cards";

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>Conflicts that are asked about at once: a hundred cards nobody reads.</summary>
    private const int MostAtOnce = 3;

    /// <summary>Cards to one person in an hour, of all syncs together.</summary>
    private const int MostAnHour = 30;

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var sent = 0;
        foreach (var sync in await syncs.AllAsync(cancellation))
        {
            await CloseAsync(sync, cancellation);
            if (sync.Spec.Notify is { Length: > 0 } who) sent += await TellAsync(sync, who, cancellation);
        }

        return sent == 0 ? null : $"{sent} sent";
    }

    private async Task<int> TellAsync(SyncRecord sync, string who, CancellationToken cancellation)
    {
        var (open, conflicts, waiting) = await database.ReadAsync(async sql => (await SyncCardRow.OpenAsync(sql, sync.Id),
            await ConflictStore.UndecidedAsync(sql, sync.Id, MostAtOnce), await ConflictStore.CountAsync(sql, sync.Id)), cancellation);
        var wanted = new List<(string Topic, long Subject, string Shown, CardMessage Card)>();
        if (sync.Paused is { } why && why != Problems.ByPerson)
            wanted.Add((SyncCardRow.Paused, 0, SyncCardSubjects.Of(sync, SyncCardRow.Paused, null), SyncCardFaces.Paused(sync)));
        if (sync.Asks > 0)
            wanted.Add((SyncCardRow.Deletions, 0, SyncCardSubjects.Of(sync, SyncCardRow.Deletions, null), SyncCardFaces.Deletions(sync)));
        wanted.AddRange(conflicts.Select(conflict =>
            (SyncCardRow.Conflict, conflict.Id, SyncCardSubjects.Of(sync, SyncCardRow.Conflict, conflict),
            SyncCardFaces.Conflict(sync, conflict, waiting - conflicts.Count))));
        wanted.RemoveAll(card => open.Any(row => row.Topic == card.Topic && row.Subject == card.Subject));
        if (wanted.Count == 0) return 0;
        if (await bases.FindAsync(sync.Spec.Table.Base, cancellation) is not { } at
            || await FindAsync(sync, at.App, who, cancellation) is not { } person)
            return 0;
        var lately = await database.ReadAsync(sql => SyncCardRow.SentToAsync(sql, person, clock.GetUtcNow() - TimeSpan.FromHours(1)),
            cancellation);
        var sent = wanted.Take((int)Math.Max(0, MostAnHour - lately)).ToList();
        foreach (var (topic, subject, shown, card) in sent) await SendAsync(sync, at.App, person, topic, subject, shown, card,
            cancellation);
        return sent.Count;
    }

    private Task SendAsync(SyncRecord sync, string app, string openId, string topic, long subject, string shown, CardMessage card,
        CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            if (await SyncCardRow.AddAsync(unit, sync.Id, topic, subject, app, openId, shown, clock.GetUtcNow()) is not { } id) return;
            var key = $"sync card {id}";
            await outbox.QueueAsync(unit,
                new(PlatformNames.Feishu, app, key, OutboxMessage.ToPerson(openId, "interactive", faces.Compile(id, card))));
            if (await OutboxRows.IdOfAsync(unit, PlatformNames.Feishu, app, key) is { } queued) await SyncCardRow.QueuedAsync(unit, id,
                queued);
        }, cancellation);

    /// <summary>Whose matter is settled says so.</summary>
    private async Task CloseAsync(SyncRecord sync, CancellationToken cancellation)
    {
        var open = await database.ReadAsync(sql => SyncCardRow.OpenAsync(sql, sync.Id), cancellation);
        foreach (var card in open)
        {
            var conflict = card.Topic == SyncCardRow.Conflict
                ? await database.ReadAsync(sql => ConflictStore.FindAsync(sql, sync.Id, card.Subject), cancellation) : null;
            // A card that asks about something else by now is over: the next round asks by another one.
            var stands = SyncCardSubjects.Of(sync, card.Topic, conflict) == card.Shown && card.Topic switch
            {
                SyncCardRow.Conflict => conflict is { DecidedAt: null, Decision: null },
                SyncCardRow.Deletions => sync.Asks > 0,
                _ => sync.Paused is not null,
            };
            // What is on its way is changed once it is there.
            if (stands || card.MessageId is not { } message) continue;
            await database.TransactAsync(async unit =>
            {
                await SyncCardRow.CloseAsync(unit, card.Id);
                await outbox.QueueAsync(unit,
                    new(PlatformNames.Feishu, card.App, $"sync card {card.Id} closed", OutboxMessage.PatchCard(message,
                    faces.Compile(card.Id, SyncCardFaces.Closed(sync, conflict), isResolved: true)) with { FallsBack = false }));
            }, cancellation);
        }
    }

    private async Task<string?> FindAsync(SyncRecord sync, string app, string who, CancellationToken cancellation)
    {
        try
        {
            var named = new Recipient(who.Contains('@', StringComparison.Ordinal) ? "email"
                : who.StartsWith("ou_", StringComparison.Ordinal) ? "open_id" : "user_id", who, false, "/notify");
            var (found, _) = await recipients.FindAsync(calls.App(app, null), [named], cancellation);
            if (found is [{ Person.OpenId: { } openId }]) return openId;
            Unknown(sync.Name, who);
        }
        catch (Exception e) when (e is RequestRefusedException or PlatformApiException or PlatformNetworkException)
        {
            Unreachable(sync.Name, e.Message);
        }

        return null;
    }

    [LoggerMessage(LogLevel.Warning, "Sync {Sync}: nobody is called {Who}, so nobody is told that something waits")]
    private partial void Unknown(string sync, string who);

    [LoggerMessage(LogLevel.Warning, "Sync {Sync}: whom to tell cannot be looked up ({Reason})")]
    private partial void Unreachable(string sync, string reason);
}
