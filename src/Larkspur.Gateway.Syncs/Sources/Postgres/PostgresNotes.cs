using System.Text.Json;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Larkspur.Gateway.Syncs.Values;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>
/// Hears of changes by triggers that note a changed row's key with the transaction's number, in the table's own schema. Notes are read up
/// to the oldest transaction that is still open, of any database of the server: one that began earlier and ends later would be passed over
/// else (facts B7). A long transaction delays what is told, and loses nothing.
/// </summary>
internal sealed class PostgresNotes(
    NpgsqlConnection connection, PostgresTable table, long sync, SyncSpec spec, PostgresSourceOptions options)
{
    private const int Most = 5000;

    /// <summary>Of what a name is made apart.</summary>
    private const int Digits = 12;

    /// <summary>A sync that nobody runs any more and nobody removed does not let a company's database grow for ever.</summary>
    private static readonly TimeSpan LongestKeep = TimeSpan.FromDays(30);

    private readonly string[] _keys = [.. spec.Key.Order(StringComparer.Ordinal)];

    /// <summary>What its triggers, their function and its notes bear.</summary>
    public string Name => NameOf(table, _keys);

    /// <inheritdoc cref="Name"/>
    public static string NameOf(PostgresTable table, IEnumerable<string> keys) =>
        "larkspur_" + Canonical.Hash([table.Schema, table.Name, .. keys.Order(StringComparer.Ordinal)])[..Digits];

    private string Schema => PostgresSource.Quoted(table.Schema);

    /// <summary>The columns whose values a note has, in their order there.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Makes what is missing. Notes that were not whole get a new token: whoever read them before knows of a gap.</summary>
    /// <returns>The token, and the transaction from which on it tells.</returns>
    public async Task<(string Token, ulong From)> ArmAsync(CancellationToken cancellation)
    {
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            // Two syncs that begin at once make it once.
            await RunAsync(transaction, "SELECT pg_advisory_xact_lock(hashtext('larkspur_capture'))");
            await PostgresNoteTables.MakeAsync(connection, transaction, table.Schema, cancellation);
            if (await PostgresNoteTables.HoldAsync(connection, transaction, table.Schema, Name, cancellation) is { } strange)
                throw new SideAwayException(Problems.Broken, $"not of the sync's making: {strange}") { Side = SideName.Source };
            var token = await PostgresSource.ScalarAsync(connection, transaction,
                $"SELECT token FROM {Schema}.larkspur_capture WHERE tbl = $1 LIMIT 1", [Name], cancellation);
            if (token is null || !await IsThereAsync(transaction, cancellation))
            {
                await RunAsync(transaction, Triggers());
                token = Guid.NewGuid().ToString("N");
                await RunAsync(transaction, $"UPDATE {Schema}.larkspur_capture SET token = $2 WHERE tbl = $1", Name, token);
            }

            await RunAsync(transaction, $"""
                INSERT INTO {Schema}.larkspur_capture (sync, tbl, token, cursor)
                VALUES ($1, $2, $3, pg_snapshot_xmin(pg_current_snapshot()))
                ON CONFLICT (sync, tbl) DO UPDATE SET token = excluded.token, cursor = excluded.cursor
                """, sync, Name, token);
            await transaction.CommitAsync(cancellation);
            return (token, await HorizonAsync(connection, cancellation));
        }

        Task RunAsync(NpgsqlTransaction transaction, string sql, params object?[] values) =>
            PostgresSource.RunAsync(connection, transaction, sql, values, cancellation);
    }

    /// <returns>Null: the notes are not those that the cursor is of.</returns>
    public async Task<(List<string?[]> Keys, ulong Xid, long No, bool HasMore, bool IsGap)?> ReadAsync(
        string token, ulong xid, long no, CancellationToken cancellation)
    {
        // What is held cannot become another table between two statements.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await IsThereAsync(transaction, cancellation)
            || await PostgresNoteTables.HoldAsync(connection, transaction, table.Schema, Name, cancellation) is not null
            || await PostgresSource.ScalarAsync(connection, transaction,
                $"SELECT token FROM {Schema}.larkspur_capture WHERE sync = $1 AND tbl = $2", [sync, Name], cancellation) != token)
            return null;
        var horizon = await HorizonAsync(connection, cancellation);
        // The numbers of another server, into which this database was brought, begin anew.
        if (xid > horizon) return null;
        // A key longer than any cell is the key of no row, and is not pulled.
        var rows = await PostgresSource.QueryAsync(connection, transaction, $"""
            SELECT xid::text, no::text, CASE WHEN octet_length(array_to_string(row_key, '')) > {4 * LongCells.Most * _keys.Length} THEN '[]'
                ELSE to_jsonb(row_key)::text END FROM {Schema}.larkspur_change
            WHERE tbl = $1 AND (xid, no) > ($2::xid8, $3) AND xid < $4::xid8 ORDER BY xid, no LIMIT {Most}
            """, [Name, xid.ToString(), no, horizon.ToString()], cancellation);
        await ConfirmAsync(transaction, xid, cancellation);
        await transaction.CommitAsync(cancellation);
        var hasMore = rows.Count == Most;
        var keys = rows.Where(row => row[2] is not null).Select(row => JsonSerializer.Deserialize<string?[]>(row[2]!)!).ToList();
        var (lastXid, lastNo) = hasMore ? (ulong.Parse(rows[^1][0]!), long.Parse(rows[^1][1]!)) : (horizon, 0);
        return (keys, lastXid, lastNo, hasMore, keys.Count < rows.Count);
    }

    /// <summary>The oldest transaction that may still change something: all before it are seen whole.</summary>
    public static async Task<ulong> HorizonAsync(NpgsqlConnection connection, CancellationToken cancellation) => ulong.Parse(
        (await PostgresSource.ScalarAsync(connection, null, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text", [], cancellation))!);

    /// <summary>Ends what a sync kept, wherever it was, and what no other needs.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="sync">The sync.</param>
    /// <param name="except">What it goes on to need (<see cref="Name"/>): to take triggers away and make them anew locks the table.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task ForgetAsync(NpgsqlConnection connection, long sync, string? except, CancellationToken cancellation)
    {
        foreach (var name in await PostgresNoteTables.SchemasAsync(connection, cancellation))
        {
            var schema = PostgresSource.Quoted(name);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await RunAsync("SELECT pg_advisory_xact_lock(hashtext('larkspur_capture'))");
            // Somebody may have dropped the notes, or both while we waited.
            await PostgresNoteTables.MakeAsync(connection, transaction, name, cancellation);
            if (await PostgresNoteTables.HoldAsync(connection, transaction, name, "", cancellation) is not null) continue;
            await RunAsync($"DELETE FROM {schema}.larkspur_capture WHERE sync = $1 AND tbl IS DISTINCT FROM $2", sync, except);
            var unneeded = await PostgresSource.QueryAsync(connection, transaction, $"""
                SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname = $1 AND p.proname ~ $2 AND p.prorettype = 'trigger'::regtype
                    AND pg_get_userbyid(p.proowner) = current_user
                    AND p.proname NOT IN (SELECT tbl FROM {schema}.larkspur_capture)
                """, [name, $"^larkspur_[0-9a-f]{{{Digits}}}$"], cancellation);
            foreach (var function in unneeded) await RunAsync($"DROP FUNCTION {function[0]} CASCADE");
            await RunAsync($"DELETE FROM {schema}.larkspur_change WHERE tbl NOT IN (SELECT tbl FROM {schema}.larkspur_capture)");
            if (await PostgresSource.ScalarAsync(connection, transaction, $"SELECT COUNT(*)::text FROM {schema}.larkspur_capture", [],
                cancellation) == "0")
                await RunAsync($"DROP TABLE {schema}.larkspur_change, {schema}.larkspur_capture");
            await transaction.CommitAsync(cancellation);

            Task RunAsync(string sql, params object?[] values) =>
                PostgresSource.RunAsync(connection, transaction, sql, values, cancellation);
        }
    }

    private async Task<bool> IsThereAsync(NpgsqlTransaction? transaction, CancellationToken cancellation) =>
        await PostgresSource.ScalarAsync(connection, transaction, """
            SELECT (COUNT(*) = 2 AND to_regclass($2) IS NOT NULL AND to_regclass($3) IS NOT NULL)::text FROM pg_trigger
            WHERE tgrelid = $1::oid AND tgname IN ($4 || '_row', $4 || '_empty') AND tgenabled IN ('O', 'A')
                AND tgfoid IN (SELECT p.oid FROM pg_proc p WHERE p.proname = $4 AND pg_get_userbyid(p.proowner) = current_user)
            """, [table.Oid.ToString(), $"{Schema}.larkspur_change", $"{Schema}.larkspur_capture", Name], cancellation) == "true";

    /// <summary>
    /// Nothing of this may fail in other programs' statements. The function runs with the rights of whoever made it, for they may not write
    /// notes. The server does not know what its text names: where a column of the key has got another name a row is noted without a key,
    /// like a table that is emptied, and where the notes were dropped, or are another role's by now, nothing is noted.
    /// </summary>
    private string Triggers()
    {
        var columns = _keys.Select(key => table.Columns.First(column => column.Name == key)).ToList();
        var names = string.Join(", ", columns.Select(column => PostgresSource.Literal(column.Name)));
        var (old, fresh) = (Key("OLD"), Key("NEW"));
        // Texts of the table's own stand between the marks: no name of a column ends the function early.
        var mark = $"$l{Guid.NewGuid():N}$";
        return $"""
            DROP TRIGGER IF EXISTS {Name}_row ON {table.Quoted};
            DROP TRIGGER IF EXISTS {Name}_empty ON {table.Quoted};
            DROP FUNCTION IF EXISTS {Schema}.{Name}();
            CREATE FUNCTION {Schema}.{Name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS {mark}
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass({PostgresSource.Literal(Schema + ".larkspur_change")})
                    AND relkind = 'r' AND pg_get_userbyid(relowner) = current_user) THEN
                    RETURN NULL;
                ELSIF TG_OP = 'TRUNCATE' OR {columns.Count} > (SELECT COUNT(*) FROM pg_attribute
                    WHERE attrelid = TG_RELID AND NOT attisdropped AND attname IN ({names})) THEN
                    {Note("NULL")}
                ELSIF TG_OP = 'DELETE' THEN
                    {Note(old)}
                ELSIF TG_OP = 'INSERT' THEN
                    {Note(fresh)}
                ELSE
                    IF {old} IS DISTINCT FROM {fresh} THEN {Note(old)} END IF;
                    {Note(fresh)}
                END IF;
                RETURN NULL;
            END {mark};
            REVOKE ALL ON FUNCTION {Schema}.{Name}() FROM PUBLIC;
            CREATE TRIGGER {Name}_row AFTER INSERT OR UPDATE OR DELETE ON {table.Quoted} FOR EACH ROW EXECUTE FUNCTION {Schema}.{Name}();
            CREATE TRIGGER {Name}_empty AFTER TRUNCATE ON {table.Quoted} FOR EACH STATEMENT EXECUTE FUNCTION {Schema}.{Name}()
            """;

        string Key(string row) => $"ARRAY[{string.Join(", ", columns.Select(column => column.Text(row)))}]::text[]";

        string Note(string key) => $"INSERT INTO {Schema}.larkspur_change (tbl, row_key) VALUES ('{Name}', {key});";
    }

    /// <summary>What came before a cursor that the engine comes back with is known there: old notes that all syncs know may go.</summary>
    private async Task ConfirmAsync(NpgsqlTransaction transaction, ulong xid, CancellationToken cancellation)
    {
        if (await PostgresSource.RunAsync(connection, transaction, $"""
            UPDATE {Schema}.larkspur_capture SET cursor = $3::xid8 WHERE sync = $1 AND tbl = $2 AND cursor < $3::xid8
                AND EXISTS (SELECT FROM {Schema}.larkspur_change WHERE tbl = $2 AND xid >= larkspur_capture.cursor AND xid < $3::xid8)
            """, [sync, Name, xid.ToString()], cancellation) == 0) return;
        await PostgresSource.RunAsync(connection, transaction, $"""
            DELETE FROM {Schema}.larkspur_change WHERE tbl = $1
            AND ((at < now() - make_interval(secs => $2) AND xid < (SELECT MIN(cursor) FROM {Schema}.larkspur_capture WHERE tbl = $1))
                OR at < now() - make_interval(secs => $3))
            """, [Name, (long)options.Keep.TotalSeconds, (long)LongestKeep.TotalSeconds], cancellation);
    }
}
