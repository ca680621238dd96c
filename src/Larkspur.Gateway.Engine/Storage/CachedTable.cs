using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Storage;

/// <summary>Rows that administrators change now and then and that every process reads all the time: each keeps a copy, which follows the table without a restart.</summary>
/// <remarks>
/// A change is made by <see cref="ChangeAsync{TResult}(Func{IUnitOfWork, ValueTask{TResult}}, CancellationToken)"/>, or as a part of
/// a larger transaction under <see cref="LockAsync"/> and ended by <see cref="ChangedAsync"/>. The lock is the row of table
/// <c>revision</c>: without it two processes could make changes under one number (PostgreSQL reads what is committed), and a third would
/// take the second for the first and miss it.
/// </remarks>
/// <typeparam name="TRows">What is read.</typeparam>
/// <typeparam name="T">What is made of it.</typeparam>
/// <param name="name">Its row in table <c>revision</c>.</param>
/// <param name="first">What counts until the table was read.</param>
/// <param name="database">Where it is.</param>
/// <param name="read">Reads the rows.</param>
/// <param name="make">Makes of a number and rows what is kept. Outside of any connection: it may decrypt.</param>
/// <param name="logger">Is told of listeners that fail.</param>
internal sealed partial class CachedTable<TRows, T>(string name, T first, IDatabase database, Func<ISql, ValueTask<TRows>> read,
    Func<long, TRows, T> make, ILogger logger) : ICachedTable, IDisposable
    where TRows : class
    where T : class
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lock _gate = new();
    private readonly List<Action<T>> _listeners = [];
    private volatile T _now = first;
    private long _version = -1;

    public string Name => name;

    /// <summary>What is known at this moment.</summary>
    public T Now => _now;

    /// <summary>Calls after each change, on any thread; dispose to stop. One that throws is logged, and the others are called.</summary>
    public IDisposable OnChange(Action<T> changed)
    {
        lock (_gate) _listeners.Add(changed);
        return new Listening(this, changed);
    }

    public async Task LookAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            // The number first: should a change come in between, its rows are read under the old number, and once more under their own.
            var (version, rows) = await database.ReadAsync(async sql =>
            {
                var version = await sql.NumberAsync("SELECT version FROM revision WHERE name = $1", name) ?? 0;
                return (version, version == _version ? null : await read(sql));
            }, cancellation);
            if (rows is null) return;
            var made = make(version, rows);
            (_now, _version) = (made, version);
            Tell(made);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Makes a change, one after another in all processes; it has been read back here when this returns, if it can be.</summary>
    /// <param name="work">The change.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<TResult> ChangeAsync<TResult>(Func<IUnitOfWork, ValueTask<TResult>> work, CancellationToken cancellation) =>
        ChangeAsync((unit, _) => work(unit), cancellation);

    /// <summary>The same for a change that is kept with its number.</summary>
    public async Task<TResult> ChangeAsync<TResult>(Func<IUnitOfWork, long, ValueTask<TResult>> work, CancellationToken cancellation)
    {
        // Counting locks the row, as LockAsync does.
        var done = await database.TransactAsync(async unit => await work(unit, await ChangedAsync(unit)), cancellation);
        await FollowAsync(cancellation);
        return done;
    }

    /// <summary>Lets one change be made after another, in all processes. To be a transaction's first statement.</summary>
    public async ValueTask LockAsync(IUnitOfWork unit) => await unit.ExecuteAsync("UPDATE revision SET version = version WHERE name = $1", name);

    /// <summary>Something was changed: all processes read it once that is durable.</summary>
    /// <returns>The change's number.</returns>
    public async ValueTask<long> ChangedAsync(IUnitOfWork unit)
    {
        var version = (await unit.QueryAsync("UPDATE revision SET version = version + 1 WHERE name = $1 RETURNING version", static row => row.GetInt64(0), name))[0];
        unit.Announce(Topics.Settings, version);
        return version;
    }

    /// <summary>After a change of one's own: it is kept, whether or not it can be read back now.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            await LookAsync(cancellation);
        }
        catch (StorageUnavailableException e)
        {
            ChangeTakesEffectLater(name, e.Message);
        }
    }

    public void Dispose() => _reading.Dispose();

    private void Tell(T made)
    {
        Action<T>[] listeners;
        lock (_gate) listeners = [.. _listeners];
        foreach (var listener in listeners)
        {
            try
            {
                listener(made);
            }
            catch (Exception e)
            {
                ChangeNotFollowed(name, e);
            }
        }
    }

    private sealed class Listening(CachedTable<TRows, T> owner, Action<T> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate) owner._listeners.Remove(listener);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A change of {What} is stored and takes effect here as soon as the database can be read ({Reason})")]
    private partial void ChangeTakesEffectLater(string what, string reason);
    [LoggerMessage(LogLevel.Error, "A change of {What} could not be followed everywhere")]
    private partial void ChangeNotFollowed(string what, Exception error);
}
