using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Hosts;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Larkspur.Gateway.Hosting;

/// <summary>The HTTP server's bounds, and what every answer has in common.</summary>
internal static partial class GatewayServer
{
    /// <summary>Received and not yet read, per connection. The default of 1 MiB would let 200 senders of oversized bodies fill 200 MiB while those are read away.</summary>
    private const int BufferedBytes = 64 << 10;

    /// <summary>Browsers that came over TLS come over TLS only. Sub-domains are other people's.</summary>
    private const string TlsForAYear = "max-age=31536000";

    public static void UseGatewayKestrel(this ConfigureWebHostBuilder web, GatewaySettings settings)
    {
        web.UseUrls(settings.Api.Urls);
        web.UseKestrelCore();
        web.UseKestrelHttpsConfiguration();
        web.UseSockets(sockets => sockets.MaxReadBufferSize = BufferedBytes);
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            kestrel.Limits.MaxRequestBufferSize = BufferedBytes;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
            kestrel.Limits.MaxRequestLineSize = 8 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(90);
            kestrel.Limits.MaxConcurrentConnections = 10_000;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(3));
        });
    }

    /// <summary>
    /// Routing without the framework's authorization, which SignalR brings along: nothing here has its attributes (an endpoint that had them would be refused), the API's keys and the
    /// console's gate decide. It would make every endpoint a second time at the start, only to look for policies.
    /// </summary>
    public static void UseOwnRouting(this WebApplication app)
    {
        ((IApplicationBuilder)app).Properties["__AuthorizationMiddlewareSet"] = true;
        app.UseRouting();
    }

    public static void UseGatewayAnswers(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Larkspur.Gateway.Http");
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (http, next) =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers.CacheControl = "no-store";
            // A loopback name is every program's on that machine: the promise would bind them all.
            if (http.Request.IsHttps && !AllowedHosts.IsLoopback(http.Request.Host)) headers.StrictTransportSecurity = TlsForAYear;
            try
            {
                await next(http);
                await Problems.FillAsync(http);
            }
            catch (Microsoft.AspNetCore.Http.BadHttpRequestException e) when (!http.Response.HasStarted)
            {
                if (Problems.AreSpokenAt(http.Request.Path)) await Problems.WriteAsync(http, Problems.Of(http, e));
                else await http.WriteErrorAsync(e.StatusCode, "bad_request");
            }
            catch (StorageUnavailableException e) when (!http.Response.HasStarted)
            {
                DatabaseAway(logger, http.Request.Method, http.Request.Path, e);
                await http.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, "unavailable");
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                CallerGone(logger, http.Request.Method, http.Request.Path);
            }
            catch (Exception e) when (!http.Response.HasStarted)
            {
                var trace = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
                RequestFailed(logger, http.Request.Method, http.Request.Path, trace, e);
                if (Problems.AreSpokenAt(http.Request.Path))
                {
                    await Problems.WriteAsync(http, Problem.Of(StatusCodes.Status500InternalServerError, "internal") with { TraceId = trace });
                }
                else
                {
                    await http.WriteJsonAsync(StatusCodes.Status500InternalServerError, json =>
                    {
                        json.WriteString("error", "internal");
                        json.WriteString("trace_id", trace);
                    });
                }
            }

            // Also of what was refused before anybody looked at the body: no key, no such path.
            if (http.Response.StatusCode >= 400) await UnreadBody.FinishOversizedAsync(http, clock, logger);
        });
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} needs the database, which is away")]
    private static partial void DatabaseAway(ILogger logger, string method, PathString path, Exception error);
    [LoggerMessage(LogLevel.Debug, "{Method} {Path}: the caller has gone")]
    private static partial void CallerGone(ILogger logger, string method, PathString path);
    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed (trace {TraceId})")]
    private static partial void RequestFailed(ILogger logger, string method, PathString path, string traceId, Exception error);
}
