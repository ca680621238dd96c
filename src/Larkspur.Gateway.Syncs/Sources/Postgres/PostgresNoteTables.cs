using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>
/// The tables with notes of changes in a schema, and the function that writes them. Whoever else may make things in the schema can make
/// them first: what they attach to a table of theirs would run with the rights of our role, and they would change what is told.
/// </summary>
internal static class PostgresNoteTables
{
    /// <summary>Notes of changes.</summary>
    public const string Change = "larkspur_change";

    /// <summary>Who reads them, and how far.</summary>
    public const string Capture = "larkspur_capture";

    private const string Form = """
        c.relkind = 'r' AND NOT c.relispartition AND NOT c.relrowsecurity AND pg_get_userbyid(c.relowner) = current_user
            AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid)
            AND NOT EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid)
            AND NOT EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent))
        """;

    /// <summary>What bears a name of ours and is not of our making; null: nothing.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="transaction">What it is a part of.</param>
    /// <param name="schema">The schema's name, not quoted.</param>
    /// <param name="function">The name of the function; empty: none is needed.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<string?> StrangeAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string schema, string function,
        CancellationToken cancellation) => PostgresSource.ScalarAsync(connection, transaction, $"""
            SELECT string_agg(name, ', ' ORDER BY name) FROM (
                SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relname IN ('{Change}', '{Capture}') AND NOT ({Form})
                UNION ALL
                SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname = $1 AND p.proname = $2 AND pg_get_userbyid(p.proowner) <> current_user) AS strange (name)
            """, [schema, function], cancellation);

    /// <summary>
    /// Holds both tables until the transaction ends: from now on they are what they were found to be. They must be there; what is not of
    /// our making is not touched.
    /// </summary>
    /// <returns>As <see cref="StrangeAsync"/>.</returns>
    public static async Task<string?> HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string schema, string function,
        CancellationToken cancellation)
    {
        // Before, for nothing of others' is locked; and after, for whoever owns the schema may put another table there meanwhile.
        if (await StrangeAsync(connection, transaction, schema, function, cancellation) is { } strange) return strange;
        var quoted = PostgresSource.Quoted(schema);
        await PostgresSource.RunAsync(connection, transaction,
            $"LOCK TABLE {quoted}.{Change}, {quoted}.{Capture} IN ROW EXCLUSIVE MODE", [], cancellation);
        return await StrangeAsync(connection, transaction, schema, function, cancellation);
    }

    /// <summary>Schemas in which our role keeps who reads notes.</summary>
    public static async Task<IReadOnlyList<string>> SchemasAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        [.. (await PostgresSource.QueryAsync(connection, null, $"""
            SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relname = '{Capture}' AND has_schema_privilege(n.oid, 'USAGE') AND {Form}
            """, [], cancellation)).Select(row => row[0]!)];

    /// <summary>Makes those that are missing, for our role alone.</summary>
    public static async Task MakeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string schema, CancellationToken cancellation)
    {
        // The server asks for the right to make tables even where they are there.
        if (await PostgresSource.ScalarAsync(connection, transaction, $"""
            SELECT COUNT(*)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname IN ('{Change}', '{Capture}')
            """, [schema], cancellation) == "2") return;
        await PostgresSource.RunAsync(connection, transaction, $"""
            CREATE TABLE IF NOT EXISTS {PostgresSource.Quoted(schema)}.{Change} (no bigint GENERATED ALWAYS AS IDENTITY,
                xid xid8 NOT NULL DEFAULT pg_current_xact_id(), tbl text NOT NULL, row_key text[],
                at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (tbl, xid, no));
            CREATE TABLE IF NOT EXISTS {PostgresSource.Quoted(schema)}.{Capture} (sync bigint NOT NULL, tbl text NOT NULL,
                token text NOT NULL, cursor xid8 NOT NULL, PRIMARY KEY (sync, tbl))
            """, [], cancellation);
    }
}
