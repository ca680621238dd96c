using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>Receives an app's robot messages, card callbacks and events over a WebSocket that this side opens: no public address, no signature, nothing to decrypt.</summary>
/// <remarks>
/// <para>An app may have several connections; each delivery goes to one of them at random, so all processes have to handle everything and share what they recognise repetitions by
/// (<see cref="DingTalkDelivery.Id"/>). Within this process a repetition gets the answer that the first one got.</para>
/// <para>Nothing is answered before the handler is done: record and return. Events come again until they are acknowledged. Whether robot messages do is not sure (the official sources disagree):
/// one whose handler fails may be lost.</para>
/// <para>When the platform announces that it closes a connection, another one is made first, and the old one is left open for its last answers. Thread-safe.</para>
/// </remarks>
public sealed class DingTalkStream
{
    private readonly DingTalkClient _client;
    private readonly DingTalkStreamHandler _handler;
    private readonly DingTalkStreamOptions _options;
    private readonly ILogger _logger;
    private readonly ReconnectPauses _pauses;
    private readonly StreamWatch _watch;
    private int _running;

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
        _logger = logger ?? NullLogger<DingTalkStream>.Instance;
        _pauses = new ReconnectPauses(random ?? Random.Shared);
        _watch = new StreamWatch(client.Clock, Tell);
    }

    /// <summary>The same with typed handlers; it subscribes to what they take.</summary>
    /// <inheritdoc cref="DingTalkStream(DingTalkClient, DingTalkStreamHandler, DingTalkStreamOptions?, ILogger{DingTalkStream}?, Random?)"/>
    public DingTalkStream(DingTalkClient client, DingTalkDispatcher dispatcher, DingTalkStreamOptions? options = null, ILogger<DingTalkStream>? logger = null, Random? random = null)
        : this(client, (dispatcher ?? throw new ArgumentNullException(nameof(dispatcher))).DispatchAsync,
            options ?? new DingTalkStreamOptions { Events = dispatcher.TakesEvents, Topics = dispatcher.Topics }, logger, random)
    {
    }

    /// <summary>Is told of every change of state, on the stream's own threads: return soon.</summary>
    public event Action<DingTalkStreamStatus>? StateChanged;

    /// <summary>How it stands now.</summary>
    public DingTalkStreamStatus Status => _watch.Status;

    /// <summary>Connects, stays connected, and returns when it is stopped; what is in hand is answered before the socket closes.</summary>
    /// <param name="stop">Stops it: the task then ends without an exception.</param>
    /// <exception cref="DingTalkStreamException">The platform refuses, for a reason that no further try would change.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1) throw new InvalidOperationException("This stream runs already.");
        using var patienceOver = new CancellationTokenSource();
        var inHand = new InHand(_options.MaxInHand, _options.MaxWaiting);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var parts = new StreamParts(_client.Options.ClientId, _handler, _options, inHand, new AckMemory(_client.Clock, _options.AckMemory, _options.MaxRemembered), _watch, _client.Usage,
            _client.Clock, _logger, patienceOver.Token);
        var connections = new List<Task>();
        string? problem = null;
        try
        {
            await StayConnectedAsync(parts, connections, ending.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As wished, between two connections.
        }
        catch (DingTalkStreamException e)
        {
            problem = e.Message;
            throw;
        }
        finally
        {
            // The old ones too: an old connection may have answers to give while a new one was being made.
            await ending.CancelAsync();
            await Task.WhenAll(connections);
            await FinishAsync(inHand);
            await patienceOver.CancelAsync();
            _watch.Stopped(problem);
            Volatile.Write(ref _running, 0);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Stream of {_client.Options.ClientId}, {Status.State}";

    private async Task StayConnectedAsync(StreamParts parts, List<Task> connections, CancellationToken stop)
    {
        var connector = new StreamConnector(_client, _options);
        Connection? old = null;
        while (true)
        {
            ClientWebSocket socket = await ConnectAsync(connector, old, stop);
            var now = new Connection(socket, parts, _client.Clock.GetTimestamp());
            _watch.Connected();
            Task<SessionEnd> running = now.RunAsync(stop);
            connections.RemoveAll(static c => c.IsCompleted);
            connections.Add(KeepAsync(now, running));
            old?.Retire();
            old = null;

            await Task.WhenAny(running, now.Session.Leaving);
            stop.ThrowIfCancellationRequested();
            TimeSpan lived = _client.Clock.GetElapsedTime(now.Since);
            TimeSpan pause = _pauses.AfterLoss(lived);
            if (running.IsCompleted)
            {
                SessionEnd end = await running;
                _watch.Connecting(end.Text);
                _logger.LogWarning("App {ClientId} has no stream: {Problem}; next try in {Pause}", parts.ClientId, end.Text, pause);
            }
            else
            {
                // Make before break: the old one goes on taking and answering until the new one is there.
                old = now;
            }

            await Task.Delay(pause, _client.Clock, stop);
        }
    }

    private async Task KeepAsync(Connection connection, Task<SessionEnd> running)
    {
        using (connection)
        {
            SessionEnd end = await running;
            if (end.Reason != "stopped") _watch.Lost(end.Text);
            StreamTelemetry.Ended(_client.Options.ClientId, end.Reason);
        }
    }

    /// <summary>Tries until there is a connection.</summary>
    private async Task<ClientWebSocket> ConnectAsync(StreamConnector connector, Connection? old, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (old is not { IsOver: false }) _watch.Connecting(null);
            try
            {
                (ClientWebSocket socket, string host) = await connector.ConnectAsync(stop);
                StreamTelemetry.Tried(_client.Options.ClientId, "connected");
                _logger.LogInformation("App {ClientId} is connected to {Host}", _client.Options.ClientId, host);
                return socket;
            }
            catch (ConnectFailedException e)
            {
                StreamTelemetry.Tried(_client.Options.ClientId, "failed");
                TimeSpan pause = _pauses.AfterFailure();
                if (old is not { IsOver: false }) _watch.Connecting(e.Message);
                _logger.LogWarning("App {ClientId} could not connect: {Problem}; next try in {Pause}", _client.Options.ClientId, e.Message, pause);
                await Task.Delay(pause, _client.Clock, stop);
            }
            catch (DingTalkStreamException)
            {
                StreamTelemetry.Tried(_client.Options.ClientId, "refused");
                throw;
            }
        }
    }

    private void Tell(DingTalkStreamStatus status)
    {
        try
        {
            StateChanged?.Invoke(status);
        }
        catch (Exception e)
        {
            // It is told on the loops that keep the connection: what a listener gets wrong must not end them.
            _logger.LogError(e, "A listener of the stream's state failed");
        }
    }

    private async Task FinishAsync(InHand inHand)
    {
        try
        {
            await inHand.WhenEmptyAsync().WaitAsync(_options.DrainTimeout, _client.Clock, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _logger.LogDebug("Stopped with handlers at work");
        }
    }

    /// <summary>One connection and the end of its service.</summary>
    private sealed class Connection(ClientWebSocket socket, StreamParts parts, long since) : IDisposable
    {
        private readonly CancellationTokenSource _retire = new();
        private volatile bool _over;

        public StreamSession Session { get; } = new(socket, parts);

        public long Since => since;

        public bool IsOver => _over;

        public async Task<SessionEnd> RunAsync(CancellationToken stop)
        {
            try
            {
                return await Session.RunAsync(stop, _retire.Token);
            }
            finally
            {
                _over = true;
            }
        }

        public void Retire()
        {
            // Its end may have come first; its token is then gone with it.
            if (_over) return;
            try
            {
                _retire.Cancel();
            }
            catch (ObjectDisposedException)
            {
                _over = true;
            }
        }

        public void Dispose()
        {
            Session.Dispose();
            _retire.Dispose();
        }
    }
}
