using System.Buffers;
using System.Net.WebSockets;

namespace Larkspur.Emulator.Wire;

/// <summary>
/// The life of one WebSocket that a platform serves: whole messages in, one message out at a time, and an end that is always reached and said in
/// words. What a message means, and who pings, is the platform's.
/// </summary>
internal sealed class ServedSocket : IDisposable
{
    /// <summary>Bytes of one message.</summary>
    public const int MostBytes = 1 << 20;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopFarewell = TimeSpan.FromSeconds(1);

    private readonly HttpContext _http;
    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _idle;
    private TimeSpan _patience = Timeout.InfiniteTimeSpan;

    private ServedSocket(HttpContext http, WebSocket socket, TimeProvider time)
    {
        (_http, _socket, _time) = (http, socket, time);
        _idle = new CancellationTokenSource(_patience, time);
    }

    /// <summary>In words, why it ended; <see langword="null"/> while it is open.</summary>
    public string? Ended { get; private set; }

    /// <summary>How long silence is borne, in real time; counted from each message, and from when this is set.</summary>
    public TimeSpan Patience
    {
        get => _patience;
        set
        {
            _patience = value;
            if (Ended is null) _idle.CancelAfter(value);
        }
    }

    /// <summary>Cancelled when it is to end at once.</summary>
    public CancellationToken Ending => _end.Token;

    /// <summary>Answers the handshake. The framework sends no pings: the platforms' protocols have pings of their own.</summary>
    public static async Task<ServedSocket> AcceptAsync(HttpContext http, TimeProvider time) =>
        new(http, await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.Zero }), time);

    /// <summary>What is thrown when the other side is gone.</summary>
    public static bool IsBroken(Exception e) => e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Receives until the socket ends.</summary>
    /// <param name="take">Gets each message, one after the other; may throw <see cref="SocketRefusalException"/>.</param>
    /// <param name="only">The kind of messages that are taken; <see langword="null"/>: both.</param>
    /// <param name="stopping">The host stops: a farewell, and a second for the other side's.</param>
    /// <param name="begin">What the platform says first.</param>
    /// <returns>In words, why it ended.</returns>
    public async Task<string> RunAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, Task> take, WebSocketMessageType? only, CancellationToken stopping, Func<CancellationToken, Task>? begin = null)
    {
        using var stop = stopping.Register(() => _ = CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "the server stops", StopFarewell));
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _idle.Token);
            if (begin is not null) await begin(either.Token);
            Ended = await ReceiveAsync(take, only, either.Token);
        }
        catch (SocketRefusalException refusal)
        {
            Ended ??= refusal.Message;
            await ByeAsync(refusal.Status, refusal.Reason);
        }
        catch (OperationCanceledException)
        {
            Ended ??= _idle.IsCancellationRequested ? $"nothing was heard for {_patience.TotalSeconds:0} s" : "aborted";
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            Ended ??= "connection lost";
        }
        finally
        {
            Ended ??= "aborted";
        }

        return Ended;
    }

    /// <remarks>A message that is given up half-way leaves the socket useless: so a client that does not read is found here.</remarks>
    /// <exception cref="OperationCanceledException">It did not go out in time.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(bytes, type, endOfMessage: true, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Abort("the client does not read");
            throw;
        }
        finally
        {
            _sending.Release();
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
    public void Abort(string why)
    {
        Ended ??= why;
        End(TimeSpan.Zero);
    }

    /// <summary>Without a finished farewell the framework would wait for one; whoever is gone or was dropped gets none.</summary>
    public void Leave()
    {
        if (_socket.State is not (WebSocketState.Closed or WebSocketState.CloseSent)) _http.Abort();
    }

    public void Dispose()
    {
        _end.Dispose();
        _idle.Dispose();
        _sending.Dispose();
        _socket.Dispose();
    }

    private async Task<string> ReceiveAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> take, WebSocketMessageType? only, CancellationToken cancellationToken)
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

            if (only is { } kind && part.MessageType != kind) throw new SocketRefusalException(WebSocketCloseStatus.InvalidMessageType, $"{kind} messages only".ToLowerInvariant());
            message.Advance(part.Count);
            if (message.WrittenCount > MostBytes) throw new SocketRefusalException(WebSocketCloseStatus.MessageTooBig, "larger than 1 MiB");
            if (!part.EndOfMessage) continue;
            var whole = message.WrittenSpan.ToArray();
            message.ResetWrittenCount();
            _idle.CancelAfter(_patience);
            await take(whole, cancellationToken);
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
        catch (Exception gone) when (gone is OperationCanceledException || IsBroken(gone))
        {
            Abort("connection lost");
        }
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
}

/// <summary>A message that ends the connection, with the close frame that says so.</summary>
/// <param name="reason">For the close frame, at most 123 bytes.</param>
internal sealed class SocketRefusalException(WebSocketCloseStatus status, string reason, string? why = null) : Exception(why ?? $"closed: {(int)status} {reason}")
{
    public WebSocketCloseStatus Status { get; } = status;

    public string Reason { get; } = reason;
}
