using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>One open socket of an app: answers pings, carries events out and answers in, and notices when the other side is gone.</summary>
public sealed class SocketConnection : IDisposable
{
    private const int MostMessageBytes = 1 << 20;
    private const int MostDelayedPongs = 64;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastIdle = TimeSpan.FromSeconds(15);

    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private readonly Func<ClientConfig> _config;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Frame?>> _waiting = [];
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _idle;
    private long _seqId;
    private int _delayedPongs;
    private TimeSpan _idleAfter;

    internal SocketConnection(string id, SocketTicket ticket, WebSocket socket, Func<ClientConfig> config, TimeProvider time, DateTimeOffset opened)
    {
        (Id, AppId, DeviceId, ServiceId, _socket, _config, _time, Opened) = (id, ticket.AppId, ticket.DeviceId, ticket.ServiceId, socket, config, time, opened);
        _idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Told(config());
    }

    public string Id { get; }

    public string AppId { get; }

    public string DeviceId { get; }

    public int ServiceId { get; }

    public DateTimeOffset Opened { get; }

    /// <summary>Deaf: pings are answered, events are swallowed.</summary>
    public bool Frozen { get; set; }

    /// <summary>How long a pong waits, in real time; <see langword="null"/>: for ever.</summary>
    public TimeSpan? PongDelay { get; set; } = TimeSpan.Zero;

    public int Pings { get; private set; }

    public int Pongs { get; private set; }

    /// <summary>Data frames written.</summary>
    public int FramesOut { get; private set; }

    /// <summary>Events that were answered in time.</summary>
    public int Answered { get; private set; }

    /// <summary>Data frames that answer nothing that is waited for: too late, or to nothing ever sent.</summary>
    public int Strays { get; private set; }

    /// <summary>In words, why it ended; <see langword="null"/> while it is open.</summary>
    public string? Ended { get; private set; }

    public int Waiting => _waiting.Count;

    public ulong NextSeqId() => (ulong)Interlocked.Increment(ref _seqId);

