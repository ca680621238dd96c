namespace Larkspur.Gateway.Apps.Connections;

/// <summary>
/// One connection of this process for each app that wants one, for as long as it does: an app that came gets one, one that went loses it,
/// and one whose settings changed gets another. What may run only once over all processes does not belong here.
/// </summary>
internal sealed class KeptConnections<TApp, TConnection> : IDisposable where TApp : class, IPlatformApp where TConnection
    : class, IAppConnection
{
    private readonly PlatformApps<TApp> _apps;
    private readonly Func<TApp, bool> _wants;
    private readonly Func<TApp, TConnection> _open;
    private readonly TimeProvider _clock;
    private readonly IDisposable _following;
    private readonly Lock _gate = new();
    private readonly List<Task> _running = [];
    private volatile Kept[] _all = [];
    private CancellationToken _stopping;
    private bool _started;

    /// <param name="apps">The platform's apps.</param>
    /// <param name="wants">Does this app want a connection?</param>
    /// <param name="open">Makes an app's connection; it runs later.</param>
    /// <param name="clock">Time.</param>
    public KeptConnections(PlatformApps<TApp> apps, Func<TApp, bool> wants, Func<TApp, TConnection> open, TimeProvider clock)
    {
        (_apps, _wants, _open, _clock) = (apps, wants, open, clock);
        _following = apps.OnChange(Follow);
        Follow();
    }

    /// <summary>As they are at this moment.</summary>
    public IReadOnlyList<TConnection> All => Array.ConvertAll(_all, k => k.Connection);

    /// <summary>From the end of the warm-up, so that the first delivery finds everything ready, until the process stops.</summary>
    public async Task RunAsync(IHostApplicationLifetime lifetime, CancellationToken stopping)
    {
        if (!await lifetime.HasStartedAsync(stopping)) return;
        lock (_gate)
        {
            (_stopping, _started) = (stopping, true);
            foreach (var kept in _all) Run(kept);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
    }

    public void Dispose()
    {
        _following.Dispose();
        foreach (var kept in _all) kept.End.Dispose();
    }

    private void Follow()
    {
        lock (_gate)
        {
            var wanted = _apps.All.Where(_wants).ToArray();
            // Not on the caller's thread: what ends with a connection is nothing to wait for.
            foreach (var kept in _all.Where(k => !wanted.Contains(k.App))) _ = kept.End.CancelAsync();
            _all = [.. wanted.Select(app => Array.Find(_all, k => ReferenceEquals(k.App, app)) ?? Open(app))];
        }
    }

    private Kept Open(TApp app)
    {
        var kept = new Kept(app, _open(app), new CancellationTokenSource());
        if (_started) Run(kept);
        return kept;
    }

    private void Run(Kept kept)
    {
        if (_stopping.IsCancellationRequested) return;
        _running.RemoveAll(t => t.IsCompleted);
        _running.Add(Task.Run(() => RunAsync(kept), CancellationToken.None));
    }

    private async Task RunAsync(Kept kept)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(kept.End.Token, _stopping);
        await kept.Connection.RunAsync(both.Token);
    }

    private sealed record Kept(TApp App, TConnection Connection, CancellationTokenSource End);
}
