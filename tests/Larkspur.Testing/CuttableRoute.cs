using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Larkspur.Testing;

/// <summary>A way to a server on 127.0.0.1 that can be cut and joined again: for whoever is behind it, the server is away.</summary>
public sealed class CuttableRoute : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _cut;

    public CuttableRoute(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it begins.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks every connection and lets no new one through.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var socket in _open.Keys) socket.Close(0);
    }

    /// <summary>New connections pass again.</summary>
    public void Join() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using (near)
        {
            using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _open[near] = _open[far] = true;
            try
            {
                if (_cut) return;
                await far.ConnectAsync(IPAddress.Loopback, _target);
                near.NoDelay = far.NoDelay = true;
                await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
            }
            catch (SocketException)
            {
                // One side has gone; the other follows.
            }
            finally
            {
                _open.TryRemove(near, out _);
                _open.TryRemove(far, out _);
            }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
