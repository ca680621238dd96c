using System.Collections.Concurrent;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>
/// Sessions that are known to be open, by their <see cref="SessionKey"/>s. Whose key is here is looked up without more ado; it is no proof
/// that the session is open still.
/// </summary>
/// <remarks>
/// Begun or used here they are known at once. All that are open are read only for callers who have used their attempts up: others may share
/// their address, and wrong tokens must not cost a look into the table each. That takes one query in <see cref="Every"/>, or in
/// <see cref="Soonest"/> after another process has told of a change.
/// </remarks>
internal sealed class OpenSessions(WebSessionStore store, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

    /// <summary>Sessions that are read; of more, the newest.</summary>
    private const int MostRead = 200_000;

    /// <summary>Keys that are kept of those that were begun or used here, twice.</summary>
    private const int MostUsed = 50_000;

    private readonly SemaphoreSlim _single = new(1);
    private volatile ConcurrentDictionary<UInt128, bool> _read = new();
    private volatile ConcurrentDictionary<UInt128, bool> _used = new();
    private volatile ConcurrentDictionary<UInt128, bool> _usedBefore = new();
    private long? _readAt;
    private long _changes;
    private long _changesRead;

    public bool Has(UInt128 key) => _read.ContainsKey(key) || _used.ContainsKey(key) || _usedBefore.ContainsKey(key);

    /// <summary>It is open.</summary>
    public void Add(UInt128 key)
    {
        if (_used.ContainsKey(key)) return;
        if (_used.Count >= MostUsed) Turn();
        _used.TryAdd(key, true);
    }

    /// <summary>It is not.</summary>
    public void Remove(UInt128 key)
    {
        _read.TryRemove(key, out _);
        _used.TryRemove(key, out _);
        _usedBefore.TryRemove(key, out _);
    }

    /// <summary>Another process has begun or ended one.</summary>
    public void Changed() => Interlocked.Increment(ref _changes);

    /// <summary>Whether it is open, as of a moment ago.</summary>
    /// <exception cref="Storage.StorageUnavailableException">Nobody can say.</exception>
    public async ValueTask<bool> LookAsync(UInt128 key, CancellationToken cancellation)
    {
        await _single.WaitAsync(cancellation);
        try
        {
            var changes = Interlocked.Read(ref _changes);
            if (_readAt is not { } at || clock.GetElapsedTime(at) >= (changes == _changesRead ? Every : Soonest))
            {
                // Before the look: what changes meanwhile is read the next time.
                var now = clock.GetTimestamp();
                var keys = await store.OpenKeysAsync(clock.GetUtcNow(), MostRead, cancellation);
                var read = new ConcurrentDictionary<UInt128, bool>();
                foreach (var open in keys) read.TryAdd(open, true);
                _read = read;
                Turn();
                (_readAt, _changesRead) = (now, changes);
            }

            return Has(key);
        }
        finally
        {
            _single.Release();
        }
    }

    public void Dispose() => _single.Dispose();

    /// <summary>What was added while the table was read is known until the next time.</summary>
    private void Turn()
    {
        _usedBefore = _used;
        _used = new ConcurrentDictionary<UInt128, bool>();
    }
}
