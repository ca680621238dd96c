using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Queueing;

/// <summary>What happened to a row besides its normal course: failed attempts, and what operators did. Written in the transaction in which it happens.</summary>
internal static class RowHistory
{
    public const string Inbox = "inbox";
    public const string Outbox = "outbox";

    /// <summary>A row replayed again and again shows its latest lines.</summary>
    private const int Shown = 200;

    public static async ValueTask AddAsync(IUnitOfWork unit, string box, long rowId, HistoryLine line) => await unit.ExecuteAsync(
        "INSERT INTO row_history (box, row_id, at, what, replay_count, attempt, who, error, message, stack) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        box, rowId, line.At.ToUnixTimeMilliseconds(), line.What, line.ReplayCount,
        line.Attempt, line.Who, line.Error, line.Message, line.Stack);

    /// <summary>What the latest line of a kind says; null: there is none, or it says nothing.</summary>
    public static ValueTask<string?> LatestAsync(ISql sql, string box, long rowId, string what) => sql.FirstAsync(
        "SELECT message FROM row_history WHERE row_id = $1 AND box = $2 AND what = $3 ORDER BY id DESC LIMIT 1", static row => row.Text(0), rowId, box, what);

    /// <summary>The latest lines in the order in which they happened.</summary>
    public static async ValueTask<IReadOnlyList<HistoryLine>> ReadAsync(ISql sql, string box, long rowId)
    {
        var lines = await sql.QueryAsync($"""
            SELECT at, what, replay_count, attempt, who, error, message, stack FROM row_history WHERE row_id = $1 AND box = $2 ORDER BY id DESC LIMIT {Shown}
            """, static row => new HistoryLine
            {
                At = row.Time(0),
                What = row.GetString(1),
                ReplayCount = row.GetInt32(2),
                Attempt = row.IsDBNull(3) ? null : row.GetInt32(3),
                Who = row.GetString(4),
                Error = row.Text(5),
                Message = row.Text(6),
                Stack = row.Text(7),
            }, rowId, box);
        lines.Reverse();
        return lines;
    }

    /// <summary>The same line for many rows.</summary>
    public static async ValueTask AddAsync(IUnitOfWork unit, Dialect dialect, string box, IReadOnlyCollection<long> rowIds, HistoryLine line)
    {
        if (rowIds.Count == 0) return;
        // A value that stands in a SELECT alone has no type on PostgreSQL.
        await unit.ExecuteAsync($"""
            INSERT INTO row_history (box, row_id, at, what, replay_count, who, message)
            SELECT CAST($1 AS TEXT), listed.id, CAST($2 AS BIGINT), CAST($3 AS TEXT), 0, CAST($4 AS TEXT), CAST($5 AS TEXT) FROM {IdList.Table(dialect, "$6")}
            """, box, line.At.ToUnixTimeMilliseconds(), line.What, line.Who, line.Message, IdList.Of(dialect, rowIds));
    }

    /// <summary>With their rows.</summary>
    public static async ValueTask ForgetAsync(IUnitOfWork unit, Dialect dialect, string box, IReadOnlyCollection<long> rowIds)
    {
        if (rowIds.Count > 0)
            await unit.ExecuteAsync($"DELETE FROM row_history WHERE box = $1 AND row_id {IdList.In(dialect, "$2")}", box, IdList.Of(dialect, rowIds));
    }
}

/// <summary>One thing that happened to a row.</summary>
internal sealed record HistoryLine
{
    public const string Failed = "failed";
    public const string Dead = "dead";
    public const string Replayed = "replayed";
    public const string Discarded = "discarded";
    public const string FellBack = "fell_back";

    public required DateTimeOffset At { get; init; }

    /// <summary><c>failed</c>: tried in vain, and tried again; <c>dead</c>: given up; <c>fell_back</c>: its facts were sent more plainly; <c>replayed</c>, <c>discarded</c>: by an operator.</summary>
    public required string What { get; init; }

    /// <summary>How often the row had been replayed by then.</summary>
    public int ReplayCount { get; init; }

    /// <summary>Which attempt since the last replay; null for what operators did.</summary>
    public int? Attempt { get; init; }

    /// <summary>The process, or <c>api</c>.</summary>
    public required string Who { get; init; }

    /// <summary>The exception's type.</summary>
    public string? Error { get; init; }

    /// <summary>At most 2 KB, known secrets and the event's own words taken out.</summary>
    public string? Message { get; init; }

    /// <summary>Its top frames.</summary>
    public string? Stack { get; init; }
}
