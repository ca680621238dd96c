using System.Collections.Concurrent;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>Connections that read, each used by one query at a time; a few are kept with their prepared statements.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private const int Kept = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentBag<Reader> _idle = [];
    private int _closed;

    /// <summary>Runs queries.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">A query fails; its connection is given up.</exception>
    public async Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query)
    {
        if (!_idle.TryTake(out var reader)) reader = new Reader(SqliteFile.Open(path, readOnly: true, Patience));
        var well = false;
        try
        {
            var result = await query(reader.Sql);
            well = true;
            return result;
        }
        finally
        {
            if (well && _idle.Count < Kept && Volatile.Read(ref _closed) == 0) _idle.Add(reader);
            else reader.Dispose();
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _closed, 1);
        while (_idle.TryTake(out var reader)) reader.Dispose();
    }

    private sealed class Reader(SqliteFile file) : IDisposable
    {
        public SqliteUnitOfWork Sql { get; } = new(file);

        public void Dispose()
        {
            Sql.Dispose();
            file.Dispose();
        }
    }
}
