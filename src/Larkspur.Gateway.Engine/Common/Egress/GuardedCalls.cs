using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Gateway.Common.Egress;

/// <summary>Calls of servers that somebody else names: connections go to judged addresses alone, and nothing a server answers costs
/// much.</summary>
internal static class GuardedCalls
{
    /// <summary>Redirects are not followed: they would carry tokens elsewhere, to an address that nobody judged.</summary>
    /// <param name="lookup">Looks up names.</param>
    /// <param name="judge">Which addresses may be called.</param>
    /// <param name="connect">Connecting takes no longer.</param>
    /// <param name="perServer">Connections to one server at a time.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The invoker disposes its handler.")]
    public static HttpMessageInvoker Open(HostLookup lookup, AddressJudge judge, TimeSpan connect, int perServer) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false,
            // A proxy would resolve the name by itself, behind the check.
            UseProxy = false,
            ConnectCallback = new GuardedConnector(lookup, judge).ConnectAsync,
            ConnectTimeout = connect, MaxConnectionsPerServer = perServer,
            // A name that moves is followed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 16,
            // What an answer says beyond what is read is of no use: a little is, so that the connection can be kept, else it is closed.
            MaxResponseDrainSize = 16 << 10, ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        });

    /// <summary>The body of an answer; null: it is longer than is read.</summary>
    /// <param name="response">The answer, its headers read.</param>
    /// <param name="most">Bytes.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > most) return null;
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var read = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await body.ReadAsync(buffer, cancellation) is > 0 and var more)
        {
            if (read.Length + more > most) return null;
            read.Write(buffer, 0, more);
        }

        return read.ToArray();
    }
}
