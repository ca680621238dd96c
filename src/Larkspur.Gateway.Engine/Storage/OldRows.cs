namespace Larkspur.Gateway.Storage;

/// <summary>Finds the old rows of a table, a batch at a time, without reading the others. For one round.</summary>
internal abstract class OldRows(DateTimeOffset before)
{
    /// <summary>What is older, in Unix milliseconds.</summary>
    public long Before { get; } = before.ToUnixTimeMilliseconds();

    /// <summary>What is true of such a row; it may have changed since it was found.</summary>
    /// <param name="place">Where <see cref="Before"/> stands among the statement's values.</param>
    public abstract string Condition(string place);

    /// <summary>The next ones, at most so many; fewer: there are no more now.</summary>
    public abstract Task<IReadOnlyList<long>> NextAsync(int atMost, CancellationToken cancellation);

    /// <summary>Forgets the next ones, as often as it is asked.</summary>
    /// <param name="forget">Forgets those of them that are still old.</param>
    public ForgetBatch Forgetting(ForgetFound forget) => async (database, atMost, cancellation) =>
    {
        for (var forgotten = 0; ;)
        {
            var ids = await NextAsync(atMost - forgotten, cancellation);
            var wasLast = ids.Count < atMost - forgotten;
            if (ids.Count > 0) forgotten += await database.TransactAsync(unit => forget(unit, this, ids), cancellation);
            // For those that changed meanwhile others are looked for: fewer than asked for would say that there are no more.
            if (wasLast || forgotten >= atMost) return forgotten;
        }
    };
}

/// <summary>Forgets rows that were found to be old: those of them that still are.</summary>
/// <returns>How many.</returns>
internal delegate ValueTask<int> ForgetFound(IUnitOfWork unit, OldRows rows, IReadOnlyList<long> ids);

/// <summary>Rows that ended well and arrived before a time. Rows arrive in the order of their ids, give or take.</summary>
/// <param name="database">The database.</param>
/// <param name="table">Its rows have an <c>id</c>.</param>
/// <param name="ended">What is true of a row that is over.</param>
/// <param name="time">The column of their arrival.</param>
/// <param name="before">That time.</param>
internal sealed class EndedRows(IDatabase database, string table, string ended, string time, DateTimeOffset before) : OldRows(before)
{
    private long? _last;
    private long _after;

    public override string Condition(string place) => $"{ended} AND {time} < {place}";

    public override async Task<IReadOnlyList<long>> NextAsync(int atMost, CancellationToken cancellation)
    {
        _last ??= await LastIdAsync(cancellation);
        if (_last == 0) return [];
        // From where the batch before ended: on PostgreSQL the rows that it deleted still stand there until a vacuum.
        var ids = await database.ReadAsync(sql => sql.QueryAsync(
            $"SELECT id FROM {table} WHERE id > $1 AND id <= $2 AND {Condition("$3")} ORDER BY id LIMIT $4", static row => row.GetInt64(0), _after, _last, Before, atMost), cancellation);
        if (ids.Count > 0) _after = ids[^1];
        return ids;
    }

    /// <summary>The newest id that arrived before the time, 0 when there is none: found by halving.</summary>
    private Task<long> LastIdAsync(CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var low = await sql.NumberAsync($"SELECT MIN(id) FROM {table}") ?? 0;
        var high = await sql.NumberAsync($"SELECT MAX(id) FROM {table}") ?? -1;
        var found = 0L;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var row = await sql.FirstAsync($"SELECT id, {time} FROM {table} WHERE id <= $1 ORDER BY id DESC LIMIT 1",
                static row => (Id: row.GetInt64(0), At: row.GetInt64(1)), middle);
            if (row.Id == 0) low = middle + 1;
            else if (row.At < Before) (found, low) = (row.Id, middle + 1);
            else high = row.Id - 1;
        }

        return found;
    }, cancellation);
}

/// <summary>Dead letters that died before a time: found by an index over when they died, however many wait that are not so old.</summary>
internal sealed class DeadRows(IDatabase database, string table, DateTimeOffset before) : OldRows(before)
{
    private long _from = long.MinValue;

    public override string Condition(string place) => $"status = 2 AND finished_at < {place}";

    public override async Task<IReadOnlyList<long>> NextAsync(int atMost, CancellationToken cancellation)
    {
        var found = await database.ReadAsync(sql => sql.QueryAsync(Query(table),
            static row => (Id: row.GetInt64(0), At: row.GetInt64(1)), Before, _from, atMost), cancellation);
        if (found.Count > 0) _from = found[^1].At;
        return [.. found.Select(static row => row.Id)];
    }

    /// <summary>The next ones: died before $1 and not before $2, at most $3.</summary>
    internal static string Query(string table) =>
        $"SELECT id, finished_at FROM {table} WHERE status = 2 AND finished_at < $1 AND finished_at >= $2 ORDER BY finished_at LIMIT $3";
}
