using System.Data.Common;
using System.Globalization;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Outbox;

/// <inheritdoc/>
internal sealed class OutboxStore(IDatabase database, LeaseOptions leases, OutboxOperations operations, IEventTimes events) : IOutboxStore
{
    private const string OncePerKey = "ON CONFLICT (idempotency_key, app, platform) DO NOTHING";

    private const int Open = 0;
    private const int Held = 3;

    /// <summary>Why a change of a message ended unsent.</summary>
    private const string Newer = "superseded";

    private readonly string _entryColumns = $"""
        id, platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference,
        trace_parent, not_before, created_at, attempts, first_tried_at, partition, rank, in_thread, fallback,
        {events.ReceivedAt("outbox.inbox_id")}, owner,
        {events.OccurredAt("outbox.inbox_id")}, made_at
        """;

    private const string Fenced = Fence.Condition;

    /// <summary>Of the attempt $4, or of none (-1), under the lease $2, $3.</summary>
    private const string OfAttempt = $"($4 < 0 OR attempts = $4) AND {Fenced}";

    public async ValueTask<OutboxEntry> AddAsync(IUnitOfWork unit, OutboxEntry entry)
    {
        // The last word about a card is this one: what stands by for an answer that was not written must not come after it.
        if (entry.IsChange) await DropHeldInLaneAsync(unit, entry);
        return entry with { Id = (await InsertAsync(unit, entry, Open, null)).GetValueOrDefault() };
    }

    public async ValueTask<OutboxEntry?> AddOnceAsync(IUnitOfWork unit, OutboxEntry entry)
    {
        if (await InsertAsync(unit, entry, Open, null, OncePerKey) is not { } id) return null;
        if (entry.IsChange) await DropHeldInLaneAsync(unit, entry);
        return entry with { Id = id };
    }

    public async ValueTask<long> HoldAsync(IUnitOfWork unit, OutboxEntry entry, string heldBy)
    {
        // Of two faces of a card the later one counts; of two messages to a chat both do.
        if (entry.IsChange) await DropHeldInLaneAsync(unit, entry);
        return (await InsertAsync(unit, entry, Held, heldBy, OncePerKey)).GetValueOrDefault();
    }

    public async ValueTask DropHeldAsync(IUnitOfWork unit, long id) => await unit.ExecuteAsync("DELETE FROM outbox WHERE id = $1 AND status IN (0, 3)", id);

    public async ValueTask<long?> HeldForAsync(IUnitOfWork unit, long inboxId) => await unit.NumberAsync("SELECT MAX(id) FROM outbox WHERE inbox_id = $1 AND status = 3", inboxId);

    public ValueTask<int> ReleaseHeldAsync(IUnitOfWork unit, DateTimeOffset forgottenBefore) => unit.ExecuteAsync($"""
        UPDATE outbox SET status = 0 WHERE status = 3 AND (created_at < $1 OR held_by IS NULL OR held_by NOT IN {Nodes.Alive("$2")})
        """, forgottenBefore.ToUnixTimeMilliseconds(), (long)leases.Lifetime.TotalMilliseconds);

    public async ValueTask<bool> IsLaneOpenAsync(IUnitOfWork unit, string app, string lane) =>
        await unit.NumberAsync("SELECT 1 FROM outbox WHERE app = $1 AND lane = $2 AND status = 0 LIMIT 1", app, lane) is not null;

    public async ValueTask<AttemptBegin> BeginAttemptAsync(IUnitOfWork unit, OutboxEntry entry, Fence fence, DateTimeOffset at, bool afterEarlier)
    {
        if (afterEarlier && !entry.IsChange && await EarlierAsync(unit, entry) is { } earlier) return new(AttemptStart.Behind, 0, earlier);
        if (entry.IsChange && await unit.NumberAsync("""
            SELECT 1 FROM outbox WHERE app = $1 AND lane = $2 AND operation = 'patch' AND status IN (0, 1) AND id > $3 LIMIT 1
            """, entry.App, entry.Message.Lane, entry.Id) is not null)
        {
            return await SupersedeAsync(unit, entry.Id, fence, Newer, at) ? new(AttemptStart.Superseded, 1) : new(AttemptStart.Closed, 0);
        }

        if (await unit.NumberAsync($"""
            UPDATE outbox SET attempts = attempts + 1, first_tried_at = COALESCE(first_tried_at, $4)
            WHERE id = $1 AND status = 0 AND {Fenced} RETURNING attempts
            """, entry.Id, fence.Partition, fence.Token, at.ToUnixTimeMilliseconds()) is not { } number) return new(AttemptStart.Closed, 0);

        if (!entry.IsChange) return new(AttemptStart.Begun, 0, Number: (int)number);
        var superseded = await unit.ExecuteAsync("""
            UPDATE outbox SET status = 5, reason = $4, finished_at = $5 WHERE app = $1 AND lane = $2 AND operation = 'patch' AND status = 0 AND id < $3
            """, entry.App, entry.Message.Lane, entry.Id, Newer, at.ToUnixTimeMilliseconds());
        return new(AttemptStart.Begun, superseded, Number: (int)number);
    }

