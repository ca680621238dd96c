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
    private int _left;
    private long? _emptySince;
    private TimeSpan _emptyFor;
    private Task? _fetching;

    public int PerMinute { get; } = perMinute;

    /// <summary>Takes a call.</summary>
    /// <returns>Null: it was there; else how long until there is one.</returns>
    public async ValueTask<TimeSpan?> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task fetching;
            lock (_gate)
            {
                if (IsKnown(out var wait)) return wait;
                // One at a time, and no single caller's to cancel: whoever comes meanwhile waits for the same.
                fetching = _fetching ??= Task.Run(FetchAsync, CancellationToken.None);
            }

            await fetching.WaitAsync(cancellation);
        }
    }

    /// <summary>It can be said without the database whether there is a call. Under the lock.</summary>
    private bool IsKnown(out TimeSpan? wait)
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

    private async Task FetchAsync()
    {
        try
        {
            var at = clock.GetTimestamp();
            var (got, until) = await database.TransactAsync(TakeOutAsync);
            lock (_gate)
            {
                _left = got;
                if (got == 0) (_emptySince, _emptyFor) = (at, until);
            }
        }
        finally
        {
            lock (_gate) _fetching = null;
        }
    }

    private async ValueTask<(int Got, TimeSpan Wait)> TakeOutAsync(IUnitOfWork unit)
    {
        var (now, full) = (clock.GetUtcNow().ToUnixTimeMilliseconds(), PerMinute * Call);
        await unit.ExecuteAsync("UPDATE api_key SET budget = budget WHERE id = $1", key);
        var (budget, at) = await unit.FirstAsync("SELECT budget, budget_at FROM api_key WHERE id = $1",
            row => row.IsDBNull(0) || row.IsDBNull(1) ? (Budget: full, At: now) : (Budget: row.GetInt64(0), At: row.GetInt64(1)), key);
        if (at > now + LargestSkew) at = now;
        budget = Math.Min(full, budget + Math.Clamp(now - at, 0, Call) * PerMinute);
        var got = (int)Math.Min(_portion, budget / Call);
        await unit.ExecuteAsync("UPDATE api_key SET budget = $2, budget_at = $3 WHERE id = $1", key, budget - got * Call, Math.Max(now, at));
        // At least a millisecond: a wait of none would ask the database again at once.
        return (got, TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((double)(Call - budget) / PerMinute))));
    }
}
