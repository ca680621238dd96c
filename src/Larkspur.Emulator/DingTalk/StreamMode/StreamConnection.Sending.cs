using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>Sends over the socket: the greeting, pings, frames, and the close.</summary>
internal sealed partial class StreamConnection
{
    /// <summary>Clients of this platform hold themselves for registered only after these two.</summary>
    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        await SendAsync(System("CONNECTED", "{}"), cancellationToken);
        await SendAsync(System("REGISTERED", "{}"), cancellationToken);
    }

    private async Task CloseLaterAsync(string reason)
    {
        try
        {
            await Task.Delay(Farewell, _clock, _socket.Ending);
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, reason);
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
        catch (Exception broken) when (ServedSocket.IsBroken(broken))
        {
            Abort("connection lost");
        }
    }

    private Task SendAsync(StreamFrame frame, CancellationToken deadline) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(CanonicalJson.Write(frame.ToJson(_appId, Id, _clock.GetUtcNow()))), WebSocketMessageType.Text, deadline);
}
