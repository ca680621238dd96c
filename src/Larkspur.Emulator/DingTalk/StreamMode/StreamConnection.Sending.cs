using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>What goes down the socket, one frame at a time: pings, the rest, and the farewell.</summary>
internal sealed partial class StreamConnection
{
    private async Task CloseLaterAsync(string reason)
    {
        try
        {
            await Task.Delay(Farewell, _clock, _end.Token);
            await CloseAsync(WebSocketCloseStatus.NormalClosure, reason);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
        {
            // It ended on its own meanwhile.
        }
    }

    private async Task PingAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PingInterval, _real);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (_unanswered >= PingsUntilGone)
                {
                    Abort($"{PingsUntilGone} pings were not answered");
                    return;
                }

                Pings++;
                _unanswered++;
                await SendQuietlyAsync(System("ping", CanonicalJson.Write(new JsonObject { ["opaque"] = Guid.NewGuid().ToString() })), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }

    private static StreamFrame System(string topic, string data) => new(StreamFrame.System, topic, "system-" + Guid.NewGuid().ToString("N"), data);

    private async Task SendQuietlyAsync(StreamFrame frame, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(frame, cancellationToken);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            Abort("connection lost");
        }
    }

    /// <remarks>A frame that is given up half-way leaves the socket useless: so a client that does not read is found here.</remarks>
    private async Task SendAsync(StreamFrame frame, CancellationToken deadline)
    {
        var bytes = Encoding.UTF8.GetBytes(CanonicalJson.Write(frame.ToJson(_appId, Id, _clock.GetUtcNow())));
        await _sending.WaitAsync(deadline);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, deadline);
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

    private async Task ByeAsync(WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(CloseBound, _real);
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

    private static bool IsBroken(Exception e) => e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException;
}
