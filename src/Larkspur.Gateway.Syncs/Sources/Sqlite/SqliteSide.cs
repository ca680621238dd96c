using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>A table of a SQLite file.</summary>
internal sealed class SqliteSide(
    SqliteSource source, SqliteTable table, long sync, SyncSpec spec, SqliteSourceOptions options, TimeProvider clock, ILogger logger)
    : RelationalSide(spec, clock, logger)
{
    /// <summary>Keys of one look-up: each of their parts is a parameter.</summary>
    private const int AtOnce = 500;

    protected override IReadOnlyList<SourceColumn> Table => table.Columns;

    public override Task<SideShape> DescribeAsync(bool again, CancellationToken cancellation) => GuardAsync(() => source.UseAsync(
        connection => new SideShape([.. SqliteTable.Read(connection, table.Name).Columns.Select(column => column.Shape)]), cancellation));

    public override Task<string?> MarkAsync(CancellationToken cancellation) => Task.FromResult(SqliteFileMark.Of(source.Path, Clock));

    public override Task<long?> CountAsync(CancellationToken cancellation) => GuardAsync(() => source.UseAsync(connection =>
        (long?)SqliteSource.Scalar(connection, $"SELECT COUNT(*) FROM {table.Quoted} WHERE {Unmarked}"), cancellation));

    public override Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation) => GuardAsync(() => source.UseAsync(
        connection => (SideNews?)new SqliteNews(source, table, sync, Spec, Rows, options, Clock).Read(connection, cursor), cancellation));

    protected override Exception? Told(Exception e) => SqliteSource.Told(e);

    protected override Task<List<object?[]>> PageAsync(object?[]? after, int count, CancellationToken cancellation)
    {
        var keys = Rows.Keys.Cast<SqliteColumn>().ToList();
        // A text that another collation takes for equal still has its own place, so that no page ends between two of them.
        var order = keys.SelectMany((column, i) => Terms(column).Select(term => (Term: term, Key: i))).ToList();
        var (left, right) = (Row(order.Select(term => term.Term)), Row(order.Select(term => $"$p{term.Key}")));
        var beyond = after is null ? "" : $"AND {left} > {right}";
        // A key that is not read could not be asked for, and no page could end at it.
        var keyed = string.Join(" AND ", keys.Select(column => $"{SqliteSource.Quoted(column.Name)} IS NOT NULL AND NOT {column.IsLong}"));
        return source.UseAsync(connection => SqliteSource.Query(connection, $"""
            SELECT {Columns} FROM {table.Quoted} WHERE {keyed} AND {Unmarked} {beyond}
            ORDER BY {string.Join(", ", order.Select(term => term.Term))} LIMIT {count}
            """, after ?? []).ConvertAll(LongCells.Read), cancellation);

        static string[] Terms(SqliteColumn column) => column.Collation == "BINARY" ? [SqliteSource.Quoted(column.Name)]
            : [SqliteSource.Quoted(column.Name), $"{SqliteSource.Quoted(column.Name)} COLLATE BINARY"];

        static string Row(IEnumerable<string> terms) => $"({string.Join(", ", terms)})";
    }

    protected override Task<List<object?[]>> LookUpAsync(IReadOnlyList<object?[]> keys, CancellationToken cancellation) =>
        source.UseAsync(connection => LookUp(connection, keys), cancellation);

    protected override Task<IReadOnlyList<WriteResult>> WriteSomeAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation) =>
        source.UseAsync(connection => WriteTogether(connection, writes), cancellation);

    /// <summary>
    /// A constraint that is judged at the end, or a trigger that ends the whole transaction, undoes all rows for one: each is written in a
    /// transaction of its own then.
    /// </summary>
    private IReadOnlyList<WriteResult> WriteTogether(SqliteConnection connection, IReadOnlyList<SideWrite> writes)
    {
        try
        {
            return SqliteSource.Transact(connection, () => Write(connection, writes));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            return writes.Count == 1 ? [new(WriteState.Refused, null, Problems.Constraint, null, e.Message)]
                : [.. writes.SelectMany(write => WriteTogether(connection, [write]))];
        }
    }

    private string Columns => LongCells.Select(
        [.. Rows.Queried.Cast<SqliteColumn>().Select(column => (SqliteSource.Quoted(column.Name), (string?)column.IsLong))]);

    /// <summary>As <see cref="SqliteColumn.IsMarked"/> says it.</summary>
    private string Unmarked
    {
        get
        {
            if (Rows.Mark is null) return "TRUE";
            var name = SqliteSource.Quoted(Rows.Mark.Name);
            return $"""
                CASE typeof({name}) WHEN 'null' THEN TRUE WHEN 'blob' THEN TRUE
                WHEN 'text' THEN upper({name}) IN ('', 'FALSE', 'F', 'NO', 'N', '0') ELSE {name} = 0 END
                """;
        }
    }

    private List<object?[]> LookUp(SqliteConnection connection, IReadOnlyList<object?[]> keys)
    {
        var names = $"({string.Join(", ", Rows.Keys.Select(column => SqliteSource.Quoted(column.Name)))})";
        var found = new List<object?[]>();
        foreach (var some in keys.Chunk(AtOnce))
        {
            var values = some.SelectMany(key => key).ToArray();
            var n = 0;
            var asked = string.Join(", ", some.Select(key => $"({string.Join(", ", key.Select(_ => $"$p{n++}"))})"));
            found.AddRange(SqliteSource.Query(connection,
                $"SELECT {Columns} FROM {table.Quoted} WHERE {names} IN (VALUES {asked})", values).ConvertAll(LongCells.Read));
        }

        return found;
    }

    private IReadOnlyList<WriteResult> Write(SqliteConnection connection, IReadOnlyList<SideWrite> writes)
    {
        var statements = new SqliteRowStatements(connection, table, Rows, id => Now(connection, [id]).Contains(id));
        var writer = new RowWriter(Rows, statements, Spec, Clock);
        var now = Now(connection, writes.Select(KeyOf).OfType<string>());
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var results = new List<WriteResult>(writes.Count);
        foreach (var write in writes)
        {
            if (KeyOf(write) is not { } key || Rows.StoredKey(key) is null)
            {
                results.Add(new(WriteState.Refused, null, KeyOf(write) is null ? Problems.NoKey : Problems.ValueRefused, Rows.Map.Keys[0]));
                continue;
            }

            // What was written of the same row just now counts.
            var rows = seen.Add(key) ? now[key] : Now(connection, [key])[key];
            // The statements of SQLite are done when they return.
            results.Add(writer.WriteAsync(write, key, [.. rows]).GetAwaiter().GetResult());
        }

        return results;
    }

    private ILookup<string, object?[]> Now(SqliteConnection connection, IEnumerable<string> ids) =>
        LookUp(connection, [.. ids.Distinct(StringComparer.Ordinal).Select(Rows.StoredKey).OfType<object?[]>()])
            .Select(stored => (Id: Rows.KeyText(Rows.KeyOf(stored)), Stored: stored)).Where(row => row.Id is not null)
            .ToLookup(row => row.Id!, row => row.Stored, StringComparer.Ordinal);
}
