using System.Net;
using System.Net.Sockets;

namespace Larkspur.Testing;

/// <summary>Ports of 127.0.0.1 for servers that come back under the same address after each kill.</summary>
/// <remarks>
/// The system gives a port to whoever binds port 0 or connects from its ephemeral range, which begins at 32768 (Linux) or above (others) unless somebody has moved it. A port of that range that is
/// free now may be an outgoing connection's when the server is started again; these lie below it. A locked file per port keeps test processes apart: the lock ends with the process that has it,
/// whatever ends it.
/// </remarks>
public static class OwnPort
{
    private const int First = 20_000;
    private const int Count = 10_000;

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "larkspur-test-ports-" + Environment.UserName);
    private static readonly List<FileStream> Locks = [];
    private static readonly Lock Gate = new();
    // Apart from the ports of a process that began just before this one.
    private static int _next = (int)(Environment.ProcessId * 97L % Count);

    /// <summary>A port that nobody has now, and no other test process takes while this one lives.</summary>
    /// <exception cref="InvalidOperationException">All of them are taken.</exception>
    public static int Take()
    {
        lock (Gate)
        {
            Directory.CreateDirectory(Folder);
            for (var tried = 0; tried < Count; tried++)
            {
                var port = First + _next;
                _next = (_next + 1) % Count;
                if (Lock(port) is not { } held) continue;
                if (CanBeBound(port))
                {
                    Locks.Add(held);
                    return port;
                }

                held.Dispose();
            }
        }

        throw new InvalidOperationException($"Every port from {First} to {First + Count - 1} is taken.");
    }

    /// <summary>The file stays: who deleted it would take the lock from under whoever has just opened it.</summary>
    private static FileStream? Lock(int port)
    {
        try
        {
            return new FileStream(Path.Combine(Folder, $"{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another test process has it, or this one.
            return null;
        }
    }

    private static bool CanBeBound(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
