using System.Text.RegularExpressions;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Values;
using Microsoft.Data.Sqlite;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>
/// What is kept in a company's file to hear of changes: triggers that note a changed row's key in the transaction that changes it, the
/// notes (<c>larkspur_change</c>), and which sync reads them and how far it is (<c>larkspur_capture</c>). Syncs of the same table and key
/// share triggers.
/// </summary>
/// <remarks>
/// Not noted: a row that <c>INSERT OR REPLACE</c> replaces because of another column than the key, unless the writing program has switched
/// on recursive triggers. A comparison finds it.
/// </remarks>
internal sealed partial class SqliteCapture
{
    private const string Now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

    private readonly SqliteTable _table;

    public SqliteCapture(SqliteTable table, SyncSpec spec)
    {
        _table = table;
        Keys = [.. spec.Key.Order(StringComparer.Ordinal)];
        Name = "larkspur_" + Canonical.Hash([table.Name, .. Keys])[..12];
    }

    /// <summary>The beginning of its triggers' names, and what its notes bear.</summary>
    public string Name { get; }

    /// <summary>The columns whose values a note has, in their order there.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>Makes what is missing. A capture that was not whole gets a new token: whoever read it before knows of a gap.</summary>
    /// <returns>The token.</returns>
    public string Arm(SqliteConnection connection, long sync)
    {
        MakeTables(connection);
        var token = SqliteSource.Scalar(connection, "SELECT token FROM larkspur_capture WHERE tbl = $p0", Name) as string;
        if (token is null || !HasTriggers(connection))
        {
            MakeTriggers(connection);
            token = Guid.NewGuid().ToString("N");
            Run("UPDATE larkspur_capture SET token = $p1 WHERE tbl = $p0", Name, token);
        }

        Run("""
            INSERT INTO larkspur_capture (sync, tbl, token, cursor)
            VALUES ($p0, $p1, $p2, (SELECT COALESCE(MAX(no), 0) FROM larkspur_change))
            ON CONFLICT (sync, tbl) DO UPDATE SET token = excluded.token, cursor = excluded.cursor
            """, sync, Name, token);
        return token;

        void Run(string sql, params object?[] values) => SqliteSource.Run(connection, sql, values);
    }

    /// <summary>Whether a token is still the capture's, and everything of it is there.</summary>
    public bool IsWhole(SqliteConnection connection, long sync, string token) => HasTables(connection) && HasTriggers(connection)
        && SqliteSource.Scalar(connection,
            "SELECT token FROM larkspur_capture WHERE sync = $p0 AND tbl = $p1", sync, Name) as string == token;

    /// <summary>Ends what a sync kept, and what no other needs.</summary>
    /// <param name="connection">The file.</param>
    /// <param name="sync">The sync.</param>
    /// <param name="except">What it goes on to need (<see cref="Name"/>).</param>
    public static void Forget(SqliteConnection connection, long sync, string? except = null)
    {
        if (SqliteSource.Query(connection, "SELECT 1 FROM sqlite_master WHERE name LIKE 'larkspur\\_%' ESCAPE '\\' LIMIT 1").Count == 0)
            return;
        // Somebody may have dropped one of them, and what is left of the others hinders all who write.
        MakeTables(connection);
        SqliteSource.Run(connection, "DELETE FROM larkspur_capture WHERE sync = $p0 AND tbl IS NOT $p1", sync, except);
        var needed = SqliteSource.Query(connection, "SELECT DISTINCT tbl FROM larkspur_capture").Select(row => row[0]).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in Triggers(connection).Where(name => !needed.Contains(name[..name.LastIndexOf('_')])))
            SqliteSource.Run(connection, $"DROP TRIGGER {SqliteSource.Quoted(name)}");

        SqliteSource.Run(connection, "DELETE FROM larkspur_change WHERE tbl NOT IN (SELECT tbl FROM larkspur_capture)");
        if (needed.Count > 0) return;
        SqliteSource.Run(connection, "DROP TABLE larkspur_change");
        SqliteSource.Run(connection, "DROP TABLE larkspur_capture");
    }

    /// <summary>Triggers of the form that is made here: another one may bear such a name, and is not ours to take away.</summary>
    private static IReadOnlyList<string> Triggers(SqliteConnection connection) => [.. SqliteSource.Query(connection,
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'larkspur\\_%' ESCAPE '\\'")
        .Where(row => row is [string name, string sql] && IsOurs(name, sql)).Select(row => (string)row[0]!)];

    private static bool IsOurs(string name, string sql) => TriggerName().Match(name) is { Success: true } match
        && sql.StartsWith($"CREATE TRIGGER {name} AFTER {match.Groups[2].Value.ToUpperInvariant()} ON ", StringComparison.Ordinal)
        && sql.Contains($" BEGIN {Noting(match.Groups[1].Value)}quote(", StringComparison.Ordinal)
        && sql.EndsWith(" END", StringComparison.Ordinal);

    private static string Noting(string name) => $"INSERT INTO larkspur_change (tbl, row_key, at) SELECT '{name}', ";

    [GeneratedRegex("^(larkspur_[0-9a-f]{12})_(insert|update|delete)$", RegexOptions.CultureInvariant)]
    private static partial Regex TriggerName();

    private static bool HasTables(SqliteConnection connection) => (long)SqliteSource.Scalar(connection,
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('larkspur_change', 'larkspur_capture')")! == 2;

    private static void MakeTables(SqliteConnection connection)
    {
        SqliteSource.Run(connection, """
            CREATE TABLE IF NOT EXISTS larkspur_change (
                no INTEGER PRIMARY KEY AUTOINCREMENT, tbl TEXT NOT NULL, row_key TEXT NOT NULL, at INTEGER NOT NULL)
            """);
        SqliteSource.Run(connection, """
            CREATE TABLE IF NOT EXISTS larkspur_capture (
                sync INTEGER NOT NULL, tbl TEXT NOT NULL, token TEXT NOT NULL, cursor INTEGER NOT NULL, PRIMARY KEY (sync, tbl))
            """);
    }

    private bool HasTriggers(SqliteConnection connection) => (long)SqliteSource.Scalar(connection,
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $p0 AND name IN ($p1, $p2, $p3)",
        _table.Name, Name + "_insert", Name + "_update", Name + "_delete")! == 3;

    private void MakeTriggers(SqliteConnection connection)
    {
        var (old, fresh) = (SqliteLiteral.Expression("OLD", Keys), SqliteLiteral.Expression("NEW", Keys));
        Make("insert", Note(fresh));
        Make("delete", Note(old));
        // Another key is another row: both are noted.
        Make("update", $"{Note(old, $"{old} <> {fresh}")} {Note(fresh)}");

        void Make(string change, string body)
        {
            SqliteSource.Run(connection, $"DROP TRIGGER IF EXISTS {Name}_{change}");
            SqliteSource.Run(connection,
                $"CREATE TRIGGER {Name}_{change} AFTER {change.ToUpperInvariant()} ON {_table.Quoted} BEGIN {body} END");
        }

        string Note(string key, string when = "1") =>
            $"{Noting(Name)}{key}, {Now} WHERE {when};";
    }
}
