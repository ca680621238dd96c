using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>A transaction on the writer's connection, or a reader's connection. Statements are prepared once and kept; every call has ended when it returns.</summary>
internal sealed class SqliteUnitOfWork(SqliteConnection connection) : IUnitOfWork, IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private readonly List<Action> _afterCommit = [];

    /// <summary>Stores and database are of one make: a SQLite store is only ever handed a SQLite transaction.</summary>
    public static SqliteUnitOfWork Of(IUnitOfWork unit) => (SqliteUnitOfWork)unit;

    public int AfterCommitCount => _afterCommit.Count;

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public void Announce(char topic, long id)
    {
        // The file has one process.
    }

    /// <summary>Forgets what a rolled-back part wanted done.</summary>
    public void ForgetAfterCommit(int from) => _afterCommit.RemoveRange(from, _afterCommit.Count - from);

    /// <summary>Runs and forgets the actions of a committed transaction.</summary>
    public void RunAfterCommit()
    {
        foreach (var action in _afterCommit) action();
        _afterCommit.Clear();
    }

    public ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<object?> values) => new(Execute(sql, values));

    /// <inheritdoc cref="ExecuteAsync"/>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query and returns the first column of the first row, or null.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        var value = Bind(sql, values).ExecuteScalar();
        return value is DBNull ? null : value;
    }

    public ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read()) rows.Add(map(reader));
        return new(rows);
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (i + 1) });
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            // A parameter keeps the type inferred from its first value; reset it so that null and text may alternate.
            command.Parameters[i].ResetSqliteType();
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
