using System.Collections.Concurrent;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Finds a key by its hash. What was found is believed for <see cref="BelievedFor"/>, unless a change is announced before.</summary>
/// <remarks>
/// A change in this process counts from its commit on, in the others from its announcement on, which takes as long as a notification of the database does; should
/// that be lost, for five seconds more. Keys that do not exist are not remembered: others could fill the memory with them.
/// </remarks>
internal sealed class ApiKeyCache(IDatabase database, TimeProvider clock, ILogger<ApiKeyCache> logger)
{
    public static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(5);

    /// <summary>How exact "last used" is: a write per key and process in so much time.</summary>
    public static readonly TimeSpan UseNotedEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, DateTimeOffset> _noted = new();
    private long _generation;

    /// <summary>The key was seen before in this process, if only to find that it was revoked.</summary>
    public bool Has(string hash) => _known.ContainsKey(hash);

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
            logger.LogInformation("The use of the key {Key} was not noted ({Reason})", row.Name, e.Message);
        }
    }

    private sealed record Known(ApiKeyRow Row, long At, long Generation);
}