    public async ValueTask TakeBackAttemptAsync(IUnitOfWork unit, long id, OutboxAttempt attempt, DateTimeOffset? unsureSince) =>
        await WriteAsync(unit, "attempts = attempts - 1, first_tried_at = $5", id, attempt, unsureSince?.ToUnixTimeMilliseconds());

    public Task<bool> IsCurrentAsync(long id, OutboxAttempt attempt, CancellationToken cancellation) => database.ReadAsync(
        async sql => await sql.NumberAsync($"SELECT 1 FROM outbox WHERE id = $1 AND status = 0 AND {OfAttempt}",
            id, attempt.Fence.Partition, attempt.Fence.Token, attempt.Number ?? -1) is not null, cancellation);

    public ValueTask<bool> SupersedeAsync(IUnitOfWork unit, long id, OutboxAttempt attempt, string reason, DateTimeOffset at) =>
        WriteAsync(unit, "status = 5, reason = $5, finished_at = $6", id, attempt, reason, at.ToUnixTimeMilliseconds());

    /// <remarks>Without a fence: the platform has it, whoever holds the lease now, and whoever gave it up (2) or discarded it (4) while it was on its way.</remarks>
    public async ValueTask<bool> SentAsync(IUnitOfWork unit, long id, SendReceipt receipt, DateTimeOffset at) => await unit.ExecuteAsync(
        "UPDATE outbox SET status = 1, message_id = $2, log_id = $3, finished_at = $4, reason = NULL WHERE id = $1 AND status IN (0, 2, 4)",
        id, receipt.MessageId, receipt.LogId, at.ToUnixTimeMilliseconds()) == 1;

    public ValueTask<OutboxEntry?> NewestChangeAsync(IUnitOfWork unit, OutboxEntry than) => unit.FirstAsync($"""
        SELECT {_entryColumns} FROM outbox
        WHERE app = $1 AND lane = $2 AND platform = $4 AND operation = 'patch' AND status IN (0, 1) AND id > $3
          AND (status = 1 OR attempts > 0) ORDER BY id DESC LIMIT 1
        """, Entry, than.App, than.Message.Lane, than.Id, than.Platform);

    public ValueTask<bool> DeadAsync(IUnitOfWork unit, long id, OutboxAttempt attempt, string reason, DateTimeOffset at, bool unsure) =>
        WriteAsync(unit, "status = 2, reason = $5, finished_at = $6, first_tried_at = CASE WHEN $7 = 1 THEN first_tried_at END",
            id, attempt, reason, at.ToUnixTimeMilliseconds(), unsure ? 1 : 0);

    public ValueTask<bool> PostponeAsync(
        IUnitOfWork unit, long id, OutboxAttempt attempt, string reason, DateTimeOffset until, bool ambiguous) =>
        WriteAsync(unit, "reason = $5, not_before = $6, first_tried_at = CASE WHEN $7 = 1 THEN first_tried_at END",
            id, attempt, reason, until.ToUnixTimeMilliseconds(), ambiguous ? 1 : 0);

    /// <summary>Writes about an open row, if it is of this attempt still.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="set">What is set, to <paramref name="values"/> from $5 on.</param>
    /// <param name="id">The row.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="values">The values.</param>
    private static async ValueTask<bool> WriteAsync(IUnitOfWork unit, string set, long id, OutboxAttempt attempt, params object?[] values) =>
        await unit.ExecuteAsync($"UPDATE outbox SET {set} WHERE id = $1 AND status = 0 AND {OfAttempt}",
            [id, attempt.Fence.Partition, attempt.Fence.Token, attempt.Number ?? -1, .. values]) == 1;

