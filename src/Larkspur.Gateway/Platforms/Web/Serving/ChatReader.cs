using Larkspur.Gateway.Platforms.Web.Sessions;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>Somebody who reads a chat's events now, and is told when there is something to fetch.</summary>
internal sealed class ChatReader(WebSession session) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private IReadOnlyCollection<long> _follows = [];
    private bool _rows = true;
    private bool _session;
    private bool _over;

    public string Session { get; } = session.Name;

    /// <summary>The session's row.</summary>
    public long SessionId { get; } = session.Id;

    public string Person { get; } = session.Person;

    /// <summary>Answers that it shows while they are written.</summary>
    public IReadOnlyCollection<long> Follows
    {
        get { lock (_gate) return _follows; }
        set { lock (_gate) _follows = value; }
    }

    /// <summary>The newest number of the chat that it has seen.</summary>
    public long Seen { get; set; }

    /// <summary>It is not to go on.</summary>
    public bool IsOver
    {
        get { lock (_gate) return _over; }
    }

    /// <summary>Rows of its chat have changed.</summary>
    public void RowsChanged() => Wake(rows: true);

    /// <summary>An answer of its chat has grown.</summary>
    public void TextGrew() => Wake(rows: false);

    /// <summary>Its session may have ended.</summary>
    public void SessionChanged()
    {
        lock (_gate) _session = true;
        Wake(rows: false);
    }

    /// <summary>The session may have ended since the last time.</summary>
    public bool TakeSession()
    {
        lock (_gate)
        {
            var session = _session;
            _session = false;
            return session;
        }
    }

    public void End()
    {
        lock (_gate) _over = true;
        Wake(rows: false);
    }

    /// <summary>Rows may have changed since the last time.</summary>
    public bool TakeRows()
    {
        lock (_gate)
        {
            var rows = _rows;
            _rows = false;
            return rows;
        }
    }

    /// <summary>Returns when there may be something new, or after this long.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _wanted.WaitAsync(atMost, cancellation);

    public void Dispose() => _wanted.Dispose();

    private void Wake(bool rows)
    {
        lock (_gate)
        {
            _rows |= rows;
            if (_wanted.CurrentCount == 0) _wanted.Release();
        }
    }
}
