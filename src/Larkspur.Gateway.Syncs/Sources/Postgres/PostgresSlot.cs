using System.Globalization;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>
/// Hears of changes by the server's own log: a replication slot and a publication for each sync. The slot is asked for what is there and
/// not listened to, so that nothing is open between two looks; it is moved on only when the engine comes back with a cursor, which it does
/// once that is kept.
/// </summary>
/// <remarks>
/// The server keeps its log from the slot on. A gateway that is away for long fills the server's disk, unless <c>max_slot_wal_keep_size</c>
/// is set: then the slot is lost, which is a gap. The probe says how much is kept.
/// </remarks>
internal sealed class PostgresSlot(NpgsqlConnection connection, PostgresTable table, long sync, IReadOnlyList<PostgresColumn> keys)
{
    /// <summary>Changes of one call, give or take a transaction.</summary>
    private const int Most = 20_000;

    /// <summary>So many changed rows are found sooner by comparing everything.</summary>
    private const int MostKeys = 200_000;

    private readonly string _name = NameOf(sync);

    public static string NameOf(long sync) => $"larkspur_sync_{sync.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Makes slot and publication.</summary>
    /// <returns>From where on it tells.</returns>
    public async Task<ulong> ArmAsync(CancellationToken cancellation)
    {
        var root = table.Kind == PostgresTable.Partitioned ? ", publish_via_partition_root = true" : "";
        // The publication first: what the slot tells of it looks at the publication as it was then.
        await PostgresSource.RunAsync(connection, null,
            $"CREATE PUBLICATION {_name} FOR TABLE {table.Quoted} WITH (publish = 'insert, update, delete, truncate'{root})", [],
            cancellation);
        return Position((await PostgresSource.ScalarAsync(connection, null,
            "SELECT lsn::text FROM pg_create_logical_replication_slot($1, 'pgoutput')", [_name], cancellation))!);
    }

    /// <summary>Takes away what a sync has.</summary>
    public static async Task DropAsync(NpgsqlConnection connection, long sync, CancellationToken cancellation)
    {
        var name = NameOf(sync);
        // A slot of that name in another database is another gateway's.
        await PostgresSource.RunAsync(connection, null, """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
            WHERE slot_name = $1 AND database = current_database() AND plugin = 'pgoutput'
            """, [name], cancellation);
        // Who never may make one is not asked to take one away.
        if (await PostgresSource.ScalarAsync(connection, null, "SELECT 'yes' FROM pg_publication WHERE pubname = $1", [name], cancellation)
            is not null) await PostgresSource.RunAsync(connection, null, $"DROP PUBLICATION {name}", [], cancellation);
    }

    /// <summary>How much of its log the server keeps for syncs.</summary>
    public static async Task<IReadOnlyList<KeptLog>> KeptAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        [.. (await PostgresSource.QueryAsync(connection, null, """
            SELECT slot_name, CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_current_wal_lsn() - restart_lsn END::bigint::text,
                wal_status, current_setting('max_slot_wal_keep_size')
            FROM pg_replication_slots WHERE slot_name LIKE 'larkspur\_sync\_%' AND database = current_database() ORDER BY slot_name
            """, [], cancellation)).Select(row => new KeptLog(row[0]!, row[1] is { } bytes ? long.Parse(bytes) : 0, row[2], row[3]))];

    /// <returns>Null: what happened since is not known any more.</returns>
    /// <exception cref="SideAwayException">Somebody reads the slot just now.</exception>
    public async Task<(List<string?[]> Keys, ulong Cursor, bool HasMore, bool IsGap)?> ReadAsync(
        ulong cursor, CancellationToken cancellation)
    {
        var state = await PostgresSource.QueryAsync(connection, null, """
            SELECT s.active::text, s.wal_status, s.confirmed_flush_lsn::text, pg_current_wal_flush_lsn()::text
            FROM pg_replication_slots s
            WHERE s.slot_name = $1 AND s.database = current_database() AND s.plugin = 'pgoutput'
                AND EXISTS (SELECT FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
                    WHERE p.pubname = $1 AND r.prrelid = $2::oid AND p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate)
            """, [_name, table.Oid.ToString()], cancellation);
        if (state is not [[var active, var status, { } confirmedText, { } flushedText]] || status == "lost") return null;
        if (active == "true") throw new SideAwayException(Problems.Busy, $"{_name} is read by somebody else") { Side = SideName.Source };
        var (confirmed, flushed) = (Position(confirmedText), Position(flushedText));
        // Somebody else moved the slot on, or the cursor is of another server.
        if (confirmed > cursor || cursor > flushed) return null;
        if (confirmed < cursor) await PostgresSource.RunAsync(connection, null,
            "SELECT pg_replication_slot_advance($1, $2::pg_lsn)", [_name, Text(cursor)], cancellation);
        return await PeekAsync(cursor, flushed, cancellation);
    }

    private async Task<(List<string?[]>, ulong, bool, bool)?> PeekAsync(ulong cursor, ulong flushed, CancellationToken cancellation)
    {
        var output = new PgOutput([.. keys.Select(column => column.Name)]);
        var (messages, isTooMuch) = (0, false);
        // The log writes values as the session's settings have them.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await PostgresSource.RunAsync(
            connection, transaction, "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'", [], cancellation);
        await using var command = new NpgsqlCommand(
            "SELECT data FROM pg_logical_slot_peek_binary_changes($1, $2::pg_lsn, $3, 'proto_version', '1', 'publication_names', $1)",
            connection, transaction);
        command.Parameters.Add(new() { Value = _name, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(PostgresSource.Parameter(Text(flushed)));
        command.Parameters.Add(new() { Value = Most, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                messages++;
                output.Read(reader.GetFieldValue<byte[]>(0));
                if (output.Changed.Count <= MostKeys) continue;
                // One huge transaction: its end is still looked for.
                isTooMuch = true;
                output.Changed.Clear();
            }
        }

        await transaction.CommitAsync(cancellation);
        var hasMore = messages >= Most;
        var isGap = isTooMuch || output.IsGap;
        return (isGap ? [] : output.Changed, hasMore ? output.End : Math.Max(Math.Max(flushed, output.End), cursor), hasMore, isGap);
    }

    public static ulong Position(string text) => text.Split('/') is [var high, var low]
        && uint.TryParse(high, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var upper)
        && uint.TryParse(low, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var lower)
        ? (ulong)upper << 32 | lower : ulong.MaxValue;

    public static string Text(ulong position) => $"{position >> 32:X}/{position & uint.MaxValue:X}";
}
