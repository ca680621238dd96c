using System.Buffers;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>One connection from its handshake to its end: reads and answers.</summary>
internal sealed class StreamSession(WebSocket socket, StreamParts parts) : IDisposable
{
    /// <summary>A frame has one delivery; a larger message is no frame of the platform's.</summary>
    private const int MaxFrameBytes = 2 << 20;

    private const int KeptBufferBytes = 256 << 10;

    /// <summary>The platform's, for cards: a later answer is none.</summary>
    private static readonly TimeSpan CardDeadline = TimeSpan.FromSeconds(2);

    /// <summary>Who does not take a frame in this time takes nothing any more.</summary>
    private static readonly TimeSpan SendDeadline = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly TaskCompletionSource _leaving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SessionEnd> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _closing;

    /// <summary>Ends when the platform announces that it will close this connection: another one has to be made first.</summary>
    public Task Leaving => _leaving.Task;

    public void Dispose()
    {
        socket.Abort();
        socket.Dispose();
        // Not _sending: an answer may be on its way to find out that there is no connection any more.
    }

    /// <summary>Until it ends.</summary>
    /// <param name="stop">Takes nothing more, finishes what is in hand, closes.</param>
    /// <param name="retire">Another connection has taken its place: it is left open for its last answers, for a while.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken stop, CancellationToken retire)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var retired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration onStop = stop.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), stopped);
        using CancellationTokenRegistration onRetire = retire.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), retired);
        Task<SessionEnd> reading = ReadAsync();
        try
        {
            Task first = await Task.WhenAny(reading, _broken.Task, stopped.Task, PatienceAsync(retired.Task));
            if (first == reading) return await reading;
            if (first == _broken.Task) return await _broken.Task;
            await CloseAsync(reading, drain: first == stopped.Task);
            return first == stopped.Task ? new SessionEnd("stopped", "it was stopped") : new SessionEnd("replaced", "another connection has taken its place");
        }
        finally
        {
            socket.Abort();
            await reading;
        }
    }

    /// <summary>The platform closes the old connection by itself; should it forget, we do.</summary>
    private async Task PatienceAsync(Task retired)
    {
        await retired;
        await Task.WhenAny(Task.Delay(parts.Options.RetireTimeout, parts.Clock, parts.Stopped), _broken.Task);
    }

    private async Task CloseAsync(Task reading, bool drain)
    {
        _closing = true; // what comes from now on is left: without an answer it goes to another connection, or comes again
        if (drain)
        {
            try
            {
                await parts.InHand.WhenEmptyAsync().WaitAsync(parts.Options.DrainTimeout, parts.Clock);
            }
            catch (TimeoutException)
            {
                parts.Logger.LogWarning("Handlers did not end within {Patience}; the stream of app {ClientId} closes without their answers", parts.Options.DrainTimeout, parts.ClientId);
            }
        }

        using var patience = new CancellationTokenSource(ClosePatience, parts.Clock);
        try
        {
            await _sending.WaitAsync(patience.Token);
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
            finally
            {
                _sending.Release();
            }

            await reading.WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            parts.Logger.LogDebug(e, "The platform did not say goodbye");
        }
    }

    private async Task<SessionEnd> ReadAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(8 << 10);
        try
        {
            while (true)
            {
                if (buffer.Capacity > KeptBufferBytes) buffer = new ArrayBufferWriter<byte>(8 << 10);
                buffer.ResetWrittenCount();
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.GetMemory(4 << 10), CancellationToken.None);
                    if (part.MessageType == WebSocketMessageType.Close) return new SessionEnd("closed", $"the platform closed the connection ({(int?)socket.CloseStatus})");
                    buffer.Advance(part.Count);
                    // After the last piece too: the buffer may take more in one of them than the bound leaves.
                    if (buffer.WrittenCount > MaxFrameBytes) return new SessionEnd("broken", $"a frame has more than {MaxFrameBytes} bytes");
                }
                while (!part.EndOfMessage);

                Take(buffer.WrittenMemory);
            }
        }
        catch (WebSocketException e)
        {
            return new SessionEnd("broken", $"the connection broke ({e.WebSocketErrorCode})");
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            return new SessionEnd("broken", "the connection was given up");
        }
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        if (StreamFrame.Read(message) is not { } frame)
        {
            StreamTelemetry.Frame("malformed");
            parts.Logger.LogWarning("A message of {Bytes} bytes on the stream of app {ClientId} is no frame", message.Length, parts.ClientId);
            return;
        }

        parts.Watch.Heard();
        if (frame.Type == "SYSTEM") TakeSystem(frame);
        else if (frame.Type is "EVENT" or "CALLBACK") TakeDelivery(frame);
        else Refuse(frame, DingTalkAck.NotHandled);
    }

    private void TakeSystem(StreamFrame frame)
    {
        switch (frame.Topic)
        {
            case "ping":
                StreamTelemetry.Frame("ping");
                _ = SendAsync(frame.Pong());
                break;
            case "disconnect":
                StreamTelemetry.Frame("disconnect");
                parts.Logger.LogInformation("The platform will close the connection of app {ClientId}; another one is made first", parts.ClientId);
                _leaving.TrySetResult();
                break;
            default: // CONNECTED, REGISTERED, KEEPALIVE: the Node client waits for these, nobody answers them
                StreamTelemetry.Frame("system");
                break;
        }
    }

    private void TakeDelivery(StreamFrame frame)
    {
        if (_closing) return;
        long started = parts.Clock.GetTimestamp();
        if (frame.Delivery() is not { } delivery)
        {
            DingTalkReceiver.Count("malformed");
            Refuse(frame, DingTalkAck.Malformed);
            return;
        }

        StreamTelemetry.Frame(frame.Type == "EVENT" ? "event" : "callback");
        DingTalkReceiver.Count("delivered");
        parts.Watch.Delivered();
        if (!(delivery.Kind == DingTalkDeliveryKind.Event && DingTalkUsage.IsFreeEvent(delivery.Type))) parts.Usage.Count(DingTalkUseKind.Delivery, delivery.Type);
        if (!parts.InHand.TryEnter())
        {
            parts.Logger.LogWarning("Too many deliveries are at work; {Type} {Id} of app {ClientId} is turned away", delivery.Type, delivery.Id, parts.ClientId);
            _ = AnswerAsync(delivery, DingTalkAck.Later("too many are at work"), started);
            return;
        }

        if (parts.Memory.TryBegin(delivery, out Remembered entry))
        {
            _ = HandleAsync(delivery, entry, started);
        }
        else
        {
            StreamTelemetry.Frame("repeat");
            _ = RepeatAsync(delivery, entry, started);
        }
    }

    private void Refuse(StreamFrame frame, DingTalkAck ack)
    {
        StreamTelemetry.Frame("malformed");
        StreamTelemetry.Ack(ack.Code == 404 ? "404" : "400");
        parts.Logger.LogWarning("Frame {MessageId} ({Type} {Topic}) on the stream of app {ClientId} is refused: {Why}", frame.MessageId, frame.Type, frame.Topic, parts.ClientId, ack.Message);
        _ = SendAsync(StreamFrame.Answer(frame.MessageId, ack.Code, ack.Message, "{}"));
    }

    private async Task HandleAsync(DingTalkDelivery delivery, Remembered entry, long started)
    {
        try
        {
            DingTalkAck ack = await RunHandlerAsync(delivery);
            parts.Memory.End(entry, ack);
            await AnswerAsync(delivery, ack, started);
        }
        finally
        {
            parts.InHand.Leave();
        }
    }

    private async Task RepeatAsync(DingTalkDelivery delivery, Remembered entry, long started)
    {
        try
        {
            await AnswerAsync(delivery, await entry.Answer.Task, started);
        }
        finally
        {
            parts.InHand.Leave();
        }
    }

    private async Task<DingTalkAck> RunHandlerAsync(DingTalkDelivery delivery)
    {
        try
        {
            await parts.InHand.TurnAsync(parts.Stopped);
        }
        catch (OperationCanceledException)
        {
            return DingTalkAck.Later("stopping");
        }

        try
        {
            return await parts.Handler(delivery, parts.Stopped);
        }
        catch (Exception e)
        {
            parts.Logger.LogError(e, "The handler of {Type} {Id} failed", delivery.Type, delivery.Id);
            return DingTalkAck.Failed;
        }
        finally
        {
            parts.InHand.EndTurn();
        }
    }

    private async Task AnswerAsync(DingTalkDelivery delivery, DingTalkAck ack, long started)
    {
        bool late = delivery.Kind == DingTalkDeliveryKind.CardCallback && parts.Clock.GetElapsedTime(started) > CardDeadline;
        byte[] frame;
        try
        {
            frame = StreamFrame.Answer(delivery.MessageId, ack.CodeFor(delivery.Kind), ack.Message, ack.DataFor(delivery.Kind));
        }
        catch (Exception e) when (e is NotSupportedException or System.Text.Json.JsonException)
        {
            parts.Logger.LogError(e, "The answer to {Type} {Id} cannot be written as JSON", delivery.Type, delivery.Id);
            frame = StreamFrame.Answer(delivery.MessageId, 500, "answer failed", "{}");
        }

        bool left = await SendAsync(frame);
        StreamTelemetry.Ack(!left ? "lost" : late ? "late" : ack.IsLater ? "later" : ack.Code switch { 200 => "200", 404 => "404", 400 => "400", _ => "500" });
        if (ack.Settled is not { } settled) return;
        try
        {
            await settled(left && !late);
        }
        catch (Exception e)
        {
            parts.Logger.LogError(e, "What was to be done after the answer to {Id} failed", delivery.Id);
        }
    }

    /// <returns>False when the connection has ended.</returns>
    private async Task<bool> SendAsync(byte[] frame)
    {
        using var deadline = new CancellationTokenSource(SendDeadline, parts.Clock);
        try
        {
            await _sending.WaitAsync(deadline.Token);
            try
            {
                // Should the time run out here, the socket is aborted: half a frame would garble all that follow.
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
                return true;
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            parts.Logger.LogDebug("A frame to app {ClientId}'s stream could not be sent ({Reason})", parts.ClientId, e.Message);
            _broken.TrySetResult(new SessionEnd("broken", "a frame could not be sent"));
            return false;
        }
    }
}

/// <summary>What all connections of a run share.</summary>
internal sealed record StreamParts(string ClientId, DingTalkStreamHandler Handler, DingTalkStreamOptions Options, InHand InHand, AckMemory Memory, StreamWatch Watch, DingTalkUsage Usage,
    TimeProvider Clock, ILogger Logger, CancellationToken Stopped);

/// <summary>Why a connection ended.</summary>
/// <param name="Reason">A word for figures.</param>
/// <param name="Text">For people.</param>
internal sealed record SessionEnd(string Reason, string Text);
