using System.Net;
using System.Net.Sockets;

namespace Larkspur.Gateway.Callbacks;

/// <summary>Looks up the addresses of a name.</summary>
internal delegate Task<IPAddress[]> HostLookup(string host, CancellationToken cancellation);

/// <summary>Opens connections to a destination: resolves its name once, judges every address, and connects to exactly those.</summary>
/// <remarks>A name that is looked up for the check and again for the connection could answer differently (DNS rebinding); here there is one answer.</remarks>
internal sealed class GuardedConnector(Destination destination, HostLookup lookup)
{
    /// <summary>A name with more addresses than this is not somebody's server but an attempt to keep the gateway busy.</summary>
    private const int MostAddresses = 16;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var end = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(end.Host, out var literal) ? [literal] : await lookup(end.Host, cancellation);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        if (addresses.Length > MostAddresses) addresses = addresses[..MostAddresses];
        // One address that may not be reached makes the name suspect as a whole.
        foreach (var address in addresses)
        {
            if (Problem(address) is { } problem) throw new AddressRefusedException(problem);
        }

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

    private string? Problem(IPAddress address) => AddressRules.ReachOf(address) switch
    {
        AddressReach.Never => $"its host leads to {address}, where no business system is",
        AddressReach.Private when !destination.AllowPrivateAddresses => $"its host leads to the private address {address}; AllowPrivateAddresses is not set",
        AddressReach.Public when destination.Url.Scheme == Uri.UriSchemeHttp => $"its host leads to the public address {address}, and http is for private ones only",
        _ => null,
    };
}

/// <summary>The destination's host is where callbacks may not go.</summary>
internal sealed class AddressRefusedException(string problem) : IOException(problem);
