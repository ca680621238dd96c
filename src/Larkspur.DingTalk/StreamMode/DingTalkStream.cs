using Larkspur.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>
/// Receives an app's robot messages, card callbacks and events over a WebSocket that this side opens: no public address, no signature,
/// nothing to decrypt.
/// </summary>
/// <remarks>
/// <para>An app may have several connections; each delivery goes to one of them at random, so all processes have to handle everything and
/// share what they recognise repetitions by
/// (<see cref="DingTalkDelivery.Id"/>). Within this process a repetition gets the answer that the first one got.</para>
/// <para>Nothing is answered before the handler is done: record and return. Events come again until they are acknowledged. Whether robot
/// messages do is not sure (the official sources disagree):
/// one whose handler fails may be lost.</para>
/// <para>When the platform announces that it closes a connection, another one is made first, and the old one is left open for its last
/// answers.
/// Pauses between failed tries are 1 s to 30 s with jitter: the platform says nothing about them, and the official clients have a fixed
/// second (Node) or 60 s at most (Python).
/// Thread-safe.</para>
/// </remarks>
public sealed class DingTalkStream
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly SocketMetrics Metrics = new("larkspur.dingtalk.stream", "client_id");

    private readonly DingTalkClient _client;
    private readonly DingTalkStreamHandler _handler;
    private readonly DingTalkStreamOptions _options;
    private readonly ReconnectPauses _pauses;
    private readonly SocketSupervisor<StreamSession> _supervisor;

    /// <summary>A stream for a client's app; <see cref="RunAsync"/> opens it.</summary>
    /// <param name="client">Whose credentials, clock and count of the month it uses.</param>
    /// <param name="handler">Takes the deliveries.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="logger">Ids and reasons; never bodies, secrets or tickets.</param>
    /// <param name="random">Jitter of the reconnects; null: the shared one.</param>
    /// <exception cref="ArgumentException">The options are not usable.</exception>
    public DingTalkStream(DingTalkClient client, DingTalkStreamHandler handler, DingTalkStreamOptions? options = null, ILogger<DingTalkStream>? logger = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(handler);
        _options = options ?? new DingTalkStreamOptions();
        _options.Validate();
        (_client, _handler) = (client, handler);
        _pauses = new ReconnectPauses(LongestPause, random);
        var limits = new SocketLimits
        {
            MaxInHand = _options.MaxInHand, MaxWaiting = _options.MaxWaiting, DrainTimeout = _options.DrainTimeout, RetireTimeout = _options.RetireTimeout,
        };
        _supervisor = new($"Stream of {client.Options.ClientId}", client.Options.ClientId, limits, Metrics, client.Clock, logger ?? NullLogger<DingTalkStream>.Instance);
    }

    /// <summary>The same with typed handlers; it subscribes to what they take.</summary>
    /// <inheritdoc cref="DingTalkStream(DingTalkClient, DingTalkStreamHandler, DingTalkStreamOptions?, ILogger{DingTalkStream}?,
    /// Random?)"/>
    public DingTalkStream(DingTalkClient client, DingTalkDispatcher dispatcher, DingTalkStreamOptions? options = null, ILogger<DingTalkStream>? logger = null, Random? random = null)
        : this(client, (dispatcher ?? throw new ArgumentNullException(nameof(dispatcher))).DispatchAsync,
            options ?? new DingTalkStreamOptions { Events = dispatcher.TakesEvents, Topics = dispatcher.Topics }, logger, random)
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
    /// <exception cref="DingTalkStreamException">The platform refuses, for a reason that no further try would change.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public Task RunAsync(CancellationToken stop) => _supervisor.RunAsync(context => new StreamProtocol(_client, _handler, _options, _pauses, context), stop);

    /// <inheritdoc/>
    public override string ToString() => $"Stream of {_client.Options.ClientId}, {Status.State}";
}
