namespace Larkspur.Gateway.Common;

/// <summary>A bucket that holds a minute's calls and fills up again evenly. On the gateway's own clock, unlike the framework's rate limiters.</summary>
internal sealed class TokenBucket(int size, int perMinute, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _tokens = size;
    private long _filledAt = clock.GetTimestamp();

    /// <summary>Takes a call's token.</summary>
    /// <param name="wait">Without one: how long until there is one again.</param>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_gate)
        {
            Fill();
            wait = TimeSpan.Zero;
            if (_tokens >= 1)
            {
                _tokens--;
                return true;
            }

            wait = TimeSpan.FromMinutes((1 - _tokens) / perMinute);
            return false;
        }
    }

    /// <summary>Gives a token back that was taken for nothing.</summary>
    public void Return()
    {
        lock (_gate) _tokens = Math.Min(size, _tokens + 1);
    }

    /// <summary>True: there is none, for so long.</summary>
    public bool IsEmpty(out TimeSpan wait)
    {
        lock (_gate)
        {
            Fill();
            wait = _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - _tokens) / perMinute);
            return _tokens < 1;
        }
    }

    /// <summary>Nothing would change if it were forgotten.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                Fill();
                return _tokens >= size;
            }
        }
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(size, _tokens + clock.GetElapsedTime(_filledAt, now).TotalMinutes * perMinute);
        _filledAt = now;
    }
}
