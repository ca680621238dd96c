using System.Text.RegularExpressions;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>Writes single rows of a table within a transaction. A statement that fails undoes itself alone.</summary>
internal sealed partial class SqliteRowStatements(
    SqliteConnection connection, SqliteTable table, RowReader rows, Func<string, bool> isThere) : IRowStatements
{
    public Task<WriteResult> InsertAsync(IReadOnlyList<Cell> cells, string key)
    {
        var names = string.Join(", ", cells.Select(cell => SqliteSource.Quoted(cell.Column.Name)));
        var values = string.Join(", ", cells.Select((_, i) => $"$p{i}"));
        return Run($"INSERT INTO {table.Quoted} ({names}) VALUES ({values})", [.. cells.Select(cell => cell.Stored)], cells, key);
    }

    public Task<WriteResult> UpdateAsync(IReadOnlyList<Cell> cells, object?[] key)
    {
        var set = string.Join(", ", cells.Select((cell, i) => $"{SqliteSource.Quoted(cell.Column.Name)} = $p{i}"));
        return Run($"UPDATE {table.Quoted} SET {set} WHERE {Where(cells.Count)}",
            [.. cells.Select(cell => cell.Stored), .. key], cells, null);
    }

    public Task<WriteResult> DeleteAsync(object?[] key) => Run($"DELETE FROM {table.Quoted} WHERE {Where(0)}", key, [], null);

    private string Where(int first) => string.Join(" AND ", rows.Keys.Select((column, i) =>
        $"{SqliteSource.Quoted(column.Name)} = $p{first + i} AND {SqliteSource.Quoted(column.Name)} = $p{first + i} COLLATE BINARY"));

    /// <param name="sql">The statement.</param>
    /// <param name="values">Its values.</param>
    /// <param name="cells">What it writes.</param>
    /// <param name="made">Of a row that is made its key.</param>
    private Task<WriteResult> Run(string sql, object?[] values, IReadOnlyList<Cell> cells, string? made)
    {
        try
        {
            // A trigger of the table can leave a row as it was, without an error.
            return Task.FromResult(SqliteSource.Run(connection, sql, values) > 0 ? WriteResult.Done(made)
                : new(WriteState.Refused, null, Problems.RowRefused, null, "a trigger of the table left it as it was"));
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG)
        {
            // An OR ROLLBACK of a trigger ends the whole transaction: nobody's row is written.
            if (raw.sqlite3_get_autocommit(connection.Handle) != 0) throw;
            if (made is not null && isThere(made)) return Task.FromResult(new WriteResult(WriteState.Moved));
            return Task.FromResult(new WriteResult(WriteState.Refused, null, Reason(e), Field(e, cells), e.Message));
        }
    }

    private static string Reason(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_TOOBIG => Problems.TooLong,
        raw.SQLITE_MISMATCH => Problems.ValueRefused,
        _ => e.SqliteExtendedErrorCode == raw.SQLITE_CONSTRAINT_TRIGGER ? Problems.RowRefused : Problems.Constraint,
    };

    /// <summary>SQLite names columns as <c>table.column</c>; of a check it says the check's own name or text.</summary>
    private int? Field(SqliteException e, IReadOnlyList<Cell> cells)
    {
        var named = Named().Matches(e.Message).Select(match => match.Groups[1].Value).Where(name => name.StartsWith(table.Name + ".",
            StringComparison.Ordinal)).Select(name => name[(table.Name.Length + 1)..]).ToList();
        if (named is [var one] && cells.FirstOrDefault(cell => cell.Column.Name == one) is { Field: { } field }) return field;
        if (named is [var missing] && rows.Columns.Select((column, i) => (column, i)).FirstOrDefault(pair => pair.column?.Name == missing)
            is { column: not null } place) return place.i;
        if (e.SqliteExtendedErrorCode == raw.SQLITE_CONSTRAINT_CHECK && cells.Where(cell => Names(e.Message, cell.Column.Name)).ToList()
            is [{ Field: { } @checked }]) return @checked;
        return cells is [{ Field: { } only }] ? only : null;
    }

    private static bool Names(string message, string column) => Regex.IsMatch(message, $@"(?<!\w){Regex.Escape(column)}(?!\w)");

    [GeneratedRegex(@"(?<=: |, )([^,']+\.[^,']+?)(?=,|'|$)")]
    private static partial Regex Named();
}
