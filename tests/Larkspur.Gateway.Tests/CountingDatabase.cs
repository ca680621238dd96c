using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tests;

/// <summary>A database that counts what goes to it. On SQLite not for stores that look into their transactions (inbox, outbox).</summary>
internal sealed class CountingDatabase(IDatabase inner) : IDatabase
{
    private int _statements;
    private int _rows;

    /// <summary>Statements of queries and transactions.</summary>
    public int Statements => _statements;

    /// <summary>Rows that queries gave.</summary>
    public int Rows => _rows;

    public Dialect Dialect => inner.Dialect;

    public Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default) =>
        inner.TransactAsync(unit => work(new Unit(unit, this)), cancellation);

    public Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation = default) =>
        inner.ReadAsync(sql => query(new Sql(sql, this)), cancellation);

    public Task CheckWritableAsync(CancellationToken cancellation = default) => inner.CheckWritableAsync(cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Count() => Interlocked.Increment(ref _statements);

    private async ValueTask<List<T>> CountAsync<T>(ValueTask<List<T>> query)
    {
        Count();
        var rows = await query;
        Interlocked.Add(ref _rows, rows.Count);
        return rows;
    }

    private sealed class Sql(ISql inner, CountingDatabase database) : ISql
    {
        public ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
        {
            return database.CountAsync(inner.QueryAsync(sql, map, values));
        }
    }

    private sealed class Unit(IUnitOfWork inner, CountingDatabase database) : IUnitOfWork
    {
        public ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<object?> values)
        {
            database.Count();
            return inner.ExecuteAsync(sql, values);
        }

        public ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
        {
            return database.CountAsync(inner.QueryAsync(sql, map, values));
        }

        public ValueTask LastAsync(Func<IUnitOfWork, ValueTask> work) => inner.LastAsync(work);

        public void AfterCommit(Action action) => inner.AfterCommit(action);

        public void Announce(char topic, long id) => inner.Announce(topic, id);
    }
}
