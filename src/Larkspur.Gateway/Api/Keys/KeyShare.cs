using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>What this process has of a key's calls: a few at a time, taken out of the key's row.</summary>
internal sealed class KeyShare(IDatabase database, long key, int perMinute, TimeProvider clock)
{
    /// <summary>A call in the row's unit: a row fills up by <c>requests_per_minute</c> a millisecond.</summary>
    private const long Call = 60_000;

    /// <summary>Processes whose clocks differ by more are not believed: else one that is ahead would keep the key from filling up.</summary>
    private const long LargestSkew = 60_000;

    private readonly int _portion = Math.Max(1, perMinute / 10);
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _single = new(1, 1);
    private int _left;
    private long? _emptySince;
    private TimeSpan _emptyFor;

    public int PerMinute { get; } = perMinute;

    /// <summary>Takes a call.</summary>
    /// <returns>Null: it was there; else how long until there is one.</returns>
    public async ValueTask<TimeSpan?> TakeAsync(CancellationToken cancellation)
    {
        if (Look(out var wait)) return wait;
        // One at a time: who comes second finds what the first has fetched.
        await _single.WaitAsync(cancellation);
        try
        {
            if (Look(out wait)) return wait;
            var at = clock.GetTimestamp();
            var (got, until) = await database.TransactAsync(FetchAsync, cancellation);
            lock (_gate)
            {
                if (got > 0)
                {
                    _left = got - 1;
                    return null;
                }

                (_emptySince, _emptyFor) = (at, until);
                return until;
            }
        }
        finally
        {
            _single.Release();
        }
    }

    /// <returns>True: it is known without the database whether there is a call.</returns>
    private bool Look(out TimeSpan? wait)
    {
        lock (_gate)
        {
            wait = null;
            if (_left > 0)
            {
                _left--;
                return true;
            }

            if (_emptySince is not { } since) return false;
            var left = _emptyFor - clock.GetElapsedTime(since);
            if (left > TimeSpan.Zero)
            {
                wait = left;
                return true;
            }

            _emptySince = null;
            return false;
        }
    }

    private async ValueTask<(int Got, TimeSpan Wait)> FetchAsync(IUnitOfWork unit)
    {
        var (now, full) = (clock.GetUtcNow().ToUnixTimeMilliseconds(), PerMinute * Call);
        await unit.ExecuteAsync("UPDATE api_key SET budget = budget WHERE id = $1", key);
        var (budget, at) = await unit.FirstAsync("SELECT budget, budget_at FROM api_key WHERE id = $1",
            row => row.IsDBNull(0) || row.IsDBNull(1) ? (Budget: full, At: now) : (Budget: row.GetInt64(0), At: row.GetInt64(1)), key);
        if (at > now + LargestSkew) at = now;
        budget = Math.Min(full, budget + Math.Clamp(now - at, 0, Call) * PerMinute);
        var got = (int)Math.Min(_portion, budget / Call);
        await unit.ExecuteAsync("UPDATE api_key SET budget = $2, budget_at = $3 WHERE id = $1", key, budget - got * Call, Math.Max(now, at));
        return (got, TimeSpan.FromMilliseconds(Math.Ceiling((double)(Call - budget) / PerMinute)));
    }
}
