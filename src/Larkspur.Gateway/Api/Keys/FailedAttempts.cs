using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Wrong keys by the address they came from: whoever tries many waits. A call without any key is no attempt.</summary>
/// <remarks>Counted in each process for itself. An IPv6 network of 64 bits counts as one address: its owner has all the others.</remarks>
internal sealed class FailedAttempts(TimeProvider clock)
{
    /// <summary>Wrong keys at once from one address.</summary>
    public const int Most = 30;

    /// <summary>After that, so many a minute.</summary>
    public const int PerMinute = 30;

    private const int MostAddresses = 10_000;

    private readonly ConcurrentDictionary<IPAddress, TokenBucket> _buckets = new();
    private readonly TokenBucket _others = new(Most * 10, PerMinute * 10, clock);

    /// <summary>The address has used its attempts up.</summary>
    public bool AreUsedUp(HttpContext http, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (_buckets.TryGetValue(AddressOf(http), out var bucket)) return bucket.IsEmpty(out wait);
        return _buckets.Count >= MostAddresses && _others.IsEmpty(out wait);
    }

    public void Add(HttpContext http) => _ = BucketOf(http).TryTake(out _);

    /// <summary>Takes an attempt before it is known how it ends: of many at once no more go than there are attempts.</summary>
    /// <param name="http">From its address.</param>
    /// <param name="wait">Without one: how long until there is one again.</param>
    public bool TryTake(HttpContext http, out TimeSpan wait) => BucketOf(http).TryTake(out wait);

    /// <summary>It was none.</summary>
    public void Return(HttpContext http) => BucketOf(http).Return();

    private TokenBucket BucketOf(HttpContext http)
    {
        var address = AddressOf(http);
        if (_buckets.Count >= MostAddresses && !_buckets.ContainsKey(address)) Forget();
        // So many at once are no people: the newcomers among them share one bucket, and memory stays as it is.
        return _buckets.TryGetValue(address, out var known) ? known
            : _buckets.Count >= MostAddresses ? _others
            : _buckets.GetOrAdd(address, _ => new TokenBucket(Most, PerMinute, clock));
    }

    private void Forget()
    {
        foreach (var (address, bucket) in _buckets)
        {
            if (bucket.IsFull) _buckets.TryRemove(address, out _);
        }
    }

    private static IPAddress AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
