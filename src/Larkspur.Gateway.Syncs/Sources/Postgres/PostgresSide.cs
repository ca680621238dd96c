using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>A table of a PostgreSQL database.</summary>
internal sealed class PostgresSide(PostgresSource source, PostgresTable table, long sync, SyncSpec spec, TimeProvider clock, ILogger logger)
    : RelationalSide(spec, clock, logger)
{
    private const string Row = "t";

    protected override IReadOnlyList<SourceColumn> Table => table.Columns;

    public override Task<SideShape> DescribeAsync(bool again, CancellationToken cancellation) =>
        GuardAsync(() => source.UseAsync(async connection =>
    {
        var now = await PostgresTable.ReadAsync(connection, Spec.Source.Table, cancellation);
        return new SideShape([.. now.Columns.Select(column => column.Shape)]);
    }, cancellation));

    public override Task<string?> MarkAsync(CancellationToken cancellation) => GuardAsync(() => source.UseAsync(
        connection => PostgresScan.MarkAsync(connection, table, cancellation), cancellation));

    public override Task<long?> CountAsync(CancellationToken cancellation) => GuardAsync(() => source.UseAsync(async connection =>
        (long?)long.Parse((await PostgresSource.ScalarAsync(connection, null,
            $"SELECT COUNT(*)::text FROM {table.Quoted} {Row} WHERE {Unmarked}", [], cancellation))!), cancellation));

    public override Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation) =>
        GuardAsync<SideNews?>(() => source.UseAsync<SideNews?>(async connection =>
            await new PostgresNews(source, connection, table, sync, Spec, Rows, Clock).ReadAsync(cursor, cancellation), cancellation));

    protected override Exception? Told(Exception e) => PostgresSourceErrors.Told(e);

    protected override Task<List<object?[]>> PageAsync(object?[]? after, int count, CancellationToken cancellation)
    {
        var keys = string.Join(", ", Keys.Select(column => $"{Row}.{column.Quoted}"));
        // Order and comparison are the column's own: so they agree, whatever its collation, and its index serves both.
        var given = string.Join(", ", Keys.Select((column, i) => $"CAST(${i + 1} AS {column.Cast})"));
        var beyond = after is null ? "" : $"AND ({keys}) > ({given})";
        // A key that is not read could not be asked for, and no page could end at it.
        var keyed = string.Join(" AND ", Keys.Select(column => $"{Row}.{column.Quoted} IS NOT NULL")
            .Concat(Keys.Select(column => column.IsLong(Row)).OfType<string>().Select(isLong => $"NOT ({isLong})")));
        return source.UseAsync(connection => StoredAsync(connection, null, $"""
            SELECT {Columns} FROM {table.Quoted} {Row} WHERE {keyed} AND {Unmarked} {beyond} ORDER BY {keys} LIMIT {count}
            """, after ?? [], cancellation), cancellation);
    }

    protected override Task<List<object?[]>> LookUpAsync(IReadOnlyList<object?[]> keys, CancellationToken cancellation) =>
        source.UseAsync(connection => LookUpAsync(connection, null, keys, "", cancellation), cancellation);

    protected override Task<IReadOnlyList<WriteResult>> WriteSomeAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation) =>
        source.UseAsync(connection => WriteAsync(connection, writes, cancellation), cancellation);

    private IEnumerable<PostgresColumn> Keys => Rows.Keys.Cast<PostgresColumn>();

    private string Columns =>
        LongCells.Select([.. Rows.Queried.Cast<PostgresColumn>().Select(column => (column.Text(Row), column.IsLong(Row)))]);

    private string Unmarked => ((PostgresColumn?)Rows.Mark)?.Unmarked(Row) ?? "TRUE";

    private static async Task<List<object?[]>> StoredAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql,
        object?[] values, CancellationToken cancellation) =>
        (await PostgresSource.QueryAsync(connection, transaction, sql, values, cancellation)).ConvertAll(row => LongCells.Read(row));

    /// <summary>Rows by stored keys.</summary>
    private async Task<List<object?[]>> LookUpAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction,
        IReadOnlyList<object?[]> keys, string locking, CancellationToken cancellation)
    {
        if (keys.Count == 0) return [];
        if (transaction is not null) await transaction.SaveAsync("larkspur_look", cancellation);
        try
        {
            return await StoredAsync(connection, transaction, LookUpSql(locking),
                [.. Enumerable.Range(0, Rows.Keys.Count).Select(i => keys.Select(key => (string?)key[i]).ToArray())], cancellation);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            if (transaction is not null) await transaction.RollbackAsync("larkspur_look", cancellation);
            // One of them is no value of the column, so there is no row of it; the others are asked for without it.
            if (keys.Count == 1) return [];
            var half = keys.Count / 2;
            var found = await LookUpAsync(connection, transaction, [.. keys.Take(half)], locking, cancellation);
            found.AddRange(await LookUpAsync(connection, transaction, [.. keys.Skip(half)], locking, cancellation));
            return found;
        }
    }

    private string LookUpSql(string locking)
    {
        var arrays = string.Join(", ", Keys.Select((_, i) => $"${i + 1}::text[]"));
        var names = string.Join(", ", Keys.Select((_, i) => $"k{i}"));
        var on = string.Join(" AND ", Keys.Select((column, i) => $"{Row}.{column.Quoted} = CAST(k.k{i} AS {column.Cast})"));
        return $"SELECT {Columns} FROM unnest({arrays}) AS k ({names}) JOIN {table.Quoted} {Row} ON {on} {locking}";
    }

    private async Task<IReadOnlyList<WriteResult>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<SideWrite> writes, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // A constraint that waits for the end would throw away all rows for one.
        await PostgresSource.RunAsync(connection, transaction, $"""
            SET LOCAL lock_timeout = {(long)source.Options.LockPatience.TotalMilliseconds}; SET CONSTRAINTS ALL IMMEDIATE
            """, [], cancellation);
        var statements = new PostgresRowStatements(connection, transaction, table, Rows,
            async id => (await NowAsync(connection, transaction, [id], "", cancellation)).Contains(id), cancellation);
        var writer = new RowWriter(Rows, statements, Spec, Clock);
        var (now, busy) = await LockAsync(connection, transaction, [.. writes.Select(KeyOf).OfType<string>().Distinct()], cancellation);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var results = new List<WriteResult>(writes.Count);
        foreach (var write in writes)
        {
            if (KeyOf(write) is not { } key || Rows.StoredKey(key) is null)
            {
                results.Add(new(WriteState.Refused, null, KeyOf(write) is null ? Problems.NoKey : Problems.ValueRefused, Rows.Map.Keys[0]));
            }
            else if (busy.Contains(key))
            {
                results.Add(new(WriteState.Failed, null, Problems.Busy, null, "another transaction has locked the row"));
            }
            else
            {
                // What was written of the same row just now counts.
                var rows = seen.Add(key) ? now[key] : (await NowAsync(connection, transaction, [key], "", cancellation))[key];
                results.Add(await writer.WriteAsync(write, key, [.. rows]));
            }
        }

        try
        {
            await transaction.CommitAsync(cancellation);
            return results;
        }
        catch (Exception e) when (e is not PostgresException && PostgresSourceErrors.Told(e) is not null)
        {
            // The answer to the commit was lost: it may have been done.
            return [.. results.Select(result =>
                result.State == WriteState.Done ? new(WriteState.Unknown, result.Id, Detail: PostgresSourceErrors.Reason(e)) : result)];
        }
    }

    /// <summary>Locks the rows that nobody else holds; for the others it waits once, for all together.</summary>
    private async Task<(ILookup<string, object?[]> Now, IReadOnlySet<string> Busy)> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var order = string.Join(", ", Keys.Select(column => $"{Row}.{column.Quoted}"));
        var now = await NowAsync(connection, transaction, ids, $"ORDER BY {order} FOR UPDATE OF {Row} SKIP LOCKED", cancellation);
        var others = (await NowAsync(connection, transaction, [.. ids.Where(id => !now.Contains(id))], "", cancellation))
            .Select(group => group.Key).ToList();
        if (others.Count == 0) return (now, new HashSet<string>());
        await transaction.SaveAsync("larkspur_wait", cancellation);
        try
        {
            var waited = await NowAsync(connection, transaction, others, $"ORDER BY {order} FOR UPDATE OF {Row}", cancellation);
            return (now.Concat(waited).SelectMany(group => group.Select(stored => (group.Key, Stored: stored)))
                .ToLookup(row => row.Key, row => row.Stored, StringComparer.Ordinal), new HashSet<string>());
        }
        catch (PostgresException e) when (PostgresSourceErrors.OfRow(e, null)?.State == WriteState.Failed)
        {
            await transaction.RollbackAsync("larkspur_wait", cancellation);
            return (now, others.ToHashSet(StringComparer.Ordinal));
        }
    }

    private async Task<ILookup<string, object?[]>> NowAsync(NpgsqlConnection connection, NpgsqlTransaction transaction,
        IReadOnlyList<string> ids, string locking, CancellationToken cancellation) =>
        (await LookUpAsync(connection, transaction, [.. ids.Select(Rows.StoredKey).OfType<object?[]>()], locking, cancellation))
            .Select(stored => (Id: Rows.KeyText(Rows.KeyOf(stored)), Stored: stored)).Where(row => row.Id is not null)
            .ToLookup(row => row.Id!, row => row.Stored, StringComparer.Ordinal);
}
