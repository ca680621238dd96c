using System.Globalization;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Inbox;

/// <inheritdoc/>
internal sealed class InboxStore(IDatabase database, IInboxAppend append) : IInboxStore
{
    private const string Fenced = Fence.Condition;

    public ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events) => append.AppendAsync(unit, events);

    public async ValueTask<IReadOnlySet<string>> KnownMessagesAsync(IUnitOfWork unit, string platform, string app, IReadOnlyCollection<string> messageIds)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in messageIds)
        {
            if (await append.HasAsync(unit, SeenKey.ForMessage(platform, app, id))) known.Add(id);
        }

        return known;
    }

    public async ValueTask<bool> FinishAsync(IUnitOfWork unit, long id, Fence fence, Outcome outcome, bool effect, DateTimeOffset at) =>
        await unit.ExecuteAsync($"""
            UPDATE inbox SET status = 1, outcome = $4, reason = $5, effects = effects + $6, finished_at = $7 WHERE id = $1 AND status = 0 AND {Fenced}
            """, id, fence.Partition, fence.Token, outcome.Name, outcome.Reason, effect ? 1 : 0, at.ToUnixTimeMilliseconds()) == 1;

    public async ValueTask<bool> DeadLetterAsync(IUnitOfWork unit, long id, Fence fence, Outcome outcome, DateTimeOffset at) =>
        await unit.ExecuteAsync($"UPDATE inbox SET status = 2, outcome = $4, reason = $5, finished_at = $6 WHERE id = $1 AND status = 0 AND {Fenced}",
            id, fence.Partition, fence.Token, outcome.Name, outcome.Reason, at.ToUnixTimeMilliseconds()) == 1;

    public async ValueTask RecordFailureAsync(IUnitOfWork unit, long id, Fence fence, HistoryLine failure, DateTimeOffset notBefore)
    {
        var recorded = await unit.ExecuteAsync($"UPDATE inbox SET attempts = $4, not_before = $5 WHERE id = $1 AND status = 0 AND {Fenced}",
            id, fence.Partition, fence.Token, failure.Attempt ?? 0, notBefore.ToUnixTimeMilliseconds());
        if (recorded == 1) await RowHistory.AddAsync(unit, RowHistory.Inbox, id, failure);
    }

    public async ValueTask KeepAnswerAsync(IUnitOfWork unit, long id, string answer) =>
        await unit.ExecuteAsync("UPDATE inbox SET answer = $2 WHERE id = $1", id, answer);

    public Task<string?> AnswerAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FirstAsync("SELECT answer FROM inbox WHERE id = $1", static row => row.Text(0), id), cancellation);

    public Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(Partitions partitions, long afterId, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<InboxEntry>>(async sql => await sql.QueryAsync(
            $"SELECT {InboxRows.EntryColumns} FROM inbox WHERE status = 0 AND id > $1 AND (($2 >> partition) & 1) = 1 ORDER BY id LIMIT $3", InboxRows.Entry, afterId, partitions.Value, limit), cancellation);

    public Task<IReadOnlyList<IReadOnlyList<InboxEntry>>> LoadLanesAsync(IReadOnlyList<LaneWish> lanes, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<InboxEntry>>>(async sql =>
        {
            var found = new List<IReadOnlyList<InboxEntry>>(lanes.Count);
            foreach (var lane in lanes)
            {
                var (app, key) = InboxEntry.Of(lane.Key);
                found.Add(InboxRows.IdOfUnreadable(app, key) is { } id
                    ? await sql.QueryAsync($"SELECT {InboxRows.EntryColumns} FROM inbox WHERE status = 0 AND id = $1", InboxRows.Entry, id)
                    : await sql.QueryAsync(
                        $"SELECT {InboxRows.EntryColumns} FROM inbox WHERE status = 0 AND ordering_key = $1 AND app = $2 "
                        + "ORDER BY id LIMIT $3", InboxRows.Entry, key, app, lane.Limit));
            }

            return found;
        }, cancellation);

    public Task<IReadOnlyList<InboxEntry>> LoadAsync(IReadOnlyList<long> ids, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<InboxEntry>>(async sql => await sql.QueryAsync(
            $"SELECT {InboxRows.EntryColumns} FROM inbox WHERE status = 0 AND id IN ({string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}) ORDER BY id", InboxRows.Entry), cancellation);

    public Task<InboxEntry?> EarlierAsync(InboxEntry entry, CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        $"SELECT {InboxRows.EntryColumns} FROM inbox WHERE status = 0 AND ordering_key = $1 AND app = $2 AND id < $3 ORDER BY id LIMIT 1", InboxRows.Entry, entry.OrderingKey, entry.App, entry.Id), cancellation);

    public Task<InboundEvent?> ReadAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FirstAsync($"SELECT {InboxRows.EventColumns} FROM inbox WHERE id = $1", InboxRows.Event, id), cancellation);

    public Task<IReadOnlyList<InboxItem>> FindAsync(string eventId, CancellationToken cancellation)
    {
        var recent = append.RecentRowsOf(eventId);
        return database.ReadAsync<IReadOnlyList<InboxItem>>(async sql =>
        {
            // By way of inbox_seen, which is keyed by what is asked for; a second push of one message under a new event id is not in there.
            var (first, last) = SeenKey.RangeOfEvent(eventId);
            var rows = await sql.QueryAsync($"""
                SELECT {InboxRows.ItemColumns} FROM inbox WHERE id IN (SELECT inbox_id FROM inbox_seen WHERE seen BETWEEN $1 AND $2) AND event_id = $3 ORDER BY id
                """, InboxRows.Item, first, last, eventId);
            foreach (var id in recent.Except(rows.Select(r => r.Id)))
                rows.AddRange(await sql.QueryAsync($"SELECT {InboxRows.ItemColumns} FROM inbox WHERE id = $1 AND event_id = $2", InboxRows.Item, id, eventId));
            rows.Sort(static (x, y) => x.Id.CompareTo(y.Id));
            return rows;
        }, cancellation);
    }

    public OldRows Ended(DateTimeOffset before) => new EndedRows(database, "inbox", "status = 1", "received_at", before);

    public OldRows Dead(DateTimeOffset before) => new DeadRows(database, "inbox", before);

    public async ValueTask<int> ForgetAsync(IUnitOfWork unit, OldRows rows, IReadOnlyList<long> ids)
    {
        var keys = new List<(SeenKey Key, long Row)>(2 * ids.Count);
        var forgotten = await unit.QueryAsync($"""
            DELETE FROM inbox WHERE id {IdList.In(database.Dialect, "$1")} AND {rows.Condition("$2")}
            RETURNING id, platform, app, event_id, message_id
            """, row =>
            {
                var (id, platform, app) = (row.GetInt64(0), row.GetString(1), row.GetString(2));
                keys.Add((SeenKey.ForEvent(platform, app, row.GetString(3)), id));
                // Events about a message (a reaction, a recall) name it too; only the row that received it holds its key.
                if (row.Text(4) is { } message) keys.Add((SeenKey.ForMessage(platform, app, message), id));
                return id;
            }, IdList.Of(database.Dialect, ids), rows.Before);
        if (forgotten.Count == 0) return 0;
        // In their own order, in which they are also taken.
        keys.Sort(static (x, y) => x.Key.CompareTo(y.Key));
        await append.ForgetAsync(unit, keys);
        await RowHistory.ForgetAsync(unit, database.Dialect, RowHistory.Inbox, forgotten);
        return forgotten.Count;
    }

    public Task<(long Open, DateTimeOffset? Oldest, long Dead)> CountAsync(CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        """
        SELECT (SELECT COUNT(*) FROM inbox WHERE status = 0), (SELECT received_at FROM inbox WHERE status = 0 ORDER BY id LIMIT 1),
               (SELECT COUNT(*) FROM inbox WHERE status = 2)
        """, static row => (row.GetInt64(0), row.NearestTimeOrNull(1), row.GetInt64(2))), cancellation);
}
