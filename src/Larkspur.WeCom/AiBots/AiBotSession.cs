using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Sockets;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.AiBots;

/// <summary>One socket of a bot: frames out and their acknowledgements, messages and events in.</summary>
internal sealed partial class AiBotSession(WebSocket socket, string host, AiBotOptions options, AiBotHandler handler,
    SocketContext context) : SocketSession(socket, host, context)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<AiBotFrame>> _waiting = new(StringComparer.Ordinal);
    private volatile AiBotConnectionException? _refusal;

    /// <summary>Set when another connection took the bot over, whatever else this session ended of.</summary>
    public override SocketRefusedException? Refusal => _refusal;

    /// <summary>The bot's own; two in a row without an answer end the connection.</summary>
    protected override Heartbeat Heartbeat => new(
        () => SendAsync(AiBotFrame.Write("ping", NewId("ping", Context.Clock), null), WebSocketMessageType.Text),
        () => new HeartbeatTiming(options.HeartbeatInterval, 2 * options.HeartbeatInterval, null),
        PingsAtOnce: false);

    /// <summary>As the official client makes them: the acknowledgement is recognised by its beginning.</summary>
    public static string NewId(string command, TimeProvider clock)
        => $"{command}_{clock.GetUtcNow().ToUnixTimeMilliseconds()}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    /// <summary>Sends a frame and waits for its acknowledgement. One at a time for one request id.</summary>
    /// <exception cref="WeComApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">The connection ended, or no acknowledgement came in time.</exception>
    public async Task<AiBotFrame> AskAsync(string command, string requestId, JsonObject body, CancellationToken cancellationToken)
    {
        // The subscription is asked for before the session runs.
        _ = StartReading();
        var waiting = new TaskCompletionSource<AiBotFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(requestId, waiting)) throw new InvalidOperationException("A frame of this request is on its way already.");
        AiBotFrame answer;
        try
        {
            // After the entry is there: an end from here on finds it.
            SocketSendResult sent = HasEnded ? SocketSendResult.NotSent : await SendAsync(AiBotFrame.Write(command, requestId, body), WebSocketMessageType.Text, cancellationToken);
            if (sent != SocketSendResult.Sent) throw Gone(sent == SocketSendResult.Unknown);
            answer = await waiting.Task.WaitAsync(options.AckTimeout, Context.Clock, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new PlatformNetworkException("wecom", $"{command} was not acknowledged within {options.AckTimeout}.", effectUnknown: true, timedOut: true, exception);
        }
        finally
        {
            _waiting.TryRemove(requestId, out _);
        }

        if (answer.Code is not (null or 0)) throw WeComAnswer.Refusal(command, answer.Code.Value, answer.Message, 0, text => text);
        return answer;
    }

    protected override void Receive(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        if (AiBotFrame.Read(message.Span) is not { } frame)
        {
            Context.Metrics.Frame("malformed");
            NoFrame(Context.Logger, Context.Name, message.Length);
            return;
        }

        Heard();
        if (frame.Command.Length > 0) Take(frame);
        else if (frame.RequestId.StartsWith("ping", StringComparison.Ordinal)) TakePong();
        else if (_waiting.TryRemove(frame.RequestId, out TaskCompletionSource<AiBotFrame>? waiting)) waiting.TrySetResult(frame);
    }

    protected override void OnEnded()
    {
        foreach (string id in _waiting.Keys)
        {
            if (_waiting.TryRemove(id, out TaskCompletionSource<AiBotFrame>? waiting)) waiting.TrySetException(Gone(sent: true));
        }
    }

    private static PlatformNetworkException Gone(bool sent) => new("wecom",
        sent ? "The long connection ended before the platform acknowledged the frame." : "There is no long connection at present; nothing was sent.", effectUnknown: sent, timedOut: false) { Sent = sent };

    private void TakePong()
    {
        Context.Metrics.Frame("pong");
        Context.Status.Ponged();
    }

    private void Take(AiBotFrame frame)
    {
        if (frame.Command is not ("aibot_msg_callback" or "aibot_event_callback") || frame.Body is not { } body)
        {
            Context.Metrics.Frame("other");
            FramePassedOver(Context.Logger, Context.Name, frame.Command, frame.RequestId);
            return;
        }

        // As it came: half a surrogate pair is JSON that cannot be written anew.
        byte[] bytes = Encoding.UTF8.GetBytes(body.GetRawText());
        if (AiBotReader.Read(body, bytes, Context.Clock.GetUtcNow(), frame.RequestId) is not { } delivery)
        {
            Context.Metrics.Frame("malformed");
            NoMessage(Context.Logger, Context.Name, frame.RequestId);
            return;
        }

        Context.Metrics.Frame(frame.Command == "aibot_msg_callback" ? "message" : "event");
        Context.Status.Delivered();
        if (delivery.Content is BotReplaced) EndReplaced();
        // Also while the run is being stopped: the platform does not send it again.
        if (!Context.Queue.TryRun(stopped => HandleAsync(delivery, stopped)))
            MessageLeft(Context.Logger, Context.Name, delivery.Id);
    }

    private void EndReplaced()
    {
        _refusal = new AiBotConnectionException(AiBotConnectionFailure.Replaced, 0,
            "Another connection took the bot over. This one does not come back: the two would throw each other out for ever.");
        End(new SocketEnd("replaced", "another connection took the bot over"));
    }

    private async Task HandleAsync(AiBotDelivery delivery, CancellationToken stopped)
    {
        try
        {
            await handler(delivery, stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // It was told to end.
        }
        catch (Exception exception)
        {
            HandlerFailed(Context.Logger, delivery.Id, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Connection} received {Bytes} bytes that are no frame")]
    private static partial void NoFrame(ILogger logger, string connection, int bytes);
    [LoggerMessage(LogLevel.Debug, "{Connection} passed over a frame of no kind that it takes: {Command}, request {RequestId}")]
    private static partial void FramePassedOver(ILogger logger, string connection, string command, string requestId);
    [LoggerMessage(LogLevel.Warning, "{Connection} received a frame that is no message: request {RequestId}")]
    private static partial void NoMessage(ILogger logger, string connection, string requestId);
    [LoggerMessage(LogLevel.Error,
        "{Connection} left message {MessageId}: too many wait already, or it stops; the platform does not send it again")]
    private static partial void MessageLeft(ILogger logger, string connection, string messageId);
    [LoggerMessage(LogLevel.Error, "The handler of bot message {MessageId} failed; the platform does not send it again")]
    private static partial void HandlerFailed(ILogger logger, string messageId, Exception error);
}
