using System.Data.Common;

namespace Larkspur.Gateway.Storage;

/// <summary>A connection or a transaction that statements run on, one after another.</summary>
/// <remarks>
/// One text serves SQLite and PostgreSQL: values are <c>$1</c>, <c>$2</c>… in order, times are Unix milliseconds, truth is 0 or 1, and what only one of
/// the two knows is not used (where it is worth it, a store has two makes of that one statement).
/// </remarks>
public interface ISql
{
    /// <summary>Runs a query and maps its rows.</summary>
    ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values);
}

/// <summary>One open transaction.</summary>
public interface IUnitOfWork : ISql
{
    /// <summary>Runs a statement.</summary>
    /// <returns>Rows changed.</returns>
    ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<object?> values);

    /// <summary>
    /// Does something as the last of the transaction, in the order in which it was asked for: what takes a lock that everybody needs holds it for a moment only, and after all others, so that
    /// no two transactions wait for each other. Where there is one writer anyway it is done at once.
    /// </summary>
    ValueTask LastAsync(Func<IUnitOfWork, ValueTask> work);

    /// <summary>Runs once the commit is durable; must be quick and not throw.</summary>
    void AfterCommit(Action action);

    /// <summary>Tells the other processes on this database, with the commit; of rows that they find anyway right after it, and that word
    /// may be lost (<see cref="Leases.Topics.IsFoundAnyway"/>). Nobody hears it where there is only one process.</summary>
    /// <param name="topic">A letter that says what kind of row it is.</param>
    /// <param name="id">The row.</param>
    void Announce(char topic, long id);
}

/// <summary>What every store does with rows.</summary>
internal static class SqlExtensions
{
    /// <summary>The first row, or the type's default when there is none.</summary>
    public static async ValueTask<T?> FirstAsync<T>(this ValueTask<List<T>> rows) => await rows is [var first, ..] ? first : default;

    public static ValueTask<T?> FirstAsync<T>(this ISql sql, string text, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values) =>
        sql.QueryAsync(text, map, values).FirstAsync();

    /// <summary>The first column of the first row as a number, or null.</summary>
    public static ValueTask<long?> NumberAsync(this ISql sql, string text, params ReadOnlySpan<object?> values) =>
        sql.FirstAsync(text, static reader => reader.IsDBNull(0) ? (long?)null : reader.GetInt64(0), values);

    /// <summary>Text, or null.</summary>
    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A time in Unix milliseconds.</summary>
    public static DateTimeOffset Time(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    /// <inheritdoc cref="Time"/>
    public static DateTimeOffset? TimeOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    /// <summary>For figures: a damaged row's time that no calendar has is taken for the nearest that one has.</summary>
    public static DateTimeOffset? NearestTimeOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(reader.GetInt64(column), 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    public static byte[] Bytes(this DbDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);
}
