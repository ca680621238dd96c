using System.Net;

namespace Larkspur;

/// <summary>The transport that the SDKs use by default.</summary>
public static class PlatformHttp
{
    private static readonly Lazy<HttpClient> SharedClient = new(CreateClient);

    /// <summary>The client of all SDK clients that were given none.</summary>
    public static HttpClient Shared => SharedClient.Value;

    /// <summary>No redirects (they would carry the token elsewhere), no cookies, fresh DNS every 5 minutes.</summary>
    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // One that a firewall has forgotten looks alive, and costs a call its time-out to find out: none is kept for long.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>A client without a time-out of its own: calls have deadlines.</summary>
    public static HttpClient CreateClient() => new(CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
}
