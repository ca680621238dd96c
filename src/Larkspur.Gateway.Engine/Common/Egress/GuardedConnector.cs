using System.Net;
using System.Net.Sockets;

namespace Larkspur.Gateway.Common.Egress;

/// <summary>Looks up the addresses of a name.</summary>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellation);

/// <summary>Says why addresses may not be connected to.</summary>
/// <param name="request">For which request the connection is made.</param>
/// <param name="addresses">All that the host's name leads to; one that may not be reached makes the name suspect as a whole.</param>
/// <param name="cancellation">Ends the judging.</param>
/// <returns>Null: they may.</returns>
internal delegate ValueTask<string?> AddressJudge(HttpRequestMessage request, IReadOnlyList<IPAddress> addresses, CancellationToken cancellation);

/// <summary>Opens connections to hosts that somebody else names: resolves the name once, has every address judged, and connects to exactly those.</summary>
/// <remarks>A name that is looked up for the check and again for the connection could answer differently (DNS rebinding); here there is one answer.</remarks>
internal sealed class GuardedConnector(HostLookup lookup, AddressJudge judge)
{
    /// <summary>A name with more addresses than this is not somebody's server but an attempt to keep the gateway busy.</summary>
    private const int MostAddresses = 16;

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="AddressRefusedException">The host leads where it may not.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var end = context.DnsEndPoint;
        var addresses = await ResolveAsync(lookup, end.Host, cancellation);
        if (await judge(context.InitialRequestMessage, addresses, cancellation) is { } problem) throw new AddressRefusedException(problem);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses of a host, at least one.</summary>
    /// <exception cref="SocketException">It has none.</exception>
    public static async Task<IPAddress[]> ResolveAsync(HostLookup lookup, string host, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await lookup(host, cancellation);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        return addresses.Length > MostAddresses ? addresses[..MostAddresses] : addresses;
    }
}

/// <summary>The host leads where calls may not go.</summary>
internal sealed class AddressRefusedException(string problem) : IOException(problem);
