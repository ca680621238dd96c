using System.Data.Common;

namespace Larkspur.Gateway.Storage;

/// <summary>The database as the capabilities see it: short write transactions and queries.</summary>
/// <remarks>Stores (<c>IInboxStore</c>, <c>IOutboxStore</c>…) hold the SQL, one class per dialect; this is what they have in common.</remarks>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Runs <paramref name="work"/> in one transaction; the task completes when the commit is durable, and fails when nothing was kept.</summary>
    /// <remarks>
    /// The work may await its own statements only: SQLite has one writer, and whatever else it waited for, everybody would wait for.
    /// Once started it is not cancelled; cancellation ends the waiting.
    /// </remarks>
    /// <exception cref="StorageUnavailableException">The database cannot take the write now; try again later.</exception>
    Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default);

    /// <summary>Writes something small.</summary>
    /// <exception cref="StorageUnavailableException">Writing does not work now.</exception>
    Task CheckWritableAsync(CancellationToken cancellation = default);

    /// <summary>Runs a query on a connection that sees committed data and cannot write.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, CancellationToken cancellation = default);
}

/// <summary>One open transaction.</summary>
public interface IUnitOfWork
{
    /// <summary>Runs once the commit is durable, in commit order and never concurrently; must be quick and not throw.</summary>
    void AfterCommit(Action action);
}

/// <summary>The database cannot take a write now: locked, full, overloaded or gone. Nothing of the transaction was kept.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
