using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>One open socket of the AI bot: whole text frames in and out.</summary>
internal sealed class BotConnection
{
    private static readonly TimeSpan SendBound = TimeSpan.FromSeconds(5);
    /// <summary>A client that pings every 30 s is gone when so much went by without a word. (The platform's own measure is UNVERIFIED.)</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly ServedSocket _socket;
    private readonly TimeProvider _time;

    public BotConnection(string id, ServedSocket socket, TimeProvider time)
    {
        (Id, _socket, _time) = (id, socket, time);
        socket.Patience = Patience;
    }

    public string Id { get; }

    /// <summary>Its <c>aibot_subscribe</c> was accepted.</summary>
    public bool Subscribed { get; set; }

    public int FramesIn { get; private set; }

    public int FramesOut { get; private set; }

    /// <summary>In words, why it ended; <see langword="null"/> while it is open.</summary>
    public string? Ended => _socket.Ended;

    /// <summary>Receives until the socket ends.</summary>
    /// <param name="take">Gets each frame, one after the other.</param>
    /// <returns>In words, why it ended.</returns>
    public Task<string> RunAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> take, CancellationToken stopping) => _socket.RunAsync(
        (frame, cancellationToken) =>
        {
            FramesIn++;
            return take(frame, cancellationToken);
        },
        WebSocketMessageType.Text, stopping);

    /// <returns><see langword="false"/> when it did not go out.</returns>
    public async Task<bool> SendAsync(JsonObject frame, CancellationToken cancellationToken = default)
    {
        using var patience = new CancellationTokenSource(SendBound, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            if (Ended is not null) return false;
            await _socket.SendAsync(Encoding.UTF8.GetBytes(CanonicalJson.Write(frame)), WebSocketMessageType.Text, either.Token);
            FramesOut++;
            return true;
        }
        catch (Exception gone) when (gone is OperationCanceledException || ServedSocket.IsBroken(gone))
        {
            Abort("the client does not read");
            return false;
        }
    }

    /// <inheritdoc cref="ServedSocket.CloseAsync"/>
    public Task CloseAsync(WebSocketCloseStatus status, string reason) => _socket.CloseAsync(status, reason);

    /// <inheritdoc cref="ServedSocket.Abort"/>
    public void Abort(string why) => _socket.Abort(why);
}
