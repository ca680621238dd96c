using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>One open socket of an app: answers pings, carries events out and answers in, and notices when the other side is gone.</summary>
public sealed class SocketConnection
{
    private const int MostDelayedPongs = 64;
    private static readonly TimeSpan LeastIdle = TimeSpan.FromSeconds(15);

    private readonly ServedSocket _socket;
    private readonly TimeProvider _time;
    private readonly Func<ClientConfig> _config;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Frame?>> _waiting = [];
    private long _seqId;
    private int _delayedPongs;

    internal SocketConnection(string id, SocketTicket ticket, ServedSocket socket, Func<ClientConfig> config, TimeProvider time, DateTimeOffset opened)
    {
        (Id, AppId, DeviceId, ServiceId, _socket, _config, _time, Opened) = (id, ticket.AppId, ticket.DeviceId, ticket.ServiceId, socket, config, time, opened);
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
    public string? Ended => _socket.Ended;

    public int Waiting => _waiting.Count;

    public ulong NextSeqId() => (ulong)Interlocked.Increment(ref _seqId);

    /// <summary>Receives until the socket ends; then nothing that waits for an answer gets one.</summary>
    /// <returns>In words, why it ended.</returns>
    public async Task<string> RunAsync(CancellationToken stopping)
    {
        try
        {
            return await _socket.RunAsync(TakeAsync, WebSocketMessageType.Binary, stopping);
        }
        finally
        {
            foreach (var waiting in _waiting.Values) waiting.TrySetResult(null);
        }
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
        catch (Exception broken) when (ServedSocket.IsBroken(broken))
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
            await _socket.SendAsync(bytes, asText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, cancellationToken);
        }
        catch (Exception broken) when (ServedSocket.IsBroken(broken))
        {
            Abort("connection lost");
        }
    }

    /// <summary>Says goodbye with a close frame and gives the other side a while to answer it.</summary>
    public Task CloseAsync(WebSocketCloseStatus status, string reason, TimeSpan? patience = null) => _socket.CloseAsync(status, reason, patience);

    /// <summary>Drops it without a word.</summary>
    public void Abort(string why = "aborted") => _socket.Abort(why);

    private async Task TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var frame = Read(message);
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

    private static Frame Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            return FrameReader.Read(message);
        }
        catch (BadFrameException bad)
        {
            throw new SocketRefusalException(WebSocketCloseStatus.ProtocolError, bad.Message, "bad frame: " + bad.Message);
        }
    }

    private async Task PongAsync(Frame ping, CancellationToken cancellationToken)
    {
        var config = _config();
        await _socket.SendAsync(FrameWriter.Write(new Frame
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
        catch (Exception gone) when (gone is OperationCanceledException || ServedSocket.IsBroken(gone))
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
        _socket.Patience = after < LeastIdle ? LeastIdle : after;
    }

    /// <remarks>An event of which only a part went out by its deadline never becomes whole at the other side: such a client does not read, and is dropped.</remarks>
    private async Task SendAsync(EventFrames frames, CancellationToken deadline)
    {
        var begun = false;
        try
        {
            foreach (var frame in frames.On(this))
            {
                await _socket.SendAsync(FrameWriter.Write(frame), WebSocketMessageType.Binary, deadline);
                begun = true;
                FramesOut++;
            }
        }
        catch (OperationCanceledException) when (begun)
        {
            Abort("the client does not read");
            throw;
        }
    }
}