    public Task<IReadOnlyList<OutboxEntry>> LoadOpenAsync(OutboxScope scope, Partitions partitions, OutboxPriority priority, long afterId, int limit, CancellationToken cancellation)
    {
        // Both scopes are conditions of partial indexes.
        const string Next = "status = 0 AND rank = $1 AND id > $2 AND (($3 >> partition) & 1) = 1";
        return scope.Webhook is { } webhook
            ? ReadAsync($"{Next} AND platform = 'webhook' AND target = $5 ORDER BY id LIMIT $4", [(int)priority, afterId, partitions.Value, limit, webhook], cancellation)
            : ReadAsync($"{Next} AND platform <> 'webhook' ORDER BY id LIMIT $4", [(int)priority, afterId, partitions.Value, limit], cancellation);
    }

    public Task<IReadOnlyList<IReadOnlyList<OutboxEntry>>> LoadLanesAsync(
        IReadOnlyList<LaneWish> lanes, OutboxPriority priority, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<IReadOnlyList<OutboxEntry>>>(async sql =>
        {
            var found = new List<IReadOnlyList<OutboxEntry>>(lanes.Count);
            foreach (var wish in lanes) found.Add(await LoadLaneAsync(sql, OutboxLane.Of(wish.Key), priority, wish.Limit));
            return found;
        }, cancellation);

    private ValueTask<IReadOnlyList<OutboxEntry>> LoadLaneAsync(ISql sql, OutboxLane lane, OutboxPriority priority, int limit)
    {
        if (lane.UnreadableRow is { } id) return ReadAsync(sql, "status = 0 AND id = $1", [id]);
        var isChange = lane.IsOfChanges ? "operation = 'patch'" : "operation <> 'patch'";
        return ReadAsync(sql, $"status = 0 AND app = $1 AND lane = $2 AND platform = $3 AND rank = $4 AND {isChange} ORDER BY id LIMIT $5",
            [lane.App, lane.Name, lane.Platform, (int)priority, limit]);
    }

    /// <summary>From one webhook to the next along the index: a row is read for each, however many wait for it.</summary>
    /// <remarks>The order is the whole one of the index over open webhook messages: another one has those that were delivered, too.</remarks>
    internal const string OpenWebhookEndpoints = """
        WITH RECURSIVE found(target) AS (
          SELECT (SELECT target FROM outbox WHERE status = 0 AND platform = 'webhook' ORDER BY target, rank, id LIMIT 1)
          UNION ALL
          SELECT (SELECT o.target FROM outbox AS o WHERE o.status = 0 AND o.platform = 'webhook' AND o.target > found.target
                  ORDER BY o.target, o.rank, o.id LIMIT 1)
          FROM found WHERE found.target IS NOT NULL)
        SELECT target FROM found WHERE target IS NOT NULL
        """;

    public Task<IReadOnlyList<string>> OpenWebhookEndpointsAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<string>>(
        static async sql => await sql.QueryAsync(OpenWebhookEndpoints, static row => row.GetString(0)), cancellation);

    public Task<IReadOnlyList<OutboxEntry>> LoadAsync(IReadOnlyList<long> ids, CancellationToken cancellation) =>
        ReadAsync($"status = 0 AND id IN ({string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}) ORDER BY id", [], cancellation);

    public Task<IReadOnlyList<OutboxEntry>> LoadOfAsync(long inboxId, CancellationToken cancellation) =>
        ReadAsync("status = 0 AND inbox_id = $1 ORDER BY id", [inboxId], cancellation);

    private ValueTask<OutboxEntry?> EarlierAsync(IUnitOfWork unit, OutboxEntry entry) => unit.FirstAsync($"""
        SELECT {_entryColumns} FROM outbox
        WHERE status = 0 AND app = $1 AND lane = $2 AND id < $3 AND rank <= $4 AND platform = $5 AND partition = $6 AND operation <> 'patch'
        ORDER BY id LIMIT 1
        """, Entry, entry.App, entry.Message.Lane, entry.Id, entry.Rank, entry.Platform, entry.Partition);

    private Task<IReadOnlyList<OutboxEntry>> ReadAsync(string which, object[] values, CancellationToken cancellation) =>
        database.ReadAsync(sql => ReadAsync(sql, which, values), cancellation);

    private async ValueTask<IReadOnlyList<OutboxEntry>> ReadAsync(ISql sql, string which, object[] values)
    {
        var origins = new OriginsOfPage();
        return await sql.QueryAsync($"SELECT {_entryColumns} FROM outbox WHERE {which}",
            row => origins.Of(Entry(row), row.NearestTimeOrNull(21), row.NearestTimeOrNull(23)), values);
    }

    public OldRows Ended(DateTimeOffset before) => new EndedRows(database, "outbox", "status IN (1, 4, 5)", "created_at", before);

    public OldRows Dead(DateTimeOffset before) => new DeadRows(database, "outbox", before);

    public async ValueTask<int> ForgetAsync(IUnitOfWork unit, OldRows rows, IReadOnlyList<long> ids)
    {
        var forgotten = await unit.QueryAsync(
            $"DELETE FROM outbox WHERE id {IdList.In(database.Dialect, "$1")} AND {rows.Condition("$2")} RETURNING id", static row => row.GetInt64(0), IdList.Of(database.Dialect, ids), rows.Before);
        await RowHistory.ForgetAsync(unit, database.Dialect, RowHistory.Outbox, forgotten);
        return forgotten.Count;
    }

    public Task<(long Open, DateTimeOffset? Oldest, long Dead)> CountAsync(CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        """
        SELECT (SELECT COUNT(*) FROM outbox WHERE status = 0),
               (SELECT created_at FROM outbox WHERE status = 0 AND platform <> 'webhook' ORDER BY id LIMIT 1),
               (SELECT COUNT(*) FROM outbox WHERE status = 2)
        """, static row => (row.GetInt64(0), row.NearestTimeOrNull(1), row.GetInt64(2))), cancellation);

