using System.Globalization;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>What changed in a table since a cursor: by the notes of triggers or, where there can be none, by the file's mark.</summary>
internal sealed class SqliteNews(
    SqliteSource source, SqliteTable table, long sync, SyncSpec spec, RowReader rows, SqliteSourceOptions options, TimeProvider clock)
{
    private const int Most = 5000;

    /// <summary>Bytes of a key's part as it is noted: its characters, of four bytes or twice each, and what stands around.</summary>
    private const long LongestNote = 4 * LongCells.Most + 4;

    private const string NotesWord = "notes";
    private const string ScanWord = "scan";

    /// <summary>A sync that nobody runs any more and nobody removed does not let a company's file grow for ever.</summary>
    private static readonly TimeSpan LongestKeep = TimeSpan.FromDays(30);

    private readonly SqliteCapture _capture = new(table, spec);

    public SideNews Read(SqliteConnection connection, string? cursor) => cursor?.Split(':') switch
    {
        null => new([], Arm(connection)),
        [NotesWord, var token, var no, var at] => Notes(connection, token, Number(no), Number(at)),
        [ScanWord, var mark, var at] => Scan(connection, mark, DateTimeOffset.FromUnixTimeMilliseconds(Number(at))),
        _ => Gap(connection),
    };

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private SideNews Gap(SqliteConnection connection) => new([], Arm(connection), IsGap: true);

    /// <summary>From here on changes are told.</summary>
    /// <returns>The cursor.</returns>
    private string Arm(SqliteConnection connection)
    {
        try
        {
            return SqliteSource.Transact(connection, () =>
            {
                // What an earlier key needed is not left behind.
                SqliteCapture.Forget(connection, sync, _capture.Name);
                var token = _capture.Arm(connection, sync);
                return Cursor(token, Last(connection));
            });
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_ERROR
            or raw.SQLITE_CANTOPEN)
        {
            // A file that may only be read, or a table that has no triggers.
            return ScanCursor(clock.GetUtcNow());
        }
    }

    private SideNews Notes(SqliteConnection connection, string token, long no, long at)
    {
        // One reading transaction: notes that come meanwhile belong to the next time.
        SqliteSource.Run(connection, "BEGIN");
        SideNews? news;
        try
        {
            news = Told(connection, token, no, at);
        }
        finally
        {
            SqliteSource.Run(connection, "COMMIT");
        }

        if (news is null) return Gap(connection);
        Confirm(connection, no);
        return news;
    }

    /// <returns>Null: the notes are not those that the cursor is of.</returns>
    private SideNews? Told(SqliteConnection connection, string token, long no, long at)
    {
        if (!_capture.IsWhole(connection, sync, token)) return null;
        // The note at the cursor is kept: a file that was brought back from before has none there, or another one.
        if (no > 0 && SqliteSource.Scalar(connection, "SELECT at FROM larkspur_change WHERE no = $p0", no) as long? != at) return null;
        // A key longer than any cell is the key of no row, and is not pulled.
        var noted = SqliteSource.Query(connection, """
            SELECT no, at, row_key FROM larkspur_change
            WHERE no > $p0 AND tbl = $p1 AND length(CAST(row_key AS BLOB)) <= $p3 ORDER BY no LIMIT $p2
            """, no, _capture.Name, (long)Most, _capture.Keys.Count * LongestNote);
        // Anybody who writes to the file may write notes: one that no trigger of ours made tells nothing, so all is compared.
        var stored = noted.Select(row => row[2] is string note ? SqliteLiteral.Read(note) : null).ToList();
        var isGap = stored.Exists(values => values?.Count != _capture.Keys.Count);
        var keys = isGap ? [] : stored.Select(values => Key(values!)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var hasMore = noted.Count == Most;
        var last = hasMore ? ((long)noted[^1][0]!, noted[^1][1] as long? ?? 0) : Last(connection);
        return new(keys, Cursor(token, last), hasMore, isGap);
    }

    /// <summary>What came before a cursor that the engine comes back with is known there: old notes that all syncs know may go.</summary>
    private void Confirm(SqliteConnection connection, long no)
    {
        if (SqliteSource.Scalar(connection, "SELECT cursor FROM larkspur_capture WHERE sync = $p0 AND tbl = $p1", sync, _capture.Name)
            is not long known || known >= no) return;
        var now = clock.GetUtcNow();
        SqliteSource.Transact(connection, () =>
        {
            SqliteSource.Run(connection,
                "UPDATE larkspur_capture SET cursor = $p2 WHERE sync = $p0 AND tbl = $p1", sync, _capture.Name, no);
            return SqliteSource.Run(connection, """
                DELETE FROM larkspur_change WHERE no < (SELECT MAX(no) FROM larkspur_change)
                AND ((at < $p0 AND no < (SELECT MIN(cursor) FROM larkspur_capture)) OR at < $p1)
                """, (now - options.Keep).ToUnixTimeMilliseconds(), (now - LongestKeep).ToUnixTimeMilliseconds());
        });
    }

    private string? Key(List<object?> values)
    {
        var byName = _capture.Keys.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return rows.KeyText([.. rows.Keys.Select(column => byName[column.Name])]);
    }

    private static (long No, long At) Last(SqliteConnection connection) =>
        SqliteSource.Query(connection, "SELECT no, at FROM larkspur_change ORDER BY no DESC LIMIT 1") is [var row]
            ? ((long)row[0]!, row[1] as long? ?? 0) : (0, 0);

    private static string Cursor(string token, (long No, long At) last) => $"{NotesWord}:{token}:{last.No}:{last.At}";

    private SideNews Scan(SqliteConnection connection, string before, DateTimeOffset at)
    {
        var now = clock.GetUtcNow();
        var isMoved = before.EndsWith('~') || before != SqliteFileMark.Read(source.Path).Mark;
        if (!isMoved || now - at < options.ScanEvery) return new([], $"{ScanWord}:{before}:{at.ToUnixTimeMilliseconds()}");
        // Everything is compared anyway: triggers that can be had by now begin here.
        return Gap(connection);
    }

    private string ScanCursor(DateTimeOffset now)
    {
        var mark = SqliteFileMark.Of(source.Path, clock) ?? SqliteFileMark.Read(source.Path).Mark + "~";
        return $"{ScanWord}:{mark}:{now.ToUnixTimeMilliseconds()}";
    }
}
