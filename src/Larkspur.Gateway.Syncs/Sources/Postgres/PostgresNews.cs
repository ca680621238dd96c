using System.Globalization;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>What changed in a table since a cursor, in the best way that there is. The cursor says which way it is of.</summary>
internal sealed class PostgresNews(
    PostgresSource source, NpgsqlConnection connection, PostgresTable table, long sync, SyncSpec spec, RowReader rows, TimeProvider clock)
{
    private const string LogWord = "log";
    private const string NotesWord = "notes";
    private const string ColumnWord = "column";
    private const string ScanWord = "scan";

    /// <summary>So many rows of one look at a transaction column are found sooner by comparing everything.</summary>
    private const int MostOfColumn = 20_000;

    private PostgresSlot Slot => new(connection, table, sync, [.. rows.Keys.Cast<PostgresColumn>()]);

    private PostgresNotes Notes => new(connection, table, sync, spec, source.Options);

    public async Task<SideNews> ReadAsync(string? cursor, CancellationToken cancellation)
    {
        switch (cursor?.Split(':'))
        {
            case null:
                return new([], await ArmAsync(cancellation));
            case [LogWord, var position]:
                if (await Slot.ReadAsync(PostgresSlot.Position(position), cancellation) is not { } logged) break;
                var logs = rows.Keys.Cast<PostgresColumn>().ToList();
                return new(Keys(logged.Keys.Select(key => key.Select((text, i) => text is null ? null : logs[i].Logged(text)).ToArray())),
                    LogCursor(logged.Cursor), logged.HasMore, logged.IsGap);
            case [NotesWord, var token, var xid, var no]:
                if (await Notes.ReadAsync(token, ulong.Parse(xid), long.Parse(no), cancellation) is not { } noted) break;
                return new(Keys(noted.Keys.Select(Ordered).OfType<string?[]>()), $"{NotesWord}:{token}:{noted.Xid}:{noted.No}",
                    noted.HasMore, noted.IsGap);
            case [ColumnWord, var column, var from, var at]:
                if (await ColumnAsync(Uri.UnescapeDataString(column), ulong.Parse(from), Time(at), cancellation) is not { } changed) break;
                return changed;
            case [ScanWord, var mark, var at]:
                return await ScanAsync(mark, Time(at), cancellation);
        }

        return new([], await ArmAsync(cancellation), IsGap: true);
    }

    /// <summary>From here on changes are told, in the best way that is allowed.</summary>
    private async Task<string> ArmAsync(CancellationToken cancellation)
    {
        var choice = await PostgresChoice.OfAsync(connection, table, spec.Key, sync, source.Options, cancellation);
        // What an earlier way needed is not left behind: a slot that nobody reads any more fills the server's disk.
        await PostgresNotes.ForgetAsync(
            connection, sync, choice.Capture == Captures.Triggers ? Notes.Name : null, cancellation);
        await PostgresSlot.DropAsync(connection, sync, cancellation);
        switch (choice.Capture)
        {
            case Captures.LogicalDecoding:
                return LogCursor(await Slot.ArmAsync(cancellation));
            case Captures.Triggers:
                var (token, from) = await Notes.ArmAsync(cancellation);
                return $"{NotesWord}:{token}:{from}:0";
            case Captures.TransactionColumn:
                return ColumnCursor(choice.Column!, await PostgresNotes.HorizonAsync(connection, cancellation), clock.GetUtcNow());
            default:
                return ScanCursor(await PostgresScan.MarkAsync(connection, table, cancellation));
        }
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture));

    private static string LogCursor(ulong position) => $"{LogWord}:{PostgresSlot.Text(position)}";

    private static string ColumnCursor(string column, ulong from, DateTimeOffset at) =>
        $"{ColumnWord}:{Uri.EscapeDataString(column)}:{from}:{at.ToUnixTimeMilliseconds()}";

    private string ScanCursor(string? mark) => $"{ScanWord}:{mark}:{clock.GetUtcNow().ToUnixTimeMilliseconds()}";

    private List<string> Keys(IEnumerable<string?[]> stored) =>
        [.. stored.Select(key => rows.KeyText(key)).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>A note's key in the order of the map; null: it is of a key that is none any more.</summary>
    private string?[]? Ordered(string?[] noted)
    {
        if (noted.Length != Notes.Keys.Count) return null;
        var byName = Notes.Keys.Zip(noted).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. rows.Keys.Select(column => byName[column.Name])];
    }

    /// <summary>Rows of transactions that are over and came after the cursor's. Nothing tells of deleted ones: now and then all is
    /// compared.</summary>
    private async Task<SideNews?> ColumnAsync(string column, ulong from, DateTimeOffset at, CancellationToken cancellation)
    {
        var horizon = await PostgresNotes.HorizonAsync(connection, cancellation);
        if (from > horizon || table.Columns.All(known => known.Name != column)) return null;
        var isDue = clock.GetUtcNow() - at >= source.Options.DeletedEvery;
        var keys = string.Join(", ", rows.Keys.Cast<PostgresColumn>().Select(key => key.Text("t")));
        var found = await PostgresSource.QueryAsync(connection, null, $"""
            SELECT {keys} FROM {table.Quoted} t
            WHERE t.{PostgresSource.Quoted(column)} >= $1::xid8 AND t.{PostgresSource.Quoted(column)} < $2::xid8 LIMIT {MostOfColumn}
            """, [from.ToString(), horizon.ToString()], cancellation);
        var isGap = isDue || found.Count == MostOfColumn;
        return new(isGap ? [] : Keys(found), ColumnCursor(column, horizon, isDue ? clock.GetUtcNow() : at), IsGap: isGap);
    }

    private async Task<SideNews> ScanAsync(string before, DateTimeOffset at, CancellationToken cancellation)
    {
        var mark = await PostgresScan.MarkAsync(connection, table, cancellation);
        var isMoved = mark is null || mark != before;
        // Everything is compared anyway: a better way that is to be had by now begins here.
        return !isMoved || clock.GetUtcNow() - at < source.Options.ScanEvery
            ? new([], $"{ScanWord}:{before}:{at.ToUnixTimeMilliseconds()}") : new([], await ArmAsync(cancellation), IsGap: true);
    }
}
