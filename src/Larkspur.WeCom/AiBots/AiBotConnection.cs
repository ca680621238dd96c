using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Sockets;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.Media;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.WeCom.AiBots;

/// <summary>An AI bot over a WebSocket that this side opens: no public address, no token, no key.</summary>
/// <remarks>
/// <para>One connection per bot: a second one anywhere takes the bot over, and this one ends with <see
/// cref="AiBotConnectionFailure.Replaced"/> and does not come back. Several processes need a leader.</para>
/// <para>Answers go over whichever connection there is at that moment: a message that came over one which was lost meanwhile can still be
/// answered, unless the platform refuses its request id
/// (846605, <see cref="AiBotLimit.ReplyWindow"/>); then send actively. What was on its way when a connection ended fails as an effect in
/// doubt and is not repeated.</para>
/// <para>Sources: page 101463 and the official client, <c>@wecom/aibot-node-sdk</c>. Thread-safe. Counters: <see cref="SocketMetrics"/>
/// under <c>larkspur.wecom.aibot</c>.</para>
/// </remarks>
public sealed class AiBotConnection
{
    private const int ChunkBytes = 512 << 10;
    private const int MaxFrameBytes = 4 << 20;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly SocketMetrics Metrics = new("larkspur.wecom.aibot", "bot_id");

    private readonly AiBotOptions _options;
    private readonly AiBotHandler _handler;
    private readonly TimeProvider _clock;
    private readonly IRateLimiter _rateLimiter;
    private readonly ReconnectPauses _pauses;
    private readonly SocketSupervisor<AiBotSession> _supervisor;
    private readonly RequestOrder _order = new();

    /// <summary>A connection for a bot; <see cref="RunAsync"/> opens it.</summary>
    /// <param name="options">The bot. Read from here on; do not change it afterwards.</param>
    /// <param name="handler">Takes what comes; begun in the order of arrival.</param>
    /// <param name="clock">Time; null: the system's.</param>
    /// <param name="logger">Ids and reasons; never bodies or the secret.</param>
    /// <param name="random">Jitter of the reconnects; null: the shared one.</param>
    /// <param name="rateLimiter">Keeps to 30 messages a minute and conversation; null: one of its own. The 1,000 an hour are the platform's
    /// to refuse (45009).</param>
    /// <exception cref="ArgumentException">The options are not usable.</exception>
    public AiBotConnection(
        AiBotOptions options, AiBotHandler handler, TimeProvider? clock = null, ILogger<AiBotConnection>? logger = null, Random? random = null, IRateLimiter? rateLimiter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        options.Check(forSocket: true);
        (_options, _handler, _clock) = (options, handler, clock ?? TimeProvider.System);
        _rateLimiter = rateLimiter ?? new RateLimiter(_clock);
        _pauses = new ReconnectPauses(LongestPause, random);
        var limits = new SocketLimits
        {
            MaxInHand = options.MaxInHand, MaxWaiting = options.MaxWaiting, DrainTimeout = options.DrainTimeout, MaxFrameBytes = MaxFrameBytes, SendTimeout = options.AckTimeout,
        };
        _supervisor = new($"Long connection of bot {options.BotId}", options.BotId, limits, Metrics, _clock, logger ?? NullLogger<AiBotConnection>.Instance);
    }

    /// <inheritdoc cref="SocketSupervisor{TSession}.StateChanged"/>
    public event Action<SocketStatus>? StateChanged
    {
        add => _supervisor.StateChanged += value;
        remove => _supervisor.StateChanged -= value;
    }

    /// <summary>How it stands now.</summary>
    public SocketStatus Status => _supervisor.Status;

    /// <summary>
    /// Connects, stays connected, and returns when it is stopped; handlers at work go on and answer, for at most <see
    /// cref="AiBotOptions.DrainTimeout"/>, before the socket ends.
    /// </summary>
    /// <param name="stop">Stops it: the task then ends without an exception.</param>
    /// <exception cref="AiBotConnectionException">Refused, or replaced by another connection.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public Task RunAsync(CancellationToken stop) => _supervisor.RunAsync(context => new AiBotProtocol(_options, _handler, _pauses, context), stop);

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
        await WaitForPermitAsync(conversation, cancellationToken);
        await AskAsync("aibot_send_msg", AiBotSession.NewId("aibot_send_msg", _clock), body, cancellationToken);
    }

    /// <summary>Uploads a file, in pieces of 512 KB; good for 3 days.</summary>
    /// <remarks>Pieces are numbered from 0, as the official client does (its page's example begins at 1: CONFLICT).</remarks>
    /// <exception cref="WeComContentException">Too large, too small, or not of its kind; nothing was sent.</exception>
    /// <inheritdoc cref="RespondAsync" path="/exception"/>
    public async Task<UploadedMedia> UploadAsync(MediaKind kind, WeComFile file, CancellationToken cancellationToken = default)
    {
        MediaRules.Judge(kind, file);
        await _rateLimiter.WaitAsync($"wecom:aibot:{_options.BotId}:upload", new RateLimit(null, 30), cancellationToken);
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
    public override string ToString() => $"Long connection of bot {_options.BotId}, {Status.State}";

    internal async Task ReplyAsync(string command, AiBotDelivery delivery, JsonObject body, TimeSpan window, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        string request = delivery.RequestId ?? throw new InvalidOperationException("This delivery came by callback, not over the long connection.");
        InTime();
        await WaitForPermitAsync(delivery.Conversation, cancellationToken);
        // Frames of one request follow each other, each after the acknowledgement of the one before.
        using (await _order.EnterAsync(request, cancellationToken))
        {
            // Once more: the permit and the frames before may have taken longer than the window is.
            InTime();
            await AskAsync(command, request, body, cancellationToken);
        }

        void InTime()
        {
            if (_clock.GetUtcNow() > delivery.ReceivedAt + window) throw new AiBotLimitException(AiBotLimit.ReplyWindow, $"An answer is taken for {window}; send actively instead.");
        }
    }

    private async Task WaitForPermitAsync(string conversation, CancellationToken cancellationToken)
    {
        RateLimitBudget budget = AiBotBudgets.OfConversation(_options.BotId, conversation);
        await _rateLimiter.WaitAsync(budget.Key, budget.Limit, cancellationToken);
    }

    private async Task<AiBotFrame> AskAsync(string command, string request, JsonObject body, CancellationToken cancellationToken)
    {
        AiBotSession session = _supervisor.Current ?? throw new PlatformNetworkException("wecom", $"{command} was not sent: there is no long connection at present.", effectUnknown: false, timedOut: false) { Sent = false };
        try
        {
            AiBotFrame answer = await session.AskAsync(command, request, body, cancellationToken);
            WeComTelemetry.Calls.Called(command, "ok");
            return answer;
        }
        catch (WeComApiException refused)
        {
            WeComTelemetry.Calls.Called(command, CallMetrics.OutcomeOf(refused));
            throw refused.Code switch
            {
                846605 => new AiBotLimitException(AiBotLimit.ReplyWindow, refused.Message, refused),
                846608 => new AiBotLimitException(AiBotLimit.StreamLife, refused.Message, refused),
                _ => refused,
            };
        }
        catch (PlatformNetworkException)
        {
            WeComTelemetry.Calls.Called(command, "network");
            throw;
        }
    }
}
