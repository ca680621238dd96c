using System.Net;
using Larkspur.Gateway.Common;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Larkspur.Gateway.Api.Hosts;

/// <summary>
/// Proxies that may say where a request came from (<c>LARKSPUR_TRUSTED_PROXIES</c>). The addresses of <c>X-Forwarded-For</c> are believed
/// from the right as long as each was told by one of them: so a client behind them cannot choose its address, and what anybody else says
/// is not looked at.
/// </summary>
internal static partial class TrustedProxies
{
    public const string Setting = "LARKSPUR_TRUSTED_PROXIES";

    /// <summary>Headers of requests that a proxy has passed on; the last is what remains of one that was believed.</summary>
    private static readonly string[] Headers =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via",
            ForwardedHeadersDefaults.XOriginalForHeaderName];

    /// <summary>Reads and judges the setting.</summary>
    public static IReadOnlyList<IPNetwork> Read(IConfiguration configuration, List<string> problems)
    {
        var networks = new List<IPNetwork>();
        foreach (var word in AddressList.Words(configuration[Setting]))
        {
            if (!AddressList.TryRead(word, out var network))
                problems.Add($"{Setting}: \"{word}\" is neither an address nor a network. Write it like 10.0.0.0/8 or 192.0.2.7");
            else if (network.PrefixLength == 0)
                problems.Add($"{Setting}: \"{word}\" is everybody, and everybody could choose an address. Name the proxies");
            else networks.Add(network);
        }

        return networks;
    }

    /// <summary>A proxy, trusted or not, has passed the request on.</summary>
    public static bool Passed(HttpRequest request) => Array.Exists(Headers, request.Headers.ContainsKey);

    /// <summary>Before everything that asks for address, scheme or host.</summary>
    public static void UseTrustedProxies(this WebApplication app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            app.TellOfUnknownProxy();
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        // By themselves they hold this machine's own addresses.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in proxies) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }

    /// <summary>Once in a process: with a proxy that nobody has named, all people behind it are one address to the limits.</summary>
    private static void TellOfUnknownProxy(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Larkspur.Gateway.Http");
        var told = 0;
        app.Use((http, next) =>
        {
            if (told == 0 && http.Request.Headers.ContainsKey("X-Forwarded-For")
                && Interlocked.Exchange(ref told, 1) == 0) UnknownProxy(logger, http.Connection.RemoteIpAddress, Setting);
            return next(http);
        });
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A proxy at {Address} passes requests on, and {Setting} does not name it: all who come through it count as one address (docs/operations.md)")]
    private static partial void UnknownProxy(ILogger logger, IPAddress? address, string setting);
}
