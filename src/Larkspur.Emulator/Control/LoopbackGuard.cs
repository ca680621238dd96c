using System.Net;

namespace Larkspur.Emulator.Control;

/// <summary>Keeps other machines and foreign web pages away from control and the web client.</summary>
/// <remarks>
/// Who is on another machine can write any Host: his own address tells him, wherever the emulator listens.
/// A page that resolves its own name to 127.0.0.1 (DNS rebinding) shows itself by the Host header, a cross-site form or script by Origin
/// or Sec-Fetch-Site. The platform's paths are for servers, which send neither Origin nor Sec-Fetch-Site: only a browser's calls are guarded there.
/// </remarks>
internal sealed class LoopbackGuard(RequestDelegate next)
{
    private static readonly string[] PlatformRoots = ["/open-apis", "/approval", "/callback", "/suite", "/ws", "/v1", "/cgi-bin", "/aibot",
        "/gettoken", "/topapi", "/robot", "/media", "/call_back", "/v1.0", "/connect",
        "/oauth", "/oauth2", "/wwlogin", "/wwopen"];

    public async Task InvokeAsync(HttpContext http)
    {
        var byServer = Array.Exists(PlatformRoots, r => http.Request.Path.StartsWithSegments(r))
            && http.Request.Headers.Origin.Count == 0 && http.Request.Headers["Sec-Fetch-Site"].Count == 0;
        if (!byServer && Refusal(http.Request) is { } why)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            await http.Response.WriteAsJsonAsync(new { error = why });
            return;
        }

        await next(http);
    }

    private static string? Refusal(HttpRequest request)
    {
        // Null: no network is between them (a Unix socket, a test's own server).
        if (request.HttpContext.Connection.RemoteIpAddress is { } peer && !IPAddress.IsLoopback(peer)) return "The emulator's control and web client answer to this machine only.";
        if (!IsLoopback(request.Host.Host)) return "The emulator's control and web client answer to a loopback Host only (127.0.0.1, localhost).";
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value))
        {
            return "Requests from pages of another origin are refused.";
        }

        // A link from elsewhere may open a page; it may not make a change or load data into a foreign page.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var opensPage = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";
        return site is "cross-site" or "same-site" && !opensPage ? "Requests from other sites are refused." : null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
