using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Larkspur.Testing;

/// <summary>A way to a server on 127.0.0.1 that behaves as networks do: it can be cut, be slow, stand still, and lose connections without a word.</summary>
public sealed class FaultyRoute : IAsyncDisposable
{
    /// <summary>After it the server finds out by its keepalives that a lost connection has nobody behind it.</summary>
    private static readonly TimeSpan Keepalive = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Connection, bool> _open = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource? _still;
    private volatile bool _cut;
    private long _latency;

    public FaultyRoute(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it begins.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How much later everything arrives, in either direction.</summary>
    public TimeSpan Latency
    {
        get => new(Interlocked.Read(ref _latency));
        set => Interlocked.Exchange(ref _latency, value.Ticks);
    }

    /// <summary>Breaks every connection and lets no new one through.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var connection in _open.Keys) connection.Close();
    }

    /// <summary>New connections pass again.</summary>
    public void Join() => _cut = false;

    /// <summary>Nothing passes until the result is disposed; then everything that was held up arrives.</summary>
    public IDisposable StandStill()
    {
        var still = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _still = still;
        return new Standing(this, still);
    }

    /// <summary>Nothing passes any more on the connections that are open, and neither side is told; new ones are good.</summary>
    public void Lose()
    {
        foreach (var connection in _open.Keys) connection.IsLost = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        _still?.TrySetResult();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptSocketAsync(_stop.Token), _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException
            || (e is InvalidOperationException && _stop.IsCancellationRequested))
        {
            // A listener that was stopped between two connections says that it was never started.
            // Disposed.
        }
    }

    private async Task CarryAsync(Socket near, CancellationToken stop)
    {
        using var connection = new Connection(near);
        _open[connection] = true;
        try
        {
            if (_cut) return;
            await connection.Far.ConnectAsync(IPAddress.Loopback, _target, stop);
            near.NoDelay = connection.Far.NoDelay = true;
            await Task.WhenAny(PumpAsync(connection, near, connection.Far, stop), PumpAsync(connection, connection.Far, near, stop));
            // Who closes a lost connection is not heard on the other side.
            if (connection.IsLost) await Task.Delay(Keepalive, stop);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One side has gone, or the route; the other follows.
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    private async Task PumpAsync(Connection connection, Socket from, Socket to, CancellationToken stop)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, stop) is > 0 and var length)
            {
                if (Latency > TimeSpan.Zero) await Task.Delay(Latency, stop);
                if (_still is { } still) await still.Task.WaitAsync(stop);
                if (connection.IsLost) continue;
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), stop);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }

    private sealed class Connection(Socket near) : IDisposable
    {
        private volatile bool _lost;

        public Socket Far { get; } = new(SocketType.Stream, ProtocolType.Tcp);

        public bool IsLost
        {
            get => _lost;
            set => _lost = value;
        }

        public void Close()
        {
            near.Close(0);
            Far.Close(0);
        }

        public void Dispose()
        {
            near.Dispose();
            Far.Dispose();
        }
    }

    private sealed class Standing(FaultyRoute route, TaskCompletionSource still) : IDisposable
    {
        public void Dispose()
        {
            route._still = null;
            still.TrySetResult();
        }
    }
}
