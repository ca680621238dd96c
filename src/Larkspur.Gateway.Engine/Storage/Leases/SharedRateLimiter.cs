namespace Larkspur.Gateway.Storage.Leases;

/// <summary>
/// The platform counts an app's calls whichever process makes them. Each process takes the part of a limit that its leases are of all partitions: leases
/// have one holder, so the parts never add up to more than the whole, and nobody has to be asked before a call.
/// </summary>
/// <remarks>
/// Work follows the leases, so the parts are used evenly; what one process does not use is not lent to another. Parts are rounded down to whole calls.
/// For a moment after leases changed hands, the calls that their old holder made in the running window are not known to the new one.
/// </remarks>
internal sealed class SharedRateLimiter(IRateLimiter own, ILeases leases) : IRateLimiter
{
    public ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default) => own.WaitAsync(key, Part(limit), cancellationToken);

    public void Pause(string key, TimeSpan pause) => own.Pause(key, pause);

    private RateLimit Part(RateLimit limit)
    {
        var held = leases.Held.Size;
        if (limit.IsNone || held == Partitions.Count || (held == 0 && !leases.IsShared)) return limit;
        // Without a lease there is next to nothing to do, but a click that came here must be answered.
        return limit.Times(Math.Max(held, 1) / (double)Partitions.Count);
    }
}
