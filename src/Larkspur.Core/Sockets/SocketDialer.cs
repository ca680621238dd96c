using System.Net.WebSockets;

namespace Larkspur.Sockets;

/// <summary>Opens sockets, and says of a failed try whether another one may work.</summary>
/// <param name="timeout">Longest each step may take.</param>
/// <param name="clock">Time.</param>
public sealed class SocketDialer(TimeSpan timeout, TimeProvider clock)
{
    /// <summary>The handshake.</summary>
    /// <param name="address">Where; its query may hold a ticket and is shown nowhere.</param>
    /// <param name="configure">Sets proxy and keep-alive.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    /// <param name="refusal">What a refused handshake means, from its status and headers; null, or where it returns null: another try may
    /// work.</param>
    /// <exception cref="SocketConnectException">Another try may work.</exception>
    public Task<WebSocket> OpenAsync(
        Uri address,
        Action<ClientWebSocketOptions> configure,
        CancellationToken cancellationToken,
        Func<ClientWebSocket, WebSocketException, Exception?>? refusal = null)
        => WithinAsync<WebSocket>(
            async token =>
            {
                var socket = new ClientWebSocket();
                try
                {
                    socket.Options.CollectHttpResponseDetails = true;
                    configure(socket.Options);
                    await socket.ConnectAsync(address, token);
                    return socket;
                }
                catch (WebSocketException e)
                {
                    using (socket)
                    {
                        token.ThrowIfCancellationRequested();
                        throw refusal?.Invoke(socket, e) ?? new SocketConnectException(
                            socket.HttpStatusCode != 0
                                ? $"{address.Authority} answered the handshake with HTTP {(int)socket.HttpStatusCode}"
                                : $"{address.Authority} could not be reached ({e.InnerException?.Message ?? e.Message})",
                            e);
                    }
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
            "the handshake",
            cancellationToken);

    /// <summary>A step before the handshake, such as the call that asks for the socket's address, within the same time.</summary>
    /// <param name="step">The step.</param>
    /// <param name="what">Named when it takes too long.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    /// <exception cref="SocketConnectException">It took too long.</exception>
    public async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> step, string what, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await step(both.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketConnectException
            && deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SocketConnectException($"{what} took longer than {timeout.TotalSeconds:0} s", e);
        }
    }
}
