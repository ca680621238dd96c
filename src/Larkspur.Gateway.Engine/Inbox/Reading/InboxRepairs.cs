using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Inbox.Reading;

/// <summary>What an operator can do about an event that did not end well.</summary>
internal sealed partial class InboxRepairs(IDatabase database, Dispatcher dispatcher, TimeProvider clock, ILogger<InboxRepairs> logger)
{
    /// <summary>Rows that one call replays at most.</summary>
    public const int MostAtOnce = 1000;

    private const int Batch = 100;

    /// <summary>An effect that was committed is never made a second time.</summary>
    private const string Replayable = "(status = 2 OR status = 1 AND effects = 0 AND outcome IN ('stale', 'discarded'))";

    /// <summary>Opens a dead, stale or discarded event again, in its key's order from now on, with all attempts before it.</summary>
    public async Task<Repair> ReplayAsync(long id, string who, CancellationToken cancellation)
    {
        var repair = await database.TransactAsync(unit => ReplayAsync(unit, id, who), cancellation);
        if (repair == Repair.Done) RowReplayed(id, who);
        return repair;
    }

    /// <summary>Replays dead letters, the oldest first.</summary>
    /// <returns>How many were replayed, and whether there are more.</returns>
    public async Task<(int Replayed, bool More)> ReplayAsync(RowFilter filter, string who, CancellationToken cancellation)
    {
        var conditions = new SqlConditions().When(filter.App, "app").When(filter.EventType, "event_type").When(filter.Key, "ordering_key").When(filter.Reason, "reason").When(filter.Seen)
            .When(filter.Since?.ToUnixTimeMilliseconds(), "received_at >=").When(filter.Until?.ToUnixTimeMilliseconds(), "received_at <");
        var ids = await database.ReadAsync(sql => sql.QueryAsync($"SELECT id FROM inbox WHERE status = 2 AND {conditions.Text} ORDER BY id LIMIT {filter.Limit + 1}",
            static row => row.GetInt64(0), conditions.Values), cancellation);
        var replayed = 0;
        foreach (var batch in ids.Take(filter.Limit).Chunk(Batch))
        {
            replayed += await database.TransactAsync(async unit =>
            {
                var done = 0;
                foreach (var id in batch)
                {
                    if (await ReplayAsync(unit, id, who) == Repair.Done) done++;
                }

                return done;
            }, cancellation);
        }

        if (replayed > 0) DeadLettersReplayed(replayed, who);
        return (replayed, ids.Count > filter.Limit);
    }

    /// <summary>Ends an open or dead event without its effect; a handler at work on it commits nothing.</summary>
    public async Task<Repair> DiscardAsync(long id, string who, CancellationToken cancellation)
    {
        var repair = await database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow();
            var replayCount = await unit.NumberAsync("UPDATE inbox SET status = 1, outcome = $2, reason = $3, finished_at = $4 WHERE id = $1 AND status IN (0, 2) RETURNING replay_count",
                id, Outcome.Discarded.Name, who, now.ToUnixTimeMilliseconds());
            if (replayCount is null) return await RefusalAsync(unit, id);
            await RowHistory.AddAsync(unit, RowHistory.Inbox, id, new HistoryLine { At = now, What = HistoryLine.Discarded, ReplayCount = (int)replayCount, Who = who });
            return Repair.Done;
        }, cancellation);
        if (repair == Repair.Done) RowDiscarded(id, who);
        return repair;
    }

    private async ValueTask<Repair> ReplayAsync(IUnitOfWork unit, long id, string who)
    {
        var now = clock.GetUtcNow();
        // Nobody's request waits any more; an answer to a click goes as a message.
        var replayCount = await unit.NumberAsync($"""
            UPDATE inbox SET status = 0, replay_count = replay_count + 1, replayed_at = $2, attempts = 0, not_before = 0, outcome = NULL, reason = NULL, finished_at = NULL,
              waiting_node = NULL, answer = NULL, overdue_at = NULL
            WHERE id = $1 AND {Replayable} RETURNING replay_count
            """, id, now.ToUnixTimeMilliseconds());
        if (replayCount is null) return await RefusalAsync(unit, id);
        await RowHistory.AddAsync(unit, RowHistory.Inbox, id, new HistoryLine { At = now, What = HistoryLine.Replayed, ReplayCount = (int)replayCount, Who = who });
        unit.AfterCommit(dispatcher.Look);
        unit.Announce(Topics.Inbox, id);
        return Repair.Done;
    }

    private static async ValueTask<Repair> RefusalAsync(IUnitOfWork unit, long id) =>
        await unit.NumberAsync("SELECT id FROM inbox WHERE id = $1", id) is null ? Repair.NotFound : Repair.Refused;

    [LoggerMessage(LogLevel.Warning, "Inbox row {InboxId} is replayed by {Who}")]
    private partial void RowReplayed(long inboxId, string who);
    [LoggerMessage(LogLevel.Warning, "{Count} dead letters of the inbox are replayed by {Who}")]
    private partial void DeadLettersReplayed(int count, string who);
    [LoggerMessage(LogLevel.Warning, "Inbox row {InboxId} is discarded by {Who}")]
    private partial void RowDiscarded(long inboxId, string who);
}
