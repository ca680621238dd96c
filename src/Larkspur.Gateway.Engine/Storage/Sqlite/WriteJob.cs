namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>A transaction that waits for the writer.</summary>
internal abstract class WriteJob(CancellationToken cancellation)
{
    public bool Abandoned => cancellation.IsCancellationRequested;

    /// <summary>Why its part was rolled back, if it was.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Does the work; throws what it throws. It may run twice: see <see cref="IDatabase.TransactAsync"/>.</summary>
    public abstract void Run(IUnitOfWork unit);

    /// <summary>The work failed and its part was rolled back.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>The commit is durable.</summary>
    public abstract void Commit();

    /// <summary>The caller had gone before the work started.</summary>
    public abstract void Abandon();
}

/// <inheritdoc/>
internal sealed class WriteJob<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation) : WriteJob(cancellation)
{
    private readonly CancellationToken _cancellation = cancellation;
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _done.Task;

    public override void Run(IUnitOfWork unit)
    {
        var pending = work(unit);
        _result = pending.IsCompleted ? pending.GetAwaiter().GetResult() : pending.AsTask().GetAwaiter().GetResult();
    }

    public override void Fail(Exception exception) => _done.TrySetException(exception);

    public override void Commit() => _done.TrySetResult(_result!);

    public override void Abandon() => _done.TrySetCanceled(_cancellation);
}
