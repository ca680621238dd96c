using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.Media;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.WeCom.AiBots;

/// <summary>An AI bot over a WebSocket that this side opens: no public address, no token, no key.</summary>
/// <remarks>
/// <para>One connection per bot: a second one anywhere takes the bot over, and this one ends with <see cref="AiBotConnectionFailure.Replaced"/> and does not come back. Several processes need a leader.</para>
/// <para>Answers go over whichever connection there is at that moment: a message that came over one which was lost meanwhile can still be answered, unless the platform refuses its request id
/// (846605, <see cref="AiBotLimit.ReplyWindow"/>); then send actively. What was on its way when a connection ended fails as an effect in doubt and is not repeated.</para>
/// <para>Sources: page 101463 and the official client, <c>@wecom/aibot-node-sdk</c>. Thread-safe. Counter <c>larkspur.wecom.aibot.connections</c> by <c>outcome</c>.</para>
/// </remarks>
public sealed class AiBotConnection
{
    private const int ChunkBytes = 512 << 10;

    /// <summary>A connection that ends sooner was none worth the name: the pauses before further tries go on growing.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);

    private static readonly Counter<long> Connections =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.wecom.aibot.connections", description: "Connections of AI bots by outcome (connected, failed, refused, lost, replaced).");

    private readonly AiBotOptions _options;
    private readonly AiBotHandler _handler;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IRateShaper _shaper;
    private readonly Backoff _backoff;
    private readonly Uri _address;
    private readonly AiBotLines _lines = new();
    private readonly Lock _gate = new();
    private volatile AiBotSession? _session;
    private volatile AiBotConnectionStatus _status;
    private int _running;

