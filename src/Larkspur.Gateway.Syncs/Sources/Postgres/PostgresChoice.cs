using System.Text.Json;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>How changes of a table can be heard of, and why not better.</summary>
/// <param name="Capture">A word of <see cref="Captures"/>.</param>
/// <param name="Refused">What would be better.</param>
/// <param name="Column">For <see cref="Captures.TransactionColumn"/>: which it is.</param>
internal sealed record PostgresChoice(string Capture, IReadOnlyList<CaptureRefusal> Refused, string? Column = null)
{
    // Why something is not to be had.
    public const string NotATable = "not_a_table";
    public const string NotLogged = "not_logged";
    public const string OldServer = "old_server";
    public const string Standby = "standby";
    public const string WalLevel = "wal_level";
    public const string NoReplicationRight = "no_replication_right";
    public const string NotOwner = "not_owner";
    public const string NoFreeSlot = "no_free_slot";
    public const string SlotTaken = "slot_taken";
    public const string ReplicaIdentity = "replica_identity";
    public const string NoTriggerRight = "no_trigger_right";
    public const string ForeignTables = "foreign_tables";
    public const string NoColumn = "no_transaction_column";
    public const string NotAllowed = "not_allowed";

    /// <param name="connection">The database.</param>
    /// <param name="table">The table.</param>
    /// <param name="keys">The key's columns; null: those of the primary key.</param>
    /// <param name="sync">The sync; null: any.</param>
    /// <param name="options">What may be taken.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<PostgresChoice> OfAsync(NpgsqlConnection connection, PostgresTable table, IReadOnlyList<string>? keys,
        long? sync, PostgresSourceOptions options, CancellationToken cancellation)
    {
        var facts = await FactsAsync(connection, table, sync, cancellation);
        var strange = await PostgresNoteTables.StrangeAsync(
            connection, null, table.Schema, PostgresNotes.NameOf(table, keys ?? [.. table.PrimaryKey]), cancellation);
        var identity = facts.Identity.ToHashSet(StringComparer.Ordinal);
        var column = facts.Column;
        (string Capture, IEnumerable<(bool IsTrue, string Reason, string? Detail)> Hindrances)[] ways =
        [
            (Captures.LogicalDecoding,
            [
                (!table.IsTable, NotATable, null),
                (facts.Persistence != "p", NotLogged, null),
                (facts.IsStandby, Standby, null),
                (facts.WalLevel != "logical", WalLevel, $"wal_level is {facts.WalLevel}"),
                (!facts.MayReplicate, NoReplicationRight, null),
                (!facts.IsOwner || !facts.MayPublish, NotOwner, null),
                (facts.IsSlotTaken, SlotTaken, sync is { } n ? PostgresSlot.NameOf(n) : null),
                (!facts.HasFreeSlot, NoFreeSlot, null),
                (identity.Count == 0 || !(keys ?? [.. table.PrimaryKey]).All(identity.Contains), ReplicaIdentity,
                    $"the replica identity has ({string.Join(", ", identity)})"),
            ]),
            (Captures.Triggers,
            [
                (!table.IsTable, NotATable, null),
                (facts.Version < 130000, OldServer, null),
                (facts.IsStandby, Standby, null),
                (!facts.MayTrigger, NoTriggerRight, null),
                (strange is not null, ForeignTables, strange),
            ]),
            (Captures.TransactionColumn, [(column is null, NoColumn, null)]),
            (Captures.Scan, []),
        ];
        var refused = new List<CaptureRefusal>();
        foreach (var (capture, hindrances) in ways)
        {
            var first = options.Captures.Contains(capture) ? hindrances.FirstOrDefault(hindrance => hindrance.IsTrue)
                : (true, NotAllowed, null);
            if (first.Reason is null) return new(capture, refused, column);
            refused.Add(new(capture, first.Reason, first.Detail));
        }

        return new(Captures.Scan, refused, column);
    }

    private static async Task<Facts> FactsAsync(
        NpgsqlConnection connection, PostgresTable table, long? sync, CancellationToken cancellation)
    {
        var row = (await PostgresSource.QueryAsync(connection, null, """
            SELECT current_setting('server_version_num'), pg_is_in_recovery()::text, current_setting('wal_level'),
                (r.rolreplication OR r.rolsuper)::text, pg_has_role(c.relowner, 'USAGE')::text,
                has_database_privilege(current_database(), 'CREATE')::text,
                (EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $2 AND database = current_database())
                    OR (SELECT COUNT(*) FROM pg_replication_slots) < current_setting('max_replication_slots')::int)::text,
                EXISTS (SELECT FROM pg_replication_slots
                    WHERE slot_name = $2 AND (database IS DISTINCT FROM current_database() OR plugin <> 'pgoutput'))::text,
                (has_table_privilege(c.oid, 'TRIGGER') AND has_schema_privilege(c.relnamespace, 'CREATE'))::text,
                c.relpersistence::text,
                (SELECT to_jsonb(array_agg(a.attname)) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND (c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)
                        AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE FALSE END)))::text,
                (SELECT a.attname FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = c.oid AND format_type(a.atttypid, NULL) = 'xid8'
                    AND pg_get_expr(d.adbin, d.adrelid) LIKE '%pg_current_xact_id%' LIMIT 1)
            FROM pg_class c, pg_roles r WHERE c.oid = $1::oid AND r.rolname = current_user
            """, [table.Oid.ToString(), sync is { } n ? PostgresSlot.NameOf(n) : ""], cancellation))[0];
        return new(int.Parse(row[0]!), Is(1), row[2]!, Is(3), Is(4), Is(5), Is(6), Is(7), Is(8), row[9]!,
            row[10] is { } identity ? JsonSerializer.Deserialize<string[]>(identity)! : [], row[11]);

        bool Is(int i) => row[i] == "true";
    }

    private sealed record Facts(int Version, bool IsStandby, string WalLevel, bool MayReplicate, bool IsOwner, bool MayPublish,
        bool HasFreeSlot, bool IsSlotTaken, bool MayTrigger, string Persistence, string[] Identity, string? Column);
}
