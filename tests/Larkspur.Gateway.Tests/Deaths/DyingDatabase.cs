using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tests.Deaths;

/// <summary>
/// The database of a process that dies at one of its transactions: from then on nothing of that process reaches it, and nothing comes back.
/// </summary>
/// <param name="inner">The real one.</param>
/// <param name="last">The number of the transaction at which it dies, counted from <see cref="Begin"/>.</param>
/// <param name="committed">That transaction is kept, and the process never hears of it; else it is not.</param>
internal sealed class DyingDatabase(IDatabase inner, int last, bool committed) : IDatabase
{
    private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _counts;
    private int _transactions;

    /// <summary>Ends when the process has died.</summary>
    public Task Dead => _dead.Task;

    public Dialect Dialect => inner.Dialect;

    /// <summary>From now on transactions are counted.</summary>
    public void Begin() => _counts = true;

    /// <summary>Lets what hangs fail, so that the host can be taken down.</summary>
    public void Release() => _released.TrySetResult();

    public async Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default)
    {
        if (_dead.Task.IsCompleted) return await NeverAsync<T>();
        if (!_counts || Interlocked.Increment(ref _transactions) != last)
        {
            var result = await inner.TransactAsync(work, cancellation);
            return _dead.Task.IsCompleted ? await NeverAsync<T>() : result;
        }

        if (committed) await inner.TransactAsync(work, cancellation);
        _dead.TrySetResult();
        return await NeverAsync<T>();
    }

    public async Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation = default) =>
        _dead.Task.IsCompleted ? await NeverAsync<T>() : await inner.ReadAsync(query, cancellation);

    public async Task CheckWritableAsync(CancellationToken cancellation = default)
    {
        if (_dead.Task.IsCompleted) await NeverAsync<bool>();
        await inner.CheckWritableAsync(cancellation);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<T> NeverAsync<T>()
    {
        await _released.Task;
        throw new StorageUnavailableException("This process has died.");
    }
}
