using System.Net.WebSockets;
using Larkspur.Sockets;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>One connection: frames in JSON, each delivery answered under its message id.</summary>
internal sealed partial class StreamSession(WebSocket socket, string host, SocketContext context, DingTalkStreamHandler handler,
    AckMemory memory, DingTalkUsage usage)
    : SocketSession(socket, host, context)
{
    /// <summary>For cards, a later answer is none to the platform.</summary>
    private static readonly TimeSpan CardDeadline = TimeSpan.FromSeconds(2);

    protected override void Receive(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        if (StreamFrame.Read(message) is not { } frame)
        {
            Context.Metrics.Frame("malformed");
            NoFrame(Context.Logger, message.Length, Context.Name);
            return;
        }

        Heard(proves: true);
        if (frame.Type == "SYSTEM") TakeSystem(frame);
        else if (frame.Type is "EVENT" or "CALLBACK") TakeDelivery(frame);
        else Refuse(frame, DingTalkAck.NotHandled);
    }

    private void TakeSystem(StreamFrame frame)
    {
        switch (frame.Topic)
        {
            case "ping":
                Context.Metrics.Frame("ping");
                _ = SendAsync(frame.Pong());
                break;
            case "disconnect":
                Context.Metrics.Frame("disconnect");
                PlatformWillClose(Context.Logger, Context.Name);
                Leave();
                break;
            default: // CONNECTED, REGISTERED, KEEPALIVE: the Node client waits for these, nobody answers them
                Context.Metrics.Frame("system");
                break;
        }
    }

    private void TakeDelivery(StreamFrame frame)
    {
        // Without an answer it goes to another connection, or comes again.
        if (IsClosing) return;
        long started = Context.Clock.GetTimestamp();
        if (frame.Delivery() is not { } delivery)
        {
            DingTalkReceiver.Count("malformed");
            Refuse(frame, DingTalkAck.Malformed);
            return;
        }

        Context.Metrics.Frame(frame.Type == "EVENT" ? "event" : "callback");
        DingTalkReceiver.Count("delivered");
        Context.Status.Delivered();
        if (!(delivery.Kind == DingTalkDeliveryKind.Event && DingTalkUsage.IsFreeEvent(delivery.Type))) usage.Count(DingTalkUseKind.Delivery, delivery.Type);
        bool isNew = memory.TryBegin(delivery, out RememberedAck entry);
        if (!isNew) Context.Metrics.Frame("repeat");
        if (isNew ? Context.Queue.TryRun(stopped => HandleAsync(delivery, entry, started, stopped)) : Context.Queue.TryRun(_ => RepeatAsync(delivery, entry, started), onlyWaits: true)) return;
        DeliveryTurnedAway(Context.Logger, delivery.Type, delivery.Id, Context.Name);
        DingTalkAck later = DingTalkAck.Later("too many are at work");
        if (isNew) memory.End(entry, later);
        _ = AnswerAsync(delivery, later, started);
    }

    private void Refuse(StreamFrame frame, DingTalkAck ack)
    {
        Context.Metrics.Frame("malformed");
        Context.Metrics.Ack(ack.Code == 404 ? "404" : "400");
        FrameRefused(Context.Logger, frame.MessageId, frame.Type, frame.Topic, Context.Name, ack.Message);
        _ = SendAsync(StreamFrame.Answer(frame.MessageId, ack.Code, ack.Message, "{}"));
    }

    private async Task HandleAsync(DingTalkDelivery delivery, RememberedAck entry, long started, CancellationToken stopped)
    {
        DingTalkAck ack;
        try
        {
            ack = await handler(delivery, stopped);
        }
        catch (Exception e)
        {
            HandlerFailed(Context.Logger, delivery.Type, delivery.Id, e);
            ack = DingTalkAck.Failed;
        }

        memory.End(entry, ack);
        await AnswerAsync(delivery, ack, started);
    }

    private async Task RepeatAsync(DingTalkDelivery delivery, RememberedAck entry, long started) => await AnswerAsync(delivery, await entry.Answer.Task, started);

    private async Task AnswerAsync(DingTalkDelivery delivery, DingTalkAck ack, long started)
    {
        bool late = delivery.Kind == DingTalkDeliveryKind.CardCallback && Context.Clock.GetElapsedTime(started) > CardDeadline;
        byte[] frame;
        try
        {
            frame = StreamFrame.Answer(delivery.MessageId, ack.CodeFor(delivery.Kind), ack.Message, ack.DataFor(delivery.Kind));
        }
        catch (Exception e) when (e is NotSupportedException or System.Text.Json.JsonException)
        {
            AnswerNotWritable(Context.Logger, delivery.Type, delivery.Id, e);
            frame = StreamFrame.Answer(delivery.MessageId, 500, "answer failed", "{}");
        }

        bool sent = await SendAsync(frame) == SocketSendResult.Sent;
        Context.Metrics.Ack(!sent ? "lost" : late ? "late" : ack.IsLater ? "later" : ack.Code switch { 200 => "200", 404 => "404", 400 => "400", _ => "500" });
        await ReportAsync(ack.AnswerSent, sent && !late, delivery.Id);
    }

    private Task<SocketSendResult> SendAsync(byte[] frame) => SendAsync(frame, WebSocketMessageType.Text);

    [LoggerMessage(LogLevel.Warning, "A message of {Bytes} bytes on {Connection} is no frame")]
    private static partial void NoFrame(ILogger logger, int bytes, string connection);
    [LoggerMessage(LogLevel.Information, "The platform will close {Connection}; another one is made first")]
    private static partial void PlatformWillClose(ILogger logger, string connection);
    [LoggerMessage(LogLevel.Warning, "Too many deliveries are at work; {Type} {Id} on {Connection} is turned away")]
    private static partial void DeliveryTurnedAway(ILogger logger, string type, string id, string connection);
    [LoggerMessage(LogLevel.Warning, "Frame {MessageId} ({Type} {Topic}) on {Connection} is refused: {Why}")]
    private static partial void FrameRefused(ILogger logger, string messageId, string type, string topic, string connection, string why);
    [LoggerMessage(LogLevel.Error, "The handler of {Type} {Id} failed")]
    private static partial void HandlerFailed(ILogger logger, string type, string id, Exception error);
    [LoggerMessage(LogLevel.Error, "The answer to {Type} {Id} cannot be written as JSON")]
    private static partial void AnswerNotWritable(ILogger logger, string type, string id, Exception error);
}
