using System.Net.WebSockets;
using Larkspur.Feishu.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Feishu.LongConnection;

/// <summary>Receives an app's events and card callbacks over a WebSocket that this side opens: no public address, no Encrypt Key, no Verification Token.</summary>
/// <remarks>
/// <para>For self-built apps whose subscription mode is the long connection. At most 50 connections an app; every push goes to one of them at random, so all
/// processes have to handle everything. The old <c>card.action.trigger_v1</c> does not come this way.</para>
/// <para>Nothing is acknowledged before the handler is done: what was not, the platform sends again. A connection is watched (<see cref="Status"/>): pings must be
/// answered, and <see cref="ReportMissed"/> takes evidence that an event did not come. Proxies are off unless <see cref="FeishuLongConnectionOptions.Proxy"/> names one.</para>
/// <para>Source of the protocol: both official SDKs (Node, Go). Thread-safe.</para>
/// </remarks>
public sealed class FeishuLongConnection
{
    private readonly FeishuOptions _app;
    private readonly FeishuDeliveryHandler _handler;
    private readonly FeishuLongConnectionOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ReconnectSchedule _schedule;
    private readonly ConnectionWatch _watch;
    private readonly LivePace _pace = new();
    private volatile Session? _session;
    private int _running;

    /// <summary>A connection for an app; <see cref="RunAsync"/> opens it.</summary>
    /// <param name="app">The app. Read once, here.</param>
    /// <param name="handler">Takes the deliveries.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="logger">Ids and reasons; never bodies, secrets or the socket's address.</param>
    /// <param name="random">Jitter of the reconnects; null: the shared one.</param>
    /// <exception cref="ArgumentException">The options are not usable.</exception>
    public FeishuLongConnection(FeishuOptions app, FeishuDeliveryHandler handler, FeishuLongConnectionOptions? options = null, TimeProvider? clock = null,
        ILogger<FeishuLongConnection>? logger = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(handler);
        IReadOnlyList<string> problems = FeishuOptionsValidation.Problems(app, nameof(FeishuOptions));
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(app));
        if (app.Kind == FeishuAppKind.Store) throw new ArgumentException("The platform has long connections for self-built apps only.", nameof(app));
        _options = options ?? new FeishuLongConnectionOptions();
        _options.Validate();
        (_app, _handler, _clock) = (app, handler, clock ?? TimeProvider.System);
        _logger = logger ?? NullLogger<FeishuLongConnection>.Instance;
        _schedule = new ReconnectSchedule(random ?? Random.Shared);
        _watch = new ConnectionWatch(_clock, Tell);
    }

    /// <summary>The same with typed handlers: an event is acknowledged when its handler has ended, a callback answered with what it returned.</summary>
    /// <inheritdoc cref="FeishuLongConnection(FeishuOptions, FeishuDeliveryHandler, FeishuLongConnectionOptions?, TimeProvider?, ILogger{FeishuLongConnection}?, Random?)"/>
    public FeishuLongConnection(FeishuOptions app, FeishuEventDispatcher dispatcher, FeishuLongConnectionOptions? options = null, TimeProvider? clock = null,
        ILogger<FeishuLongConnection>? logger = null, Random? random = null)
        : this(app, HandlerOf(dispatcher), options, clock, logger, random)
    {
    }

    /// <summary>Is told of every change of state, on the connection's own threads: return soon.</summary>
    public event Action<FeishuLongConnectionStatus>? StateChanged;

    /// <summary>How it stands now.</summary>
    public FeishuLongConnectionStatus Status => _watch.Status;

    /// <summary>Connects, stays connected, and returns when it is stopped; what is in hand is answered before the socket closes.</summary>
    /// <param name="stop">Stops it: the task then ends without an exception.</param>
    /// <exception cref="FeishuLongConnectionException">The platform refuses, for a reason that no further try would change.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1) throw new InvalidOperationException("This connection runs already.");
        using var patienceOver = new CancellationTokenSource();
        var inHand = new InHand(_options.MaxInHand);
        var parts = new SessionParts(_app.AppId, new FeishuEventReceiver(_app, _clock), _handler, _options, _pace, inHand, _watch, _clock, _logger, patienceOver.Token);
        string? problem = null;
        try
        {
            using var connector = new Connector(_app, _options, _pace, _clock);
            while (await OnceAsync(connector, parts, stop) is { } pause && !stop.IsCancellationRequested) await Task.Delay(pause, _clock, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As wished, between two connections.
        }
        catch (FeishuLongConnectionException e)
        {
            problem = e.Message;
            throw;
        }
        finally
        {
            // Of connections that were lost, too: their answers go nowhere, but what they do should be done.
            await FinishAsync(inHand);
            await patienceOver.CancelAsync();
            _watch.Stopped(problem);
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>
    /// Evidence: an event of this time has not come, although it should have (the chat's history has its message, for instance). A connection that was open then, and has
    /// received nothing since, is deaf and replaced.
    /// </summary>
    /// <param name="happenedAt">When it happened. Leave the platform time to deliver before you call that missed.</param>
    /// <returns>True when the connection is replaced.</returns>
    public bool ReportMissed(DateTimeOffset happenedAt)
    {
        FeishuLongConnectionStatus status = _watch.Status;
        if (!status.IsConnected || status.ConnectedAt >= happenedAt || status.LastEventAt >= happenedAt || _session is not { } session) return false;
        session.GiveUp(new SessionEnd("missed", "an event that happened while it was open did not come") { IsDeaf = true });
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Long connection of {_app.AppId}, {Status.State}";

    private void Tell(FeishuLongConnectionStatus status)
    {
        try
        {
            StateChanged?.Invoke(status);
        }
        catch (Exception e)
        {
            // It is told on the loops that keep the connection: what a listener gets wrong must not end them.
            _logger.LogError(e, "A listener of the connection's state failed");
        }
    }

    private static FeishuDeliveryHandler HandlerOf(FeishuEventDispatcher dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return async (delivery, cancellationToken) =>
        {
            byte[] body = await dispatcher.DispatchAsync(delivery, cancellationToken);
            return delivery.Kind == FeishuDeliveryKind.Event ? FeishuAck.Received : FeishuAck.Answer(body);
        };
    }

    /// <summary>One connection, or one try.</summary>
    /// <returns>The pause before the next; null when it was stopped.</returns>
    private async Task<TimeSpan?> OnceAsync(Connector connector, SessionParts parts, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _watch.Connecting(null);
        ClientWebSocket socket;
        SocketAddress address;
        try
        {
            (socket, address) = await connector.ConnectAsync(stop);
        }
        catch (ConnectFailedException e)
        {
            LongConnectionTelemetry.Tried(_app.AppId, "failed");
            _watch.Connecting(e.Message);
            return Pause(_schedule.AfterFailure(_pace.Config, _pace.IsTold), e.Message);
        }
        catch (FeishuLongConnectionException)
        {
            LongConnectionTelemetry.Tried(_app.AppId, "refused");
            throw;
        }

        LongConnectionTelemetry.Tried(_app.AppId, "connected");
        using var session = new Session(socket, address.Service, parts);
        _session = session;
        long connected = _clock.GetTimestamp();
        _watch.Connected();
        _logger.LogInformation("App {AppId} is connected to {Host}; pings every {PingInterval}", _app.AppId, address, _pace.Config.PingInterval);
        SessionEnd? end;
        try
        {
            end = await session.RunAsync(stop);
        }
        finally
        {
            _session = null;
        }

        if (end is null) return null;
        if (end.IsDeaf) _watch.Deaf(end.Text);
        _watch.Lost(end.Text);
        LongConnectionTelemetry.Ended(_app.AppId, end.Reason);
        // One that was accepted and never said anything is a failed try: else a server that drops everybody would be called without a pause.
        return Pause(session.HasHeard ? _schedule.AfterLoss(_pace.Config, _clock.GetElapsedTime(connected)) : _schedule.AfterFailure(_pace.Config, _pace.IsTold), end.Text);
    }

    private TimeSpan Pause(TimeSpan? pause, string problem)
    {
        if (pause is not { } next)
        {
            throw new FeishuLongConnectionException(FeishuLongConnectionFailure.ReconnectsExhausted, 0,
                $"The platform allows {_pace.Config.ReconnectCount} tries to reconnect, and the last one failed: {problem}.");
        }

        _watch.Connecting(problem);
        _logger.LogWarning("App {AppId} has no long connection: {Problem}; next try in {Pause}", _app.AppId, problem, next);
        return next;
    }

    private async Task FinishAsync(InHand inHand)
    {
        try
        {
            await inHand.WhenEmptyAsync().WaitAsync(_options.DrainTimeout, _clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _logger.LogDebug("Stopped with handlers at work");
        }
    }
}
