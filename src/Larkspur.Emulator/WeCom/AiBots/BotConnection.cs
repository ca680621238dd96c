using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>One open socket of the AI bot: whole text frames in and out.</summary>
internal sealed class BotConnection : IDisposable
{
    /// <summary>A piece of a file in base64 and what stands around it.</summary>
    public const int LargestFrame = 1 << 20;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    /// <summary>A client that pings every 30 s is gone when so much went by without a word. (The platform's own measure is UNVERIFIED.)</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _idle;

    public BotConnection(string id, WebSocket socket, TimeProvider time)
    {
        (Id, _socket, _time) = (id, socket, time);
        _idle = new CancellationTokenSource(Patience, time);
    }

    public string Id { get; }

    /// <summary>Its <c>aibot_subscribe</c> was accepted.</summary>
    public bool Subscribed { get; set; }

    public int FramesIn { get; private set; }

    public int FramesOut { get; private set; }

    /// <summary>In words, why it ended; <see langword="null"/> while it is open.</summary>
    public string? Ended { get; private set; }

    /// <summary>Receives until the socket ends.</summary>
    /// <param name="take">Gets each frame, one after the other.</param>
    public async Task<string> RunAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> take)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _idle.Token);
            Ended = await ReceiveAsync(take, either.Token);
        }
        catch (OperationCanceledException)
        {
            Ended ??= _idle.IsCancellationRequested ? $"nothing was heard for {Patience.TotalSeconds:0} s" : "aborted";
        }
        catch (Exception broken) when (broken is WebSocketException or IOException)
        {
            Ended ??= "connection lost";
        }

        return Ended;
    }

    /// <returns><see langword="false"/> when it did not go out.</returns>
    public async Task<bool> SendAsync(JsonObject frame, CancellationToken cancellationToken = default)
    {
        using var patience = new CancellationTokenSource(Farewell, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            if (Ended is not null) return false;
            await _sending.WaitAsync(either.Token);
            try
            {
                await _socket.SendAsync(Encoding.UTF8.GetBytes(CanonicalJson.Write(frame)), WebSocketMessageType.Text, endOfMessage: true, either.Token);
                FramesOut++;
                return true;
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // A frame that is given up half-way leaves the socket useless.
            Abort("the client does not read");
            return false;
        }
    }

    /// <summary>Says goodbye with a close frame and gives the other side a while to answer it.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        Ended ??= $"closed: {(int)status} {reason}";
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

        End(Farewell);
    }

    /// <summary>Drops it without a word.</summary>
    public void Abort(string why)
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

    private async Task<string> ReceiveAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var part = await _socket.ReceiveAsync(message.GetMemory(4096), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                var why = Ended ?? $"closed by the client: {(int?)_socket.CloseStatus}";
                await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
                return why;
            }

            if (part.MessageType == WebSocketMessageType.Binary)
            {
                await CloseAsync(WebSocketCloseStatus.InvalidMessageType, "text frames only");
                return Ended!;
            }

            message.Advance(part.Count);
            if (message.WrittenCount > LargestFrame)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, "larger than 1 MiB");
                return Ended!;
            }

            if (!part.EndOfMessage) continue;
            var frame = message.WrittenSpan.ToArray();
            message.ResetWrittenCount();
            _idle.CancelAfter(Patience);
            FramesIn++;
            await take(frame, cancellationToken);
        }
    }
}
