namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>
/// Keys that no session has, for a minute at most: who sends the same again costs nothing. So many and no more, whoever sends how many.
/// </summary>
internal sealed class UnknownSessions(TimeProvider clock)
{
    private const int Most = 5000;
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private HashSet<UInt128> _now = [];
    private HashSet<UInt128> _before = [];
    private long _since = clock.GetTimestamp();

    public bool Has(UInt128 key)
    {
        lock (_gate)
        {
            Turn();
            return _now.Contains(key) || _before.Contains(key);
        }
    }

    public void Add(UInt128 key)
    {
        lock (_gate)
        {
            Turn();
            _now.Add(key);
        }
    }

    private void Turn()
    {
        var elapsed = clock.GetElapsedTime(_since);
        if (elapsed < Half && _now.Count < Most) return;
        _before = elapsed < Half * 2 ? _now : [];
        _now = [];
        _since = clock.GetTimestamp();
    }
}
