using Larkspur.Feishu.Events;
using Larkspur.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Feishu.LongConnection;

/// <summary>
/// Receives an app's events and card callbacks over a WebSocket that this side opens: no public address, no Encrypt Key, no Verification
/// Token.
/// </summary>
/// <remarks>
/// <para>For self-built apps whose subscription mode is the long connection. At most 50 connections an app; every push goes to one of them
/// at random, so all
/// processes have to handle everything. The old <c>card.action.trigger_v1</c> does not come this way.</para>
/// <para>Nothing is acknowledged before the handler is done: what was not, the platform sends again. A connection is watched (<see
/// cref="Status"/>): pings must be
/// answered, and <see cref="ReportMissed"/> takes evidence that an event did not come. Proxies are off unless <see
/// cref="FeishuLongConnectionOptions.Proxy"/> names one.</para>
/// <para>Source of the protocol: both official SDKs (Node, Go). Thread-safe.</para>
/// </remarks>
public sealed class FeishuLongConnection
{
    private const int MaxAnswerBytes = 64 << 10;

    private static readonly SocketMetrics Metrics = new("larkspur.feishu.long_connection", "app_id");

    private readonly FeishuOptions _app;
    private readonly FeishuDeliveryHandler _handler;
    private readonly FeishuLongConnectionOptions _options;
    private readonly CurrentClientConfig _config = new();
    private readonly ReconnectSchedule _schedule;
    private readonly SocketSupervisor<LongConnectionSession> _supervisor;

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
        (_app, _handler) = (app, handler);
        _schedule = new ReconnectSchedule(_config, random ?? Random.Shared);
        var limits = new SocketLimits { MaxInHand = _options.MaxInHand, DrainTimeout = _options.DrainTimeout };
        _supervisor = new($"Long connection of {app.AppId}", app.AppId, limits, Metrics, clock ?? TimeProvider.System, logger ?? NullLogger<FeishuLongConnection>.Instance);
    }

    /// <summary>
    /// The same with typed handlers: an event is acknowledged when its handler has ended, a callback answered with what it returned.
    /// </summary>
    /// <inheritdoc cref="FeishuLongConnection(FeishuOptions, FeishuDeliveryHandler, FeishuLongConnectionOptions?, TimeProvider?,
    /// ILogger{FeishuLongConnection}?, Random?)"/>
    public FeishuLongConnection(FeishuOptions app, FeishuEventDispatcher dispatcher, FeishuLongConnectionOptions? options = null, TimeProvider? clock = null,
        ILogger<FeishuLongConnection>? logger = null, Random? random = null)
        : this(app, HandlerOf(dispatcher), options, clock, logger, random)
    {
    }

    /// <inheritdoc cref="SocketSupervisor{TSession}.StateChanged"/>
    public event Action<SocketStatus>? StateChanged
    {
        add => _supervisor.StateChanged += value;
        remove => _supervisor.StateChanged -= value;
    }

    /// <summary>How it stands now.</summary>
    public SocketStatus Status => _supervisor.Status;

    /// <summary>Connects, stays connected, and returns when it is stopped; what is in hand is answered before the socket closes.</summary>
    /// <param name="stop">Stops it: the task then ends without an exception.</param>
    /// <exception cref="FeishuLongConnectionException">The platform refuses, for a reason that no further try would change.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        // A client of its own: no redirects (they would carry the secret elsewhere), no cookies, and the proxy that the socket has.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = _options.Proxy is not null, Proxy = _options.Proxy })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        await _supervisor.RunAsync(context => new LongConnectionProtocol(_app, _handler, _options, _config, _schedule, http, context), stop);
    }

    /// <summary>
    /// Evidence: an event of this time has not come, although it should have (the chat's history has its message, for instance). A
    /// connection that was open then, and has
    /// received nothing since, is deaf and replaced.
    /// </summary>
    /// <param name="happenedAt">When it happened. Leave the platform time to deliver before you call that missed.</param>
    /// <returns>True when the connection is replaced.</returns>
    public bool ReportMissed(DateTimeOffset happenedAt)
    {
        SocketStatus status = _supervisor.Status;
        if (!status.IsConnected || status.ConnectedAt >= happenedAt || status.LastDeliveryAt >= happenedAt || _supervisor.Current is not { } session) return false;
        session.End(new SocketEnd("missed", "an event that happened while it was open did not come") { IsDeaf = true });
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Long connection of {_app.AppId}, {Status.State}";

    private static FeishuDeliveryHandler HandlerOf(FeishuEventDispatcher dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return async (delivery, cancellationToken) =>
        {
            byte[] body = await dispatcher.DispatchAsync(delivery, cancellationToken);
            return delivery.Kind == FeishuDeliveryKind.Event ? FeishuAck.Received : FeishuAck.Answer(body);
        };
    }
}
