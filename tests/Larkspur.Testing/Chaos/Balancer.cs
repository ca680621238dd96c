using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Larkspur.Testing.Chaos;

/// <summary>What stands in front of several gateways: each new connection goes to the next backend that takes it.</summary>
/// <remarks>A connection lives and dies with its backend, as behind any balancer of layer 4; one that no backend takes is closed.</remarks>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint[] _backends;
    private readonly CancellationTokenSource _life = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;
    private int _turn;

    public Balancer(IEnumerable<Uri> backends)
    {
        _backends = [.. backends.Select(b => new IPEndPoint(IPAddress.Loopback, b.Port))];
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _life.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = CarryAsync(await _listener.AcceptSocketAsync(_life.Token));
                _connections.TryAdd(connection, true);
                _ = connection.ContinueWith(done => _connections.TryRemove(done, out var _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private async Task CarryAsync(Socket front)
    {
        await Task.Yield();
        using var _ = front;
        front.NoDelay = true;
        using var back = await ConnectAsync();
        if (back is null) return;
        try
        {
            await using var one = new NetworkStream(front);
            await using var other = new NetworkStream(back);
            var there = one.CopyToAsync(other, _life.Token);
            var here = other.CopyToAsync(one, _life.Token);
            await Task.WhenAny(there, here);
            // One side has ended: so has the connection.
            front.Close();
            back.Close();
            await Task.WhenAll(there, here);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken by one of its ends; the other sees it closed.
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        for (var i = 0; i < _backends.Length; i++)
        {
            var backend = _backends[(uint)Interlocked.Increment(ref _turn) % _backends.Length];
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(backend, _life.Token);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }

        return null;
    }
}
