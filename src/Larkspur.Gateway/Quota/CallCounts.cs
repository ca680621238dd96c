namespace Larkspur.Gateway.Quota;

/// <summary>What is counted apart.</summary>
/// <param name="App">The app's name.</param>
/// <param name="Day">In the tenant's calendar.</param>
/// <param name="Endpoint">The endpoint's catalogue id.</param>
internal readonly record struct CallKey(string App, int Day, string Endpoint);

/// <summary>Numbers of requests.</summary>
/// <param name="Calls">All that reached the platform or may have.</param>
/// <param name="Refused">Those it answered with a no.</param>
/// <param name="Counted">Those it counts against the month.</param>
internal readonly record struct CallTally(long Calls, long Refused, long Counted)
{
    public static CallTally operator +(CallTally a, CallTally b) => new(a.Calls + b.Calls, a.Refused + b.Refused, a.Counted + b.Counted);
}

/// <summary>Requests that are not in the database yet. Thread-safe; adding one is a lock and a look-up.</summary>
internal sealed class CallCounts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string App, int Month), long> _counted = [];
    private Dictionary<CallKey, CallTally> _waiting = [];
    private Dictionary<CallKey, CallTally> _leaving = [];

    public void Add(CallKey key, CallTally tally)
    {
        lock (_gate)
        {
            Add(_waiting, key, tally);
            if (tally.Counted != 0) Counted(key, tally.Counted);
        }
    }

    /// <summary>Counted calls of a month that the database does not have.</summary>
    public long CountedIn(string app, int month)
    {
        lock (_gate) return _counted.GetValueOrDefault((app, month));
    }

    /// <summary>Calls of a day that the database does not have and that the platform did not refuse.</summary>
    public long DoneOn(CallKey key)
    {
        lock (_gate)
        {
            var tally = _waiting.GetValueOrDefault(key) + _leaving.GetValueOrDefault(key);
            return tally.Calls - tally.Refused;
        }
    }

    /// <summary>What is to be written now, in an order that all processes keep. Ends with <see cref="Written"/> or <see cref="NotWritten"/>.</summary>
    public IReadOnlyList<KeyValuePair<CallKey, CallTally>> Take()
    {
        lock (_gate)
        {
            (_leaving, _waiting) = (_waiting, _leaving);
            // Two processes that write the same rows in different orders would wait for each other.
            return [.. _leaving.OrderBy(p => p.Key.App, StringComparer.Ordinal).ThenBy(p => p.Key.Day).ThenBy(p => p.Key.Endpoint, StringComparer.Ordinal)];
        }
    }

    public void Written()
    {
        lock (_gate)
        {
            foreach (var (key, tally) in _leaving) Counted(key, -tally.Counted);
            _leaving.Clear();
        }
    }

    public void NotWritten()
    {
        lock (_gate)
        {
            foreach (var (key, tally) in _leaving) Add(_waiting, key, tally);
            _leaving.Clear();
        }
    }

    private void Counted(CallKey key, long more)
    {
        var month = (key.App, QuotaCalendar.MonthOf(key.Day));
        var now = _counted.GetValueOrDefault(month) + more;
        if (now == 0) _counted.Remove(month);
        else _counted[month] = now;
    }

    private static void Add(Dictionary<CallKey, CallTally> to, CallKey key, CallTally tally) => to[key] = to.GetValueOrDefault(key) + tally;
}
