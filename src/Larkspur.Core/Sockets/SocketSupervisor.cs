using Microsoft.Extensions.Logging;

namespace Larkspur.Sockets;

/// <summary>What differs between the platforms' connections: how one is made, and when the next is tried.</summary>
/// <typeparam name="TSession">The platform's session.</typeparam>
public interface ISocketProtocol<TSession>
    where TSession : SocketSession
{
    /// <summary>One try, with the handshake that the platform wants.</summary>
    /// <exception cref="SocketConnectException">Another try may work.</exception>
    /// <exception cref="SocketRefusedException">None will.</exception>
    Task<TSession> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>How long to wait after a failed try.</summary>
    /// <param name="problem">Why it failed.</param>
    /// <exception cref="SocketRefusedException">No further try is allowed.</exception>
    TimeSpan PauseAfterFailure(string problem);

    /// <summary>How long to wait after a connection ended, or was announced to end.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="lived">How long it lasted.</param>
    /// <param name="problem">Why it ended.</param>
    /// <exception cref="SocketRefusedException">No further try is allowed.</exception>
    TimeSpan PauseAfterLoss(TSession session, TimeSpan lived, string problem);
}

/// <summary>
/// Keeps one connection to a platform: connects, reconnects after pauses, makes the next before an announced end, stops with what is in
/// hand done. Thread-safe.
/// </summary>
/// <typeparam name="TSession">The platform's session.</typeparam>
public sealed partial class SocketSupervisor<TSession>
    where TSession : SocketSession
{
    private readonly string _name;
    private readonly string _app;
    private readonly SocketLimits _limits;
    private readonly SocketMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SocketStatusTracker _status;
    private volatile TSession? _current;
    private int _running;

    /// <summary>A supervisor; <see cref="RunAsync"/> starts it.</summary>
    /// <param name="name">Names the connection in the log.</param>
    /// <param name="app">The app's id, for metrics.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="metrics">The platform's counters.</param>
    /// <param name="clock">Time.</param>
    /// <param name="logger">Ids and reasons.</param>
    public SocketSupervisor(string name, string app, SocketLimits limits, SocketMetrics metrics, TimeProvider clock, ILogger logger)
    {
        (_name, _app, _limits, _metrics, _clock, _logger) = (name, app, limits, metrics, clock, logger);
        _status = new SocketStatusTracker(clock, Report);
    }

    /// <summary>Is told of every change of state, on the connection's own threads: return soon. What it throws is logged.</summary>
    public event Action<SocketStatus>? StateChanged;

    /// <summary>How it stands now.</summary>
    public SocketStatus Status => _status.Status;

    /// <summary>The newest open connection; null when there is none.</summary>
    public TSession? Current => _current is { HasEnded: false } current ? current : null;

    /// <summary>Connects, stays connected, and returns when it is stopped; what is in hand is answered before the socket closes.</summary>
    /// <param name="protocol">Makes the platform's protocol for this run.</param>
    /// <param name="stop">Stops it: the task then ends without an exception.</param>
    /// <exception cref="SocketRefusedException">The platform refuses, for a reason that no further try would change.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task RunAsync(Func<SocketContext, ISocketProtocol<TSession>> protocol, CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1) throw new InvalidOperationException($"{_name} runs already.");
        using var queue = new DeliveryQueue(_limits, _name, _clock, _logger);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sessions = new List<Task>();
        (SocketState state, string? problem) = (SocketState.Stopped, null);
        try
        {
            var context = new SocketContext(_name, _limits, queue, _status, _metrics, _clock, _logger);
            await StayConnectedAsync(protocol(context), sessions, ending.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped between two connections.
        }
        catch (SocketRefusedException e)
        {
            (state, problem) = (e.State, e.Message);
            throw;
        }
        finally
        {
            // Retired connections too: they may have answers to give. And handlers of lost ones: their answers go nowhere, but what they do
            // should be done.
            await ending.CancelAsync();
            await Task.WhenAll(sessions);
            await queue.DrainAsync();
            _status.Ended(state, problem);
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task StayConnectedAsync(ISocketProtocol<TSession> protocol, List<Task> sessions, CancellationToken stop)
    {
        TSession? old = null;
        while (true)
        {
            TSession session = await ConnectAsync(protocol, old, stop);
            long since = _clock.GetTimestamp();
            _current = session;
            _status.Connected();
            Task<SocketEnd> running = ServeAsync(session, stop);
            sessions.RemoveAll(static s => s.IsCompleted);
            sessions.Add(running);
            old?.Retire();
            old = null;

            await Task.WhenAny(running, session.Leaving);
            stop.ThrowIfCancellationRequested();
            string problem = running.IsCompleted ? (await running).Text : "the platform will close the connection";
            if (session.Refusal is { } refusal) throw refusal;
            TimeSpan pause = protocol.PauseAfterLoss(session, _clock.GetElapsedTime(since), problem);
            // The old one goes on taking and answering until the new one is there.
            if (running.IsCompleted) Wait(problem, pause);
            else old = session;
            await Task.Delay(pause, _clock, stop);
        }
    }

    /// <summary>Tries until there is a connection.</summary>
    private async Task<TSession> ConnectAsync(ISocketProtocol<TSession> protocol, TSession? old, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (old is not { HasEnded: false }) _status.Connecting(null);
            try
            {
                TSession session = await protocol.ConnectAsync(stop);
                _metrics.Tried(_app, "connected");
                Connected(_name, session.Host);
                return session;
            }
            catch (SocketConnectException e)
            {
                _metrics.Tried(_app, "failed");
                TimeSpan pause = protocol.PauseAfterFailure(e.Message);
                Wait(e.Message, pause, isDown: old is not { HasEnded: false });
                await Task.Delay(pause, _clock, stop);
            }
            catch (SocketRefusedException)
            {
                _metrics.Tried(_app, "refused");
                throw;
            }
        }
    }

    private void Wait(string problem, TimeSpan pause, bool isDown = true)
    {
        if (isDown) _status.Connecting(problem);
        ConnectionFailed(_name, problem, pause);
    }

    private async Task<SocketEnd> ServeAsync(TSession session, CancellationToken stop)
    {
        using (session)
        {
            SocketEnd end = await session.RunAsync(stop);
            if (end.IsDeaf) _status.Deaf(end.Text);
            if (end != SocketEnd.Stopped) _status.Lost(end.Text);
            _metrics.Ended(_app, end.Reason);
            return end;
        }
    }

    private void Report(SocketStatus status)
    {
        try
        {
            StateChanged?.Invoke(status);
        }
        catch (Exception e)
        {
            // It is told on the loops that keep the connection: what a listener gets wrong must not end them.
            ListenerFailed(_name, e);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Connection} is connected to {Host}")]
    private partial void Connected(string connection, string host);
    [LoggerMessage(LogLevel.Warning, "{Connection}: {Problem}; next try in {Pause}")]
    private partial void ConnectionFailed(string connection, string problem, TimeSpan pause);
    [LoggerMessage(LogLevel.Error, "A listener to the state of {Connection} failed")]
    private partial void ListenerFailed(string connection, Exception error);
}
