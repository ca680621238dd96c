using System.Text.Json;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>A table of a PostgreSQL database, as its catalogue has it.</summary>
internal sealed record PostgresTable(uint Oid, string Schema, string Name, char Kind, IReadOnlyList<PostgresColumn> Columns)
{
    public const char Partitioned = 'p';

    /// <summary>Tables and views of people's own that the role may read: what it names, and nothing else, is opened.</summary>
    private const string Own = """
        c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relname NOT LIKE 'larkspur\_%'
            AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND has_schema_privilege(n.oid, 'USAGE')
            AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
        """;

    /// <summary>Columns of constraints and unique indexes, by their names: what the server says of a violation.</summary>
    public required IReadOnlyDictionary<string, string[]> Constraints { get; init; }

    public string Quoted => $"{PostgresSource.Quoted(Schema)}.{PostgresSource.Quoted(Name)}";

    /// <summary>Rows are kept in it, or in its partitions.</summary>
    public bool IsTable => Kind is 'r' or Partitioned;

    public IEnumerable<string> PrimaryKey => Columns.Where(column => column.Shape.IsKey).Select(column => column.Name);

    /// <summary>Tables and views of people's own, as they can be asked for.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        [.. (await PostgresSource.QueryAsync(connection, null, $"""
            SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {Own}
            ORDER BY 1
            """, [], cancellation)).Select(row => row[0]!)];

    /// <param name="connection">The database.</param>
    /// <param name="name"><c>table</c> of the search path, or <c>schema.table</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SideStoppedException">There is no such table.</exception>
    public static async Task<PostgresTable> ReadAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var found = await PostgresSource.QueryAsync(connection, null, $"""
            SELECT c.oid::text, n.nspname, c.relname, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {Own}
                AND ((c.relname = $1 AND pg_table_is_visible(c.oid)) OR (n.nspname = $2 AND c.relname = $3))
            ORDER BY (c.relname = $1) DESC LIMIT 1
            """, [name, dot < 0 ? "" : name[..dot], name[(dot + 1)..]], cancellation);
        if (found is not [var row]) throw new SideStoppedException(Problems.NotFound, name) { Side = SideName.Source };
        var oid = uint.Parse(row[0]!);
        return new(oid, row[1]!, row[2]!, row[3]![0], await ColumnsAsync(connection, row[0]!, cancellation))
        {
            Constraints = await ConstraintsAsync(connection, row[0]!, cancellation),
        };
    }

    private static async Task<IReadOnlyList<PostgresColumn>> ColumnsAsync(
        NpgsqlConnection connection, string oid, CancellationToken cancellation)
    {
        var rows = await PostgresSource.QueryAsync(connection, null, """
            WITH RECURSIVE base (number, type, modifier, needed) AS (
                SELECT attnum, atttypid, atttypmod, attnotnull FROM pg_attribute
                WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped
                UNION ALL
                SELECT b.number, t.typbasetype, t.typtypmod, b.needed OR t.typnotnull
                FROM base b JOIN pg_type t ON t.oid = b.type AND t.typtype = 'd')
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnum::text, b.needed::text, a.atthasdef::text, a.attidentity::text,
                a.attgenerated::text, t.typname, t.typtype::text, b.modifier::text, format_type(t.oid, -1), e.typname, e.typtype::text,
                EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey))::text,
                (SELECT jsonb_agg(l.enumlabel ORDER BY l.enumsortorder)::text FROM pg_enum l WHERE l.enumtypid = t.oid),
                has_column_privilege(a.attrelid, a.attnum, 'SELECT')::text,
                (SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
                    WHERE k.conrelid = a.attrelid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum] LIMIT 1)
            FROM pg_attribute a JOIN base b ON b.number = a.attnum JOIN pg_type t ON t.oid = b.type AND t.typtype <> 'd'
                LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
            WHERE a.attrelid = $1::oid ORDER BY a.attnum
            """, [oid], cancellation);
        return [.. rows.Where(row => row[15] == "true").Select(Column)];
    }

    private static PostgresColumn Column(string?[] row)
    {
        var (name, type, modifier) = (row[0]!, row[7]!, int.Parse(row[9]!));
        var of = PostgresTypes.Of(type, row[8]![0], row[11], row[12]?[0]);
        var (isNullable, isComputed) = (row[3] == "false", row[6]!.Length > 0);
        var hasDefault = row[4] == "true" || row[5]!.Length > 0;
        var options = row[14] is { } labels ? JsonSerializer.Deserialize<string[]>(labels)!
            : of == PostgresClass.Text && row[16] is { } check ? PostgresCheck.Options(check) : [];
        return new()
        {
            Class = of, Cast = row[10]!, Number = short.Parse(row[2]!), IsPadded = type == "bpchar", IsNullable = isNullable,
            HasDefault = hasDefault, Length = PostgresTypes.Length(type, modifier),
            Shape = new(name, name, row[1]!, options.Count > 0 ? [ValueKind.Choice, ValueKind.Text] : PostgresTypes.Kinds(of))
            {
                IsKey = row[13] == "true", IsReadOnly = isComputed || row[5] == "a", IsRequired = !isNullable && !hasDefault,
                Options = options, Losses = [.. PostgresTypes.LossesOf(of, type, modifier, isNullable)],
            },
        };
    }

    private static async Task<IReadOnlyDictionary<string, string[]>> ConstraintsAsync(
        NpgsqlConnection connection, string oid, CancellationToken cancellation)
    {
        var rows = await PostgresSource.QueryAsync(connection, null, """
            SELECT k.conname,
                to_jsonb(ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)))::text
            FROM pg_constraint k WHERE k.conrelid = $1::oid AND k.conkey IS NOT NULL
            UNION
            SELECT c.relname,
                to_jsonb(ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)))::text
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::oid AND i.indisunique
            """, [oid], cancellation);
        return rows.GroupBy(row => row[0]!, StringComparer.Ordinal).ToDictionary(group => group.Key,
            group => JsonSerializer.Deserialize<string[]>(group.First()[1]!)!, StringComparer.Ordinal);
    }
}
