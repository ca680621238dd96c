using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection.Wire;
using Larkspur.Sockets;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.LongConnection;

/// <summary>One connection: frames in protobuf, each answered by the same frame with the outcome in place of its payload.</summary>
internal sealed partial class LongConnectionSession(
    WebSocket socket, SocketAddress address, SocketContext context, FeishuEventReceiver receiver, FeishuDeliveryHandler handler, CurrentClientConfig config, TimeSpan pongTimeout)
    : SocketSession(socket, address.ToString(), context)
{
    /// <summary>A later answer is none to the platform.</summary>
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(3);

    private readonly Reassembly _reassembly = new(context.Clock);

    /// <summary>At the platform's interval, the first at once.</summary>
    protected override Heartbeat Heartbeat => new(
        () => SendAsync(FrameHeaders.PingOf(address.Service)),
        () =>
        {
            Task changed = config.Changed;
            TimeSpan interval = config.Value.PingInterval;
            return new HeartbeatTiming(interval, pongTimeout < interval ? pongTimeout : interval, changed);
        },
        PingsAtOnce: true);

    protected override void Receive(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        if (type != WebSocketMessageType.Binary)
        {
            Context.Metrics.Frame("text");
            return;
        }

        Frame frame;
        try
        {
            frame = Frame.Parser.ParseFrom(message.Span);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            // Broken, or without a field that the format requires.
            Context.Metrics.Frame("malformed");
            NoFrame(Context.Logger, message.Length, Context.Name, e.Message);
            return;
        }

        Heard();
        string? kind = FrameHeaders.Find(frame, FrameHeaders.Type);
        if (frame.Method == FrameHeaders.Control && kind == FrameHeaders.Pong) TakePong(frame);
        else if (frame.Method == FrameHeaders.Data && kind == FrameHeaders.Event) TakeEvent(frame);
        else Context.Metrics.Frame("other"); // "card" among them: both official clients leave those, card clicks come as events
    }

    /// <summary>The same frame, with the time it took and the answer in place of its payload.</summary>
    private static Frame AnswerTo(Frame frame, FeishuAck ack, TimeSpan took)
    {
        frame.Headers.Add(new Header { Key = FrameHeaders.HandlingTime, Value = ((long)took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) });
        string data = ack.Body is { } body ? $",\"data\":\"{Convert.ToBase64String(body.Span)}\"" : "";
        frame.Payload = ByteString.CopyFrom($"{{\"code\":{ack.Code.ToString(CultureInfo.InvariantCulture)}{data}}}", Encoding.UTF8);
        return frame;
    }

    private void TakePong(Frame frame)
    {
        Context.Metrics.Frame("pong");
        Context.Status.Ponged();
        config.Set(config.Value.With(frame.Payload.Memory));
    }

    private void TakeEvent(Frame frame)
    {
        // Without an answer it goes to another connection, or comes again.
        if (IsClosing) return;
        Context.Metrics.Frame("event");
        long started = Context.Clock.GetTimestamp();
        Reassembled reassembled = _reassembly.Take(frame, out ReadOnlyMemory<byte> payload);
        if (reassembled == Reassembled.Waiting) return;
        FeishuReception reception = reassembled == Reassembled.Whole ? receiver.ReceiveFrame(payload.Span)
            : FeishuReception.Refused(reassembled == Reassembled.TooLarge ? FeishuRefusal.TooLarge : FeishuRefusal.Malformed);
        if (reception.Delivery is not { } delivery)
        {
            PushRefused(Context.Logger, Context.Name, reception.Refusal);
            _ = AnswerAsync(frame, FeishuAck.Failed, null, started);
            return;
        }

        Context.Status.Delivered();
        if (Context.Queue.TryRun(stopped => HandleAsync(frame, delivery, started, stopped))) return;
        EventAskedForAgain(Context.Logger, delivery.EventId, Context.Name);
        _ = AnswerAsync(frame, FeishuAck.Failed, delivery, started);
    }

    private async Task HandleAsync(Frame frame, FeishuDelivery delivery, long started, CancellationToken stopped)
    {
        FeishuAck ack;
        try
        {
            ack = await handler(delivery, stopped);
        }
        catch (Exception e)
        {
            HandlerFailed(Context.Logger, delivery.EventType, delivery.EventId, e);
            ack = FeishuAck.Failed;
        }

        await AnswerAsync(frame, ack, delivery, started);
    }

    private async Task AnswerAsync(Frame frame, FeishuAck ack, FeishuDelivery? delivery, long started)
    {
        TimeSpan took = Context.Clock.GetElapsedTime(started);
        bool late = took > AnswerDeadline;
        bool sent = await SendAsync(AnswerTo(frame, ack, took)) == SocketSendResult.Sent;
        Context.Metrics.Ack(!sent ? "lost" : late ? "late" : ack.Code == 200 ? "200" : "500");
        await ReportAsync(ack.AnswerSent, sent && !late, delivery?.EventId);
    }

    private Task<SocketSendResult> SendAsync(Frame frame) => SendAsync(frame.ToByteArray(), WebSocketMessageType.Binary);

    [LoggerMessage(LogLevel.Warning, "A message of {Bytes} bytes on {Connection} is no frame ({Reason})")]
    private static partial void NoFrame(ILogger logger, int bytes, string connection, string reason);
    [LoggerMessage(LogLevel.Warning, "A push on {Connection} is refused: {Refusal}")]
    private static partial void PushRefused(ILogger logger, string connection, FeishuRefusal refusal);
    [LoggerMessage(LogLevel.Warning, "Too many events are at work; {EventId} on {Connection} is asked for again")]
    private static partial void EventAskedForAgain(ILogger logger, string eventId, string connection);
    [LoggerMessage(LogLevel.Error, "The handler of {EventType} {EventId} failed; the platform is asked to send it again")]
    private static partial void HandlerFailed(ILogger logger, string eventType, string eventId, Exception error);
}
