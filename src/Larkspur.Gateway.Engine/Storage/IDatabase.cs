namespace Larkspur.Gateway.Storage;

/// <summary>The database as the capabilities see it: short write transactions and queries. Stores (<c>IInboxStore</c>, <c>IOutboxStore</c>…) hold the SQL.</summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Whose SQL it speaks.</summary>
    Dialect Dialect { get; }

    /// <summary>Runs <paramref name="work"/> in one transaction; the task completes when the commit is durable, and fails when nothing was kept.</summary>
    /// <remarks>
    /// The work may await its own statements only: SQLite has one writer, and whatever else it waited for, everybody would wait for.
    /// Once started it is not cancelled; cancellation ends the waiting. It may be undone for the sake of another transaction and run again (PostgreSQL: a
    /// deadlock, a serialization failure; SQLite: one that shared its commit failed), so it must have no effect outside the transaction.
    /// </remarks>
    /// <exception cref="StorageUnavailableException">The database cannot take the write now; try again later. Should the connection break during the
    /// commit itself, it may have been kept all the same: what follows must be guarded by the rows' own state.</exception>
    Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default);

    /// <summary>Writes something small.</summary>
    /// <exception cref="StorageUnavailableException">Writing does not work now.</exception>
    Task CheckWritableAsync(CancellationToken cancellation = default);

    /// <summary>Runs queries on a connection that sees committed data.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read now.</exception>
    Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation = default);
}

/// <summary>The databases that Larkspur runs on.</summary>
public enum Dialect
{
    /// <summary>One file, one process.</summary>
    Sqlite,

    /// <summary>One database, any number of processes.</summary>
    Postgres,
}

/// <summary>
/// The database cannot take a write now: locked, full, overloaded or gone. A statement that is itself wrong fails with the driver's
/// own exception.
/// </summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// The database is there and has given this transaction up: it took too long, waited for a lock for too long, or met damage. Where
    /// others succeed it is the transaction's own fault, and will be the next time. False: it could not be reached, or takes nothing
    /// from anybody.
    /// </summary>
    public bool MayBeOwnFault { get; init; }
}

/// <summary>Transactions that return nothing.</summary>
internal static class DatabaseExtensions
{
    public static Task TransactAsync(this IDatabase database, Func<IUnitOfWork, ValueTask> work, CancellationToken cancellation = default) =>
        database.TransactAsync(async unit =>
        {
            await work(unit);
            return true;
        }, cancellation);
}
