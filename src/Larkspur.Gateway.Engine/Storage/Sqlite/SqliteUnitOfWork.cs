using System.Data.Common;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>A transaction on the writer's connection, or a reader's connection. Statements are prepared once and kept; every call has ended when it returns.</summary>
internal sealed class SqliteUnitOfWork(SqliteFile file) : IUnitOfWork, IDisposable
{
    /// <summary>Stores have fewer texts than this; those that name ids in their text would add up for ever.</summary>
    private const int MaxPrepared = 256;

    private readonly Dictionary<string, SqliteStatement> _prepared = [];
    private readonly List<Action> _afterCommit = [];
    private readonly List<Action> _afterRollback = [];

    /// <summary>Stores and database are of one make: a SQLite store is only ever handed a SQLite transaction.</summary>
    public static SqliteUnitOfWork Of(IUnitOfWork unit) => (SqliteUnitOfWork)unit;

    /// <summary>The connection, for stores that bind values without objects.</summary>
    public SqliteFile File => file;

    /// <summary>How far the transaction has come: to go back to.</summary>
    public (int AfterCommit, int AfterRollback) Mark => (_afterCommit.Count, _afterRollback.Count);

    public ValueTask LastAsync(Func<IUnitOfWork, ValueTask> work) => work(this);

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Takes back what was noted in memory, when what was written is taken back. On the writer's thread, the last first.</summary>
    public void AfterRollback(Action action) => _afterRollback.Add(action);

    public void Announce(char topic, long id)
    {
        // The file has one process.
    }

    /// <summary>What came after the mark was rolled back.</summary>
    public void RolledBack((int AfterCommit, int AfterRollback) mark)
    {
        _afterCommit.RemoveRange(mark.AfterCommit, _afterCommit.Count - mark.AfterCommit);
        for (var i = _afterRollback.Count - 1; i >= mark.AfterRollback; i--) _afterRollback[i]();
        _afterRollback.RemoveRange(mark.AfterRollback, _afterRollback.Count - mark.AfterRollback);
    }

    /// <summary>The transaction is durable: runs and forgets what waited for that.</summary>
    public void Committed()
    {
        _afterRollback.Clear();
        foreach (var action in _afterCommit) action();
        _afterCommit.Clear();
    }

    /// <summary>The statement of a text, with nothing bound that still counts. The text should be a constant.</summary>
    public SqliteStatement Prepared(string sql)
    {
        if (_prepared.TryGetValue(sql, out var statement)) return statement;
        if (_prepared.Count >= MaxPrepared) ForgetStatements();
        statement = file.Prepare(sql);
        _prepared.Add(sql, statement);
        return statement;
    }

    public ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<object?> values) => new(Execute(sql, values));

    /// <inheritdoc cref="ExecuteAsync"/>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        Bind(sql, values).Run();
        return file.Changes;
    }

    public ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        var statement = Bind(sql, values);
        try
        {
            using var reader = new SqliteRows(statement);
            while (reader.Read()) rows.Add(map(reader));
        }
        finally
        {
            statement.Reset();
        }

        return new(rows);
    }

    public void Dispose() => ForgetStatements();

    private void ForgetStatements()
    {
        foreach (var statement in _prepared.Values) statement.Dispose();
        _prepared.Clear();
    }

    private SqliteStatement Bind(string sql, ReadOnlySpan<object?> values)
    {
        var statement = Prepared(sql);
        statement.BindAll(values);
        return statement;
    }
}