    /// <summary>Receives until the socket ends; then nothing that waits for an answer gets one.</summary>
    /// <returns>In words, why it ended.</returns>
    public async Task<string> RunAsync()
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _idle.Token);
            Ended = await ReceiveAsync(either.Token);
        }
        catch (BadFrameException bad)
        {
            Ended = "bad frame: " + bad.Message;
            await ByeAsync(WebSocketCloseStatus.ProtocolError, bad.Message);
        }
        catch (OperationCanceledException)
        {
            Ended ??= _idle.IsCancellationRequested ? $"nothing was heard for {_idleAfter.TotalSeconds:0} s" : "aborted";
        }
        catch (Exception broken) when (broken is WebSocketException or IOException)
        {
            Ended ??= "connection lost";
        }
        finally
        {
            Ended ??= "aborted";
            foreach (var waiting in _waiting.Values) waiting.TrySetResult(null);
        }

        return Ended;
    }

    /// <summary>Sends an event's frames and waits for the answer that carries its id.</summary>
    /// <returns>The answering frame; <see langword="null"/> when the connection ended before it came.</returns>
    internal async Task<Frame?> AskAsync(EventFrames frames, CancellationToken deadline)
    {
        var answer = new TaskCompletionSource<Frame?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[frames.MessageId] = answer;
        try
        {
            if (Ended is not null) return null;
            if (!Frozen) await SendAsync(frames, deadline);
            var frameBack = await answer.Task.WaitAsync(deadline);
            if (frameBack is not null) Answered++;
            return frameBack;
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(frames.MessageId, out _);
        }
    }

    /// <summary>Anything at all, as it stands: what no platform sends belongs to a client's tests too.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, bool asText, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(bytes, asText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, cancellationToken);
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Abort("connection lost");
        }
    }

    /// <summary>Says goodbye with a close frame and gives the other side a while to answer it.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason, TimeSpan? patience = null)
    {
        Ended ??= $"closed: {(int)status} {reason}".TrimEnd();
        await ByeAsync(status, reason);
        End(patience ?? Farewell);
    }

    /// <summary>Drops it without a word.</summary>
    public void Abort(string why = "aborted")
    {
        Ended ??= why;
        End(TimeSpan.Zero);
    }

    public void Dispose()
    {
        _end.Dispose();
        _idle.Dispose();
        _sending.Dispose();
    }

    private void End(TimeSpan after)
    {
        try
        {
            _end.CancelAfter(after);
        }
        catch (ObjectDisposedException)
        {
            // It ended on its own meanwhile.
        }
    }

    private async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var part = await _socket.ReceiveAsync(message.GetMemory(4096), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                var why = Ended ?? $"closed by the client: {(int?)_socket.CloseStatus}";
                await ByeAsync(WebSocketCloseStatus.NormalClosure, "");
                return why;
            }

            if (part.MessageType == WebSocketMessageType.Text)
            {
                await ByeAsync(WebSocketCloseStatus.InvalidMessageType, "binary messages only");
                return Ended ?? "a text message";
            }

            message.Advance(part.Count);
            if (message.WrittenCount > MostMessageBytes)
            {
                await ByeAsync(WebSocketCloseStatus.MessageTooBig, "larger than 1 MiB");
                return Ended ?? "a message larger than 1 MiB";
            }

            if (!part.EndOfMessage) continue;
            var frame = FrameReader.Read(message.WrittenSpan.ToArray());
            message.ResetWrittenCount();
            _idle.CancelAfter(_idleAfter);
            await TakeAsync(frame, cancellationToken);
        }
    }

    private async Task TakeAsync(Frame frame, CancellationToken cancellationToken)
    {
        if (frame.Method == Frame.Control && frame.Header(FrameHeader.Type) == "ping")
        {
            Pings++;
            if (PongDelay is not { } delay) return;
            if (delay <= TimeSpan.Zero) await PongAsync(frame, cancellationToken);
            else if (Interlocked.Increment(ref _delayedPongs) <= MostDelayedPongs) _ = PongLaterAsync(frame, delay, cancellationToken);
            else Interlocked.Decrement(ref _delayedPongs);
        }
        else if (frame.Method == Frame.Data)
        {
            if (frame.Header(FrameHeader.MessageId) is not { } id || !_waiting.TryGetValue(id, out var waiting) || !waiting.TrySetResult(frame)) Strays++;
        }
    }

    private async Task PongAsync(Frame ping, CancellationToken cancellationToken)
    {
        var config = _config();
        await SendAsync(FrameWriter.Write(new Frame
        {
            SeqId = ping.SeqId, LogId = ping.LogId, Service = ping.Service, Method = Frame.Control, Headers = [KeyValuePair.Create(FrameHeader.Type, "pong")],
            Payload = Encoding.UTF8.GetBytes(CanonicalJson.Write(config.ToJson())),
        }), WebSocketMessageType.Binary, cancellationToken);
        Pongs++;
        Told(config);
    }

    private async Task PongLaterAsync(Frame ping, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
            await PongAsync(ping, cancellationToken);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Abort("connection lost");
        }
        finally
        {
            Interlocked.Decrement(ref _delayedPongs);
        }
    }

    /// <summary>From now on the client is held to the ping interval it was told: three missed pings and it is gone. (The platform's own measure is UNVERIFIED.)</summary>
    private void Told(ClientConfig config)
    {
        var after = TimeSpan.FromSeconds(config.PingInterval) * 3;
        _idleAfter = after < LeastIdle ? LeastIdle : after;
        if (Ended is null) _idle.CancelAfter(_idleAfter);
    }

    /// <remarks>A message that is given up half-way leaves the socket useless: so a client that does not read is found here.</remarks>
    private async Task SendAsync(EventFrames frames, CancellationToken deadline)
    {
        foreach (var frame in frames.On(this))
        {
            try
            {
                await SendAsync(FrameWriter.Write(frame), WebSocketMessageType.Binary, deadline);
                FramesOut++;
            }
            catch (OperationCanceledException)
            {
                Abort("the client does not read");
                throw;
            }
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(bytes, type, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ByeAsync(WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(Farewell, _time);
        try
        {
            await _sending.WaitAsync(patience.Token);
            try
            {
                if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await _socket.CloseOutputAsync(status, reason, patience.Token);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            Abort("connection lost");
        }
    }
}
