using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection.Wire;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.LongConnection;

/// <summary>One connection from its handshake to its end: reads, answers, pings, and notices when nobody answers.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>A frame has one event or a part of one; a larger message is no frame of the platform's.</summary>
    private const int MaxFrameBytes = 2 << 20;

    private const int KeptBufferBytes = 256 << 10;

    /// <summary>The platform's: a later answer is none.</summary>
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(3);

    /// <summary>Who does not take a frame in this time takes nothing any more.</summary>
    private static readonly TimeSpan SendDeadline = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly int _service;
    private readonly SessionParts _parts;
    private readonly Reassembly _reassembly;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TaskCompletionSource<SessionEnd> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heard;
    private volatile bool _closing;

    public Session(WebSocket socket, int service, SessionParts parts)
    {
        (_socket, _service, _parts) = (socket, service, parts);
        _reassembly = new Reassembly(parts.Clock);
    }

    /// <summary>Something came over it that only the platform sends: it was of use.</summary>
    public bool HasHeard => Volatile.Read(ref _heard) > 0;

    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
    }

    /// <summary>Ends the connection: somebody knows better than its pings.</summary>
    public void GiveUp(SessionEnd why) => _given.TrySetResult(why);

    /// <summary>Until it ends, or is stopped: then what is in hand is finished first.</summary>
    /// <returns>Why it ended; null when it was stopped.</returns>
    public async Task<SessionEnd?> RunAsync(CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        Task<SessionEnd> reading = ReadAsync();
        Task<SessionEnd?> keeping = KeepAliveAsync(over.Token);
        try
        {
            Task first = await Task.WhenAny(reading, keeping, _given.Task, stopped.Task);
            if (first == stopped.Task)
            {
                await CloseAsync(reading);
                return null;
            }

            return first == reading ? await reading : first == _given.Task ? await _given.Task : await keeping;
        }
        finally
        {
            await over.CancelAsync();
            _socket.Abort();
            await reading;
            await keeping;
        }
    }

    private async Task CloseAsync(Task reading)
    {
        _closing = true; // what comes from now on is left: without an answer it goes to another connection, or comes again
        try
        {
            await _parts.InHand.WhenEmptyAsync().WaitAsync(_parts.Options.DrainTimeout, _parts.Clock);
        }
        catch (TimeoutException)
        {
            _parts.Logger.LogWarning("Handlers did not end within {Patience}; the connection of app {AppId} closes without their answers", _parts.Options.DrainTimeout, _parts.AppId);
        }

        using var patience = new CancellationTokenSource(ClosePatience, _parts.Clock);
        try
        {
            await _sending.WaitAsync(patience.Token);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
            finally
            {
                _sending.Release();
            }

            await reading.WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            _parts.Logger.LogDebug(e, "The platform did not say goodbye");
        }
    }

    private async Task<SessionEnd> ReadAsync()
    {
        // Runs from the start: what comes before the first ping counts too.
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
                    part = await _socket.ReceiveAsync(buffer.GetMemory(4 << 10), CancellationToken.None);
                    if (part.MessageType == WebSocketMessageType.Close) return Closed();
                    buffer.Advance(part.Count);
                    // After the last piece too: the buffer may take more in one of them than the bound leaves.
                    if (buffer.WrittenCount > MaxFrameBytes) return new SessionEnd("broken", $"a frame has more than {MaxFrameBytes} bytes");
                }
                while (!part.EndOfMessage);

                if (part.MessageType == WebSocketMessageType.Binary) Take(buffer.WrittenSpan);
                else LongConnectionTelemetry.Frame("text");
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

    private SessionEnd Closed() => new("closed", $"the platform closed the connection ({(int?)_socket.CloseStatus} {ConnectCodes.Short(_socket.CloseStatusDescription)})");

    private void Take(ReadOnlySpan<byte> message)
    {
        Frame frame;
        try
        {
            frame = Frame.Parser.ParseFrom(message);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            // Broken, or without a field that the format requires.
            LongConnectionTelemetry.Frame("malformed");
            _parts.Logger.LogWarning("A message of {Bytes} bytes on the connection of app {AppId} is no frame ({Reason})", message.Length, _parts.AppId, e.Message);
            return;
        }

        Interlocked.Increment(ref _heard);
        string? type = FrameHeaders.Find(frame, FrameHeaders.Type);
        if (frame.Method == FrameHeaders.Control && type == FrameHeaders.Pong) TakePong(frame);
        else if (frame.Method == FrameHeaders.Data && type == FrameHeaders.Event) TakeEvent(frame);
        else LongConnectionTelemetry.Frame("other"); // "card" among them: both official clients leave those, card clicks come as events
    }

    private void TakePong(Frame frame)
    {
        LongConnectionTelemetry.Frame("pong");
        _parts.Watch.Ponged();
        _parts.Pace.Set(_parts.Pace.Config.With(frame.Payload.Memory));
    }

    private void TakeEvent(Frame frame)
    {
        if (_closing) return;
        LongConnectionTelemetry.Frame("event");
        long started = _parts.Clock.GetTimestamp();
        Reassembled reassembled = _reassembly.Take(frame, out ReadOnlyMemory<byte> payload);
        if (reassembled == Reassembled.Waiting) return;
        FeishuReception reception = reassembled == Reassembled.Whole ? _parts.Receiver.ReceiveFrame(payload.Span)
            : FeishuReception.Refused(reassembled == Reassembled.TooLarge ? FeishuRefusal.TooLarge : FeishuRefusal.Malformed);
        if (reception.Delivery is not { } delivery)
        {
            _parts.Logger.LogWarning("A push on the connection of app {AppId} is refused: {Refusal}", _parts.AppId, reception.Refusal);
            _ = AnswerAsync(frame, static (_, _) => new(FeishuAck.Failed), null, started);
            return;
        }

        _parts.Watch.EventCame();
        if (_parts.InHand.TryEnter()) _ = HandleAsync(frame, delivery, started);
        else
        {
            _parts.Logger.LogWarning("Too many events are at work; {EventId} of app {AppId} is asked for again", delivery.EventId, _parts.AppId);
            _ = AnswerAsync(frame, static (_, _) => new(FeishuAck.Failed), delivery, started);
        }
    }

    private async Task HandleAsync(Frame frame, FeishuDelivery delivery, long started)
    {
        try
        {
            await AnswerAsync(frame, _parts.Handler, delivery, started);
        }
        finally
        {
            _parts.InHand.Leave();
        }
    }

    private async Task AnswerAsync(Frame frame, FeishuDeliveryHandler handler, FeishuDelivery? delivery, long started)
    {
        FeishuAck ack;
        try
        {
            ack = await handler(delivery!, _parts.Stopped);
        }
        catch (Exception e)
        {
            _parts.Logger.LogError(e, "The handler of {EventType} {EventId} failed; the platform is asked to send it again", delivery?.EventType, delivery?.EventId);
            ack = FeishuAck.Failed;
        }

        TimeSpan took = _parts.Clock.GetElapsedTime(started);
        bool late = took > AnswerDeadline;
        bool left = await SendAsync(AnswerTo(frame, ack, took));
        LongConnectionTelemetry.Ack(!left ? "lost" : late ? "late" : ack.Code == 200 ? "200" : "500");
        if (ack.Settled is not { } settled) return;
        try
        {
            await settled(left && !late);
        }
        catch (Exception e)
        {
            _parts.Logger.LogError(e, "What was to be done after the answer to {EventId} failed", delivery?.EventId);
        }
    }

    /// <summary>The same frame, with the time it took and the answer in place of its payload.</summary>
    private static Frame AnswerTo(Frame frame, FeishuAck ack, TimeSpan took)
    {
        frame.Headers.Add(new Header { Key = FrameHeaders.HandlingTime, Value = ((long)took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) });
        string data = ack.Body is { } body ? $",\"data\":\"{Convert.ToBase64String(body.Span)}\"" : "";
        frame.Payload = ByteString.CopyFrom($"{{\"code\":{ack.Code.ToString(CultureInfo.InvariantCulture)}{data}}}", Encoding.UTF8);
        return frame;
    }

    /// <summary>Pings at once and at the platform's interval; ends when a ping goes without any sign of life for too long.</summary>
    private async Task<SessionEnd?> KeepAliveAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                long heard = Volatile.Read(ref _heard);
                long sent = _parts.Clock.GetTimestamp();
                if (!await SendAsync(FrameHeaders.PingOf(_service))) return new SessionEnd("broken", "a ping could not be sent");
                while (true)
                {
                    Task changed = _parts.Pace.Changed;
                    TimeSpan interval = _parts.Pace.Config.PingInterval;
                    TimeSpan patience = _parts.Options.PongTimeout < interval ? _parts.Options.PongTimeout : interval;
                    TimeSpan passed = _parts.Clock.GetElapsedTime(sent);
                    bool answered = Volatile.Read(ref _heard) != heard;
                    if (!answered && passed >= patience) return new SessionEnd("deaf", $"a ping had no answer for {patience.TotalSeconds:0} s") { IsDeaf = true };
                    if (answered && passed >= interval) break;
                    TimeSpan left = (answered ? interval : patience) - passed;
                    await Task.WhenAny(Task.Delay(left, _parts.Clock, over), changed);
                    over.ThrowIfCancellationRequested();
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <returns>False when the connection has ended.</returns>
    private async Task<bool> SendAsync(Frame frame)
    {
        byte[] bytes = frame.ToByteArray();
        using var deadline = new CancellationTokenSource(SendDeadline, _parts.Clock);
        try
        {
            await _sending.WaitAsync(deadline.Token);
            try
            {
                // Should the time run out here, the socket is aborted: half a frame would garble all that follow.
                await _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, deadline.Token);
                return true;
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            _parts.Logger.LogDebug("A frame to app {AppId}'s connection could not be sent ({Reason})", _parts.AppId, e.Message);
            GiveUp(new SessionEnd("broken", "a frame could not be sent"));
            return false;
        }
    }
}

/// <summary>What all connections of a run share.</summary>
internal sealed record SessionParts(string AppId, FeishuEventReceiver Receiver, FeishuDeliveryHandler Handler, FeishuLongConnectionOptions Options, LivePace Pace, InHand InHand,
    ConnectionWatch Watch, TimeProvider Clock, ILogger Logger, CancellationToken Stopped);

/// <summary>Why a connection ended.</summary>
/// <param name="Reason">A word for figures.</param>
/// <param name="Text">For people.</param>
internal sealed record SessionEnd(string Reason, string Text)
{
    /// <summary>It looked alive.</summary>
    public bool IsDeaf { get; init; }
}
