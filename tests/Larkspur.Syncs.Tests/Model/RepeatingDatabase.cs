using Larkspur.Gateway.Storage;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>
/// A database that now and then undoes a transaction and runs its work again, as PostgreSQL makes it after a deadlock and SQLite after
/// another's failed commit: what the work left outside the transaction must not count.
/// </summary>
internal sealed class RepeatingDatabase(IDatabase inner, Random chance) : IDatabase
{
    public Dialect Dialect => inner.Dialect;

    public async Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default)
    {
        if (chance.Next(5) == 0)
        {
            try
            {
                await inner.TransactAsync<T>(async unit =>
                {
                    await work(unit);
                    throw new UndoneException();
                }, cancellation);
            }
            catch (UndoneException)
            {
                // Nothing of it is kept: it runs again.
            }
        }

        return await inner.TransactAsync(work, cancellation);
    }

    public Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation = default) =>
        inner.ReadAsync(query, cancellation);

    public Task CheckWritableAsync(CancellationToken cancellation = default) => inner.CheckWritableAsync(cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class UndoneException : Exception;
}
