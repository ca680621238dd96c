using System.Collections.Concurrent;
using System.Collections.Frozen;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Finds a key by its hash. What was found is believed for <see cref="BelievedFor"/>, unless a change is announced before.</summary>
/// <remarks>
/// A change in this process counts from its commit on, in the others from its announcement on, which takes as long as a notification of the database does; should
/// that be lost, for five seconds more. Keys that do not exist are not remembered: others could fill the memory with them.
/// </remarks>
internal sealed partial class ApiKeyCache(IDatabase database, TimeProvider clock, ILogger<ApiKeyCache> logger) : IDisposable
{
    public static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(5);

    /// <summary>How exact "last used" is: a write per key and process in so much time.</summary>
    public static readonly TimeSpan UseNotedEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, DateTimeOffset> _noted = new();
    private readonly SemaphoreSlim _single = new(1);
    private long _generation;
    private (FrozenSet<string> Hashes, long At, long Generation)? _all;

    /// <summary>There is such a key. Asked of an address that tried too many: other callers may share it, and guesses must not cost a look into the table each.</summary>
    /// <exception cref="StorageUnavailableException">Nobody can say.</exception>
    public async ValueTask<bool> HasAsync(string hash, CancellationToken cancellation)
    {
        if (_known.ContainsKey(hash)) return true;
        await _single.WaitAsync(cancellation);
        try
        {
            var generation = Interlocked.Read(ref _generation);
            if (_all is not { } all || all.Generation != generation || clock.GetElapsedTime(all.At) >= BelievedFor)
            {
                var at = clock.GetTimestamp();
                var rows = await database.ReadAsync(sql => sql.QueryAsync("SELECT hash, old_hash FROM api_key WHERE revoked_at IS NULL", static row => (Hash: row.GetString(0), Old: row.Text(1))), cancellation);
                all = (rows.Select(r => r.Hash).Concat(rows.Select(r => r.Old).OfType<string>()).ToFrozenSet(StringComparer.Ordinal), at, generation);
                _all = all;
            }

            return all.Hashes.Contains(hash);
        }
        finally
        {
            _single.Release();
        }
    }

    /// <summary>The key, valid or not; null: there is none.</summary>
    /// <exception cref="StorageUnavailableException">Nobody can say.</exception>
    public async ValueTask<ApiKeyRow?> FindAsync(string hash, CancellationToken cancellation)
    {
        // Taken before the look into the table: what changes meanwhile makes the finding stale.
        var generation = Interlocked.Read(ref _generation);
        if (_known.TryGetValue(hash, out var known) && known.Generation == generation && clock.GetElapsedTime(known.At) < BelievedFor) return known.Row;
        var at = clock.GetTimestamp();
        var row = await database.ReadAsync(sql => sql.FirstAsync($"SELECT {ApiKeyRow.Columns} FROM api_key WHERE hash = $1 OR old_hash = $1", ApiKeyRow.Read, hash), cancellation);
        if (row is null) _known.TryRemove(hash, out _);
        else _known[hash] = new Known(row, at, generation);
        return row;
    }

    /// <summary>Some key changed: everything is looked up anew.</summary>
    public void Forget() => Interlocked.Increment(ref _generation);

    public void Dispose() => _single.Dispose();

    /// <summary>Notes that the key is in use; rarely more than a look at the clock.</summary>
    public async ValueTask NoteUseAsync(ApiKeyRow row, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (now - row.UsedAt < UseNotedEvery) return;
        if (_noted.TryGetValue(row.Id, out var noted) ? now - noted < UseNotedEvery || !_noted.TryUpdate(row.Id, now, noted) : !_noted.TryAdd(row.Id, now)) return;
        try
        {
            var value = now.ToUnixTimeMilliseconds();
            await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE api_key SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)", row.Id, value), cancellation);
        }
        catch (StorageUnavailableException e)
        {
            UseNotNoted(row.Name, e.Message);
        }
    }

    private sealed record Known(ApiKeyRow Row, long At, long Generation);

    [LoggerMessage(LogLevel.Information, "The use of the key {Key} was not noted ({Reason})")]
    private partial void UseNotNoted(string key, string reason);
}
