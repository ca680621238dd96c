using System.Collections.Concurrent;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Each key's calls against its limit. Counted in each process for itself: with n processes behind a balancer a key gets n times as much at most.</summary>
internal sealed class KeyRates(TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, (int PerMinute, TokenBucket Bucket)> _buckets = new();

    /// <summary>Takes a call's token; without one, <paramref name="wait"/> says how long until there is one.</summary>
    public bool TryTake(long key, int perMinute, out TimeSpan wait) => _buckets.AddOrUpdate(key, _ => Full(perMinute), (_, known) => known.PerMinute == perMinute ? known : Full(perMinute)).Bucket.TryTake(out wait);

    private (int PerMinute, TokenBucket Bucket) Full(int perMinute) => (perMinute, new TokenBucket(perMinute, perMinute, clock));
}
