using System.Collections.Concurrent;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Each key's calls against its limit, in all processes together.</summary>
/// <remarks>
/// Alone on SQLite a process counts in memory. On PostgreSQL the key's row holds what is left, and a process takes a tenth of a minute's calls from it at a time: no call
/// costs a look into the database but every tenth of the limit, and one process alone still has all of it. What a process has taken and not used is lost to the others:
/// with n processes up to n tenths of the limit more can come at one moment, and as much less.
/// </remarks>
internal sealed class KeyRates(IDatabase database, TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, (int PerMinute, TokenBucket Bucket)> _buckets = new();
    private readonly ConcurrentDictionary<long, KeyShare> _shares = new();

    /// <summary>Takes a call's token.</summary>
    /// <returns>Null: it was there; else how long until there is one.</returns>
    /// <exception cref="StorageUnavailableException">Nobody can say.</exception>
    public ValueTask<TimeSpan?> TakeAsync(ApiKeyRow key, CancellationToken cancellation)
    {
        if (database.Dialect == Dialect.Postgres)
        {
            var share = _shares.AddOrUpdate(key.Id, _ => New(), (_, known) => known.PerMinute == key.PerMinute ? known : New());
            return share.TakeAsync(cancellation);
        }

        var bucket = _buckets.AddOrUpdate(key.Id, _ => Full(key.PerMinute), (_, known) => known.PerMinute == key.PerMinute ? known : Full(key.PerMinute)).Bucket;
        return ValueTask.FromResult<TimeSpan?>(bucket.TryTake(out var wait) ? null : wait);

        KeyShare New() => new(database, key.Id, key.PerMinute, clock);
    }

    private (int PerMinute, TokenBucket Bucket) Full(int perMinute) => (perMinute, new TokenBucket(perMinute, perMinute, clock));
}