    private static ValueTask<int> DropHeldInLaneAsync(IUnitOfWork unit, OutboxEntry entry) =>
        unit.ExecuteAsync("DELETE FROM outbox WHERE app = $1 AND lane = $2 AND status = 3 AND platform = $3", entry.App, entry.Message.Lane, entry.Platform);

    private static async ValueTask<long?> InsertAsync(IUnitOfWork unit, OutboxEntry entry, int status, string? heldBy, string onConflict = "")
    {
        var message = entry.Message;
        return await unit.NumberAsync($"""
            INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference,
                                trace_parent, not_before, created_at, status, partition, rank, held_by, in_thread, fallback, owner)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) {onConflict} RETURNING id
            """, entry.Platform, entry.App, message.Lane, message.Operation.Name, message.TargetType, message.Target, message.MessageType,
            message.Content, entry.IdempotencyKey, entry.InboxId, entry.Reference, entry.TraceParent,
            entry.NotBefore.ToUnixTimeMilliseconds(), entry.CreatedAt.ToUnixTimeMilliseconds(), status, entry.Partition, (int)message.Priority, heldBy,
            message.InThread ? 1 : 0, message.FallsBack ? 1 : 0, message.Owner);
    }

    /// <summary>Never throws for what a row says: one such row would keep all others from being loaded.</summary>
    private OutboxEntry Entry(DbDataReader row)
    {
        long id = row.GetInt64(0);
        int partition = row.GetInt32(17);
        try
        {
            return operations.Find(row.GetString(4)) is { } operation
                ? Readable(row, id, partition, operation)
                : Unreadable(row, id, partition, $"The operation \"{row.GetString(4)}\" is not known to this version")
                    with { IsNewer = true, CreatedAt = row.Time(14) };
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            return Unreadable(row, id, partition, "The row has values that this version cannot read");
        }
    }

    /// <summary>In a lane of its own: it is in nobody's way.</summary>
    private static OutboxEntry Unreadable(DbDataReader row, long id, int partition, string why) => new()
    {
        Id = id,
        Platform = "",
        App = "",
        Message = OutboxMessage.ToChat(OutboxLane.NameOfUnreadable(id), "", ""),
        IdempotencyKey = "",
        InboxId = 0,
        Reference = row.GetValue(11) as string ?? "",
        NotBefore = DateTimeOffset.UnixEpoch,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Partition = partition,
        Unreadable = why,
    };

    private static OutboxEntry Readable(DbDataReader row, long id, int partition, OutboxOperation operation) => new()
    {
        Id = id,
        Platform = row.GetString(1),
        App = row.GetString(2),
        Message = new OutboxMessage
        {
            Lane = row.GetString(3),
            Operation = operation,
            TargetType = row.GetString(5),
            Target = row.GetString(6),
            MessageType = row.GetString(7),
            Content = row.GetString(8),
            Priority = (OutboxPriority)row.GetInt32(18),
            InThread = row.GetInt32(19) != 0,
            FallsBack = row.GetInt32(20) != 0,
            Owner = row.GetString(22),
        },
        IdempotencyKey = row.GetString(9),
        InboxId = row.GetInt64(10),
        Reference = row.GetString(11),
        TraceParent = row.Text(12),
        NotBefore = row.Time(13),
        CreatedAt = row.Time(14),
        MadeAt = row.TimeOrNull(24),
        Attempts = row.GetInt32(15),
        FirstTriedAt = row.TimeOrNull(16),
        Partition = partition,
    };
}
