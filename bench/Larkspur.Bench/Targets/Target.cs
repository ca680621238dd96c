using System.Net;
using System.Net.Sockets;
using Larkspur.Bench.Load;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.Targets;

/// <summary>A server in a process of its own that is sent pushes.</summary>
internal abstract class Target(string name, int port, ChildProcess process) : IAsyncDisposable
{
    public string Name { get; } = name;

    public int Port { get; } = port;

    public ChildProcess Process { get; } = process;

    /// <summary>Type of the events that it is sent.</summary>
    public virtual string EventType => "im.message.receive_v1";

    /// <summary>Events it was sent and answered with 200, by the driver's books.</summary>
    public long Answered { get; set; }

    /// <summary>Returns when nothing of an earlier load is being worked on any more.</summary>
    public virtual Task SettleAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Ends it and compares its own books with the driver's.</summary>
    /// <returns>A sentence about what was found.</returns>
    /// <exception cref="BenchException">They differ.</exception>
    public abstract Task<string> AuditAsync(CancellationToken cancellation);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    protected static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    protected static Uri Address(int port, string path) => new($"http://127.0.0.1:{port}{path}");
}