    /// <summary>A connection for a bot; <see cref="RunAsync"/> opens it.</summary>
    /// <param name="options">The bot. Read from here on; do not change it afterwards.</param>
    /// <param name="handler">Takes what comes; begun in the order of arrival.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="logger">Ids and reasons; never bodies or the secret.</param>
    /// <param name="random">Jitter of the reconnects; null: the shared one.</param>
    /// <param name="shaper">Keeps to 30 messages a minute and conversation; null: one of its own. The 1,000 an hour are the platform's to refuse (45009).</param>
    /// <exception cref="ArgumentException">The options are not usable.</exception>
    public AiBotConnection(
        AiBotOptions options, AiBotHandler handler, TimeProvider? clock = null, ILogger<AiBotConnection>? logger = null, Random? random = null, IRateShaper? shaper = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        options.Check(forSocket: true);
        (_options, _handler, _clock) = (options, handler, clock ?? TimeProvider.System);
        _logger = logger ?? (ILogger)NullLogger.Instance;
        _shaper = shaper ?? new RateShaper(_clock);
        _backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), random);
        _address = WeComHosts.SocketOf(options.SocketUrl, options.BaseUrl);
        _status = new(AiBotConnectionState.Stopped, _clock.GetUtcNow(), 0, null, null);
    }

    /// <summary>Is told of every change of state, on the connection's own threads: return soon.</summary>
    public event Action<AiBotConnectionStatus>? StateChanged;

    /// <summary>How it stands now.</summary>
    public AiBotConnectionStatus Status => _status;

    /// <summary>Connects, stays connected, and returns when it is stopped; handlers at work go on and answer, for at most <see cref="AiBotOptions.DrainTimeout"/>, before the socket ends.</summary>
    /// <param name="stop">Stops it: the task then ends without an exception.</param>
    /// <exception cref="AiBotConnectionException">Refused, or replaced by another connection.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1) throw new InvalidOperationException("This connection runs already.");
        using var work = new AiBotWork(_handler, _options, _clock, _logger);
        int failures = 0, refusals = 0;
        try
        {
            while (true)
            {
                Tell(AiBotConnectionState.Connecting, _status.Problem);
                (TimeSpan? lived, WeComApiException? refused, string problem) = await OnceAsync(work, stop);
                if (stop.IsCancellationRequested) return;
                refusals = lived is not null ? 0 : refused is { FailureKind: not (FailureKind.RateLimited or FailureKind.Transient) } ? refusals + 1 : refusals;
                failures = lived >= Lasting ? 1 : failures + 1;
                if (refused is not null && refusals >= _options.MaxRefusals)
                {
                    Count("refused");
                    throw new AiBotConnectionException(AiBotConnectionFailure.Refused, refused.Code, $"The platform refuses the bot's id or secret: {refused.Message}");
                }

                TimeSpan pause = _backoff.Next(failures);
                _logger.LogWarning("Bot {BotId} has no long connection: {Problem}; next try in {Pause}", _options.BotId, problem, pause);
                Tell(AiBotConnectionState.Connecting, problem);
                await Task.Delay(pause, _clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As wished.
        }
        finally
        {
            await work.DrainAsync();
            if (_status.State != AiBotConnectionState.Replaced) Tell(AiBotConnectionState.Stopped, _status.Problem);
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>Answers a message: Markdown, a card, a file; for a text that grows see <see cref="OpenStream"/>.</summary>
    /// <exception cref="AiBotLimitException">Too late: 24 hours, or the platform does not know the message any more.</exception>
    /// <exception cref="WeComApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">There is no connection, or no acknowledgement came.</exception>
    public Task RespondAsync(AiBotDelivery delivery, AiBotAnswer answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        answer.Require("an answer over the long connection", "stream", "template_card", "markdown", "file", "image", "voice", "video");
        return ReplyAsync("aibot_respond_msg", delivery, answer.Json, AiBotLimits.ReplyWindow, cancellationToken);
    }

    /// <summary>Greets a person who entered the chat, within 5 s: text or a card.</summary>
    /// <inheritdoc cref="RespondAsync" path="/exception"/>
    public Task WelcomeAsync(AiBotDelivery delivery, AiBotAnswer answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        answer.Require("a welcome", "text", "template_card");
        return ReplyAsync("aibot_respond_welcome_msg", delivery, answer.Json, AiBotLimits.EventWindow, cancellationToken);
    }

    /// <summary>Changes the clicked card, within 5 s.</summary>
    /// <inheritdoc cref="RespondAsync" path="/exception"/>
    public Task UpdateCardAsync(AiBotDelivery delivery, TemplateCard card, IReadOnlyList<string>? userIds = null, CancellationToken cancellationToken = default)
        => ReplyAsync("aibot_respond_update_msg", delivery, AiBotAnswer.UpdateCard(card, userIds).Json, AiBotLimits.EventWindow, cancellationToken);

    /// <summary>Begins an answer that grows.</summary>
    /// <param name="delivery">The message; its 6 minutes count.</param>
    public AiBotSocketStream OpenStream(AiBotDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return new AiBotSocketStream(this, delivery, _clock);
    }

    /// <summary>Writes without having been asked, to a person or a group that has talked to the bot before.</summary>
    /// <param name="conversation">Userid or group chat id.</param>
    /// <param name="isGroup">Which of them.</param>
    /// <param name="answer">Markdown, a card or a file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <inheritdoc cref="RespondAsync" path="/exception"/>
    public async Task SendAsync(string conversation, bool isGroup, AiBotAnswer answer, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(conversation);
        ArgumentNullException.ThrowIfNull(answer);
        answer.Require("an active message", "template_card", "markdown", "file", "image", "voice", "video");
        var body = new JsonObject { ["chatid"] = conversation, ["chat_type"] = isGroup ? 2 : 1 };
        foreach ((string name, JsonNode? value) in answer.Json) body[name] = value?.DeepClone();
        await TurnAsync(conversation, cancellationToken);
        await AskAsync("aibot_send_msg", AiBotSession.NewId("aibot_send_msg", _clock), body, cancellationToken);
    }

    /// <summary>Uploads a file, in pieces of 512 KB; good for 3 days.</summary>
    /// <remarks>Pieces are numbered from 0, as the official client does (its page's example begins at 1: CONFLICT).</remarks>
    /// <exception cref="WeComContentException">Too large, too small, or not of its kind; nothing was sent.</exception>
    /// <inheritdoc cref="RespondAsync" path="/exception"/>
    public async Task<UploadedMedia> UploadAsync(MediaKind kind, WeComFile file, CancellationToken cancellationToken = default)
    {
        MediaRules.Judge(kind, file);
        await _shaper.WaitAsync($"wecom:aibot:{_options.BotId}:upload", new RateLimit(null, 30), cancellationToken);
#pragma warning disable CA5351 // The platform's checksum, not a protection.
        string sum = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(file.Content.Span));
#pragma warning restore CA5351
        int chunks = (file.Content.Length + ChunkBytes - 1) / ChunkBytes;
        JsonElement? begun = await StepAsync("aibot_upload_media_init", new JsonObject
        {
            ["type"] = MediaRules.NameOf(kind), ["filename"] = file.FileName, ["total_size"] = file.Content.Length, ["total_chunks"] = chunks, ["md5"] = sum,
        });
        string id = begun?.Text("upload_id") is { Length: > 0 } given ? given : throw new WeComApiException("aibot_upload_media_init answered without an upload id.") { Endpoint = "aibot_upload_media_init" };
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            ReadOnlyMemory<byte> piece = file.Content[(chunk * ChunkBytes)..Math.Min((chunk + 1) * ChunkBytes, file.Content.Length)];
            await StepAsync("aibot_upload_media_chunk", new JsonObject { ["upload_id"] = id, ["chunk_index"] = chunk, ["base64_data"] = Convert.ToBase64String(piece.Span) });
        }

        JsonElement? done = await StepAsync("aibot_upload_media_finish", new JsonObject { ["upload_id"] = id });
        return done?.Text("media_id") is { Length: > 0 } media
            ? new UploadedMedia(media, long.TryParse(done.Value.Text("created_at"), out long created) ? created : 0)
            : throw new WeComApiException("aibot_upload_media_finish answered without a media id.") { Endpoint = "aibot_upload_media_finish" };

        async Task<JsonElement?> StepAsync(string command, JsonObject body) => (await AskAsync(command, AiBotSession.NewId(command, _clock), body, cancellationToken)).Body;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Long connection of bot {_options.BotId}, {_status.State}";

    internal async Task ReplyAsync(string command, AiBotDelivery delivery, JsonObject body, TimeSpan window, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        string request = delivery.RequestId ?? throw new InvalidOperationException("This delivery came by callback, not over the long connection.");
        InTime();
        await TurnAsync(delivery.Conversation, cancellationToken);
        // Frames of one request follow each other, each after the acknowledgement of the one before.
        using (await _lines.EnterAsync(request, cancellationToken))
        {
            // Once more: the turn and the line may have taken longer than the window is.
            InTime();
            await AskAsync(command, request, body, cancellationToken);
        }

        void InTime()
        {
            if (_clock.GetUtcNow() > delivery.ReceivedAt + window) throw new AiBotLimitException(AiBotLimit.ReplyWindow, $"An answer is taken for {window}; send actively instead.");
        }
    }

    private async Task TurnAsync(string conversation, CancellationToken cancellationToken)
    {
        WeComTurn turn = AiBotPace.Of(_options.BotId, conversation);
        await _shaper.WaitAsync(turn.Key, turn.Limit, cancellationToken);
    }

    private async Task<AiBotFrame> AskAsync(string command, string request, JsonObject body, CancellationToken cancellationToken)
    {
        AiBotSession session = _session ?? throw new PlatformNetworkException("wecom", $"{command} was not sent: there is no long connection at present.", effectUnknown: false, timedOut: false) { Sent = false };
        try
        {
            AiBotFrame answer = await session.AskAsync(command, request, body, cancellationToken);
            WeComTelemetry.Count(WeComTelemetry.Calls, command, "outcome", "ok");
            return answer;
        }
        catch (WeComApiException refused)
        {
            WeComTelemetry.Count(WeComTelemetry.Calls, command, "outcome", WeComTelemetry.Label(refused.FailureKind));
            throw refused.Code switch
            {
                846605 => new AiBotLimitException(AiBotLimit.ReplyWindow, refused.Message, refused),
                846608 => new AiBotLimitException(AiBotLimit.StreamLife, refused.Message, refused),
                _ => refused,
            };
        }
        catch (PlatformNetworkException)
        {
            WeComTelemetry.Count(WeComTelemetry.Calls, command, "outcome", "network");
            throw;
        }
    }

    /// <summary>One connection, or one try.</summary>
    /// <returns>How long it lasted; null: it never came about.</returns>
    /// <exception cref="AiBotConnectionException">Another connection took the bot over.</exception>
    private async Task<(TimeSpan? Lived, WeComApiException? Refused, string Problem)> OnceAsync(AiBotWork work, CancellationToken stop)
    {
        var socket = new ClientWebSocket();
        // The platform has heartbeats of its own.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        using var session = new AiBotSession(socket, _options, _clock, _logger);
        try
        {
            using var time = new CancellationTokenSource(_options.AckTimeout, _clock);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop, time.Token);
            await socket.ConnectAsync(_address, linked.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // When it is being stopped, whichever of the two it is.
            stop.ThrowIfCancellationRequested();
            Count("failed");
            return (null, null, exception is WebSocketException broken ? $"no connection was made ({broken.WebSocketErrorCode})" : "no connection was made in time");
        }

        Task reading = session.ReadAsync(frame => Receive(session, frame, work));
        long? since = null;
        WeComApiException? refused = null;
        string? problem = null;
        try
        {
            await session.AskAsync("aibot_subscribe", AiBotSession.NewId("aibot_subscribe", _clock), new JsonObject { ["bot_id"] = _options.BotId, ["secret"] = _options.Secret }, stop);
            since = _clock.GetTimestamp();
            Count("connected");
            _session = session;
            lock (_gate) _status = _status with { Connects = _status.Connects + 1 };
            Tell(AiBotConnectionState.Connected, _status.Problem);
            _logger.LogInformation("Bot {BotId} is connected", _options.BotId);
            Task beating = session.BeatAsync();
            await LastAsync(reading, work, stop);
            session.GiveUp(session.Reason);
            await beating;
        }
        catch (WeComApiException exception)
        {
            (refused, problem) = (exception, exception.Message);
        }
        catch (PlatformNetworkException exception)
        {
            problem = exception.Message;
        }
        finally
        {
            _session = null;
            session.GiveUp(session.Reason);
            await reading;
        }

        stop.ThrowIfCancellationRequested();
        if (session.IsReplaced)
        {
            Count("replaced");
            Tell(AiBotConnectionState.Replaced, session.Reason);
            throw new AiBotConnectionException(AiBotConnectionFailure.Replaced, 0, "Another connection took the bot over. This one does not come back: the two would throw each other out for ever.");
        }

        if (since is not null) Count("lost");
        else if (refused is null) Count("failed");
        return (since is { } begun ? _clock.GetElapsedTime(begun) : null, refused, problem ?? session.Reason);
    }

    /// <summary>Until the connection ends; or until it is stopped and what is at work has had its time to answer over it.</summary>
    private static async Task LastAsync(Task reading, AiBotWork work, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration onStop = stop.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), stopped);
        if (await Task.WhenAny(reading, stopped.Task) != reading) await Task.WhenAny(reading, work.DrainAsync());
    }

    private void Receive(AiBotSession session, AiBotFrame frame, AiBotWork work)
    {
        lock (_gate) _status = _status with { LastHeardAt = _clock.GetUtcNow() };
        if (frame.Command is not ("aibot_msg_callback" or "aibot_event_callback") || frame.Body is not { } body)
        {
            _logger.LogDebug("Bot {BotId} passed over a frame of no kind that it takes: {Command}, request {RequestId}", _options.BotId, frame.Command, frame.RequestId);
            return;
        }

        // As it came: half a surrogate pair is JSON that cannot be written anew.
        byte[] bytes = Encoding.UTF8.GetBytes(body.GetRawText());
        if (AiBotReader.Read(body, bytes, _clock.GetUtcNow(), frame.RequestId) is not { } delivery)
        {
            _logger.LogWarning("Bot {BotId} received a frame that is no message: request {RequestId}", _options.BotId, frame.RequestId);
            return;
        }

        if (delivery.Content is BotReplaced) session.GiveUp("another connection took the bot over", replaced: true);
        if (!work.TryBegin(delivery))
        {
            _logger.LogError("Bot {BotId} left message {MessageId}: {Waiting} wait already, or it stops; the platform does not send it again", _options.BotId, delivery.Id, _options.MaxWaiting);
        }
    }

    private void Tell(AiBotConnectionState state, string? problem)
    {
        lock (_gate) _status = _status with { State = state, Since = _status.State == state ? _status.Since : _clock.GetUtcNow(), Problem = problem };
        try
        {
            StateChanged?.Invoke(_status);
        }
        catch (Exception exception)
        {
            // It is told on the loop that keeps the connection: what a listener gets wrong must not end it.
            _logger.LogError(exception, "A listener of the connection's state failed");
        }
    }

    private static void Count(string outcome) => Connections.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
