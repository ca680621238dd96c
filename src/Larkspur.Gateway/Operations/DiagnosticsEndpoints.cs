using Larkspur.Gateway.Api;
using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Telemetry.Prometheus;

namespace Larkspur.Gateway.Operations;

/// <summary><c>/health/live</c>, <c>/health/ready</c>, <c>/metrics</c>.</summary>
internal static class DiagnosticsEndpoints
{
    public static void MapDiagnostics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", (HttpContext http) => http.WriteJsonAsync(StatusCodes.Status200OK, json => json.WriteString("status", "alive")))
            .ExcludeFromDescription();
        // As request delegates: to bind parameters, a whole compiler would be loaded before the first answer.
        var services = routes.ServiceProvider;
        routes.MapGet("/health/ready", (HttpContext http) => ReadyAsync(http, services.GetRequiredService<Readiness>(), services.GetRequiredService<ApiKey>())).ExcludeFromDescription();
        routes.MapGet("/metrics", (HttpContext http) => MetricsAsync(http, services.GetRequiredService<MetricsPage>(), services.GetRequiredService<Backlog>(), services.GetRequiredService<ApiKey>())).ExcludeFromDescription();
    }

    private static async Task ReadyAsync(HttpContext http, Readiness readiness, ApiKey key)
    {
        var checks = await readiness.CheckAsync(http.RequestAborted);
        var ready = checks.All(c => c.Ok);
        // Details name settings and paths; they are for the operator, not for whoever finds the port.
        var trusted = ApiKey.IsLocal(http.Request) || await key.HoldsAsync(http, ApiScopes.StatusRead);
        await http.WriteJsonAsync(ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteString("status", ready ? "ready" : "not_ready");
            json.WriteStartArray("checks");
            foreach (var check in checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteBoolean("ok", check.Ok);
                if (trusted && check.Detail is not null) json.WriteString("detail", check.Detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task MetricsAsync(HttpContext http, MetricsPage page, Backlog backlog, ApiKey key)
    {
        if (!ApiKey.IsLocal(http.Request) && !await key.HoldsAsync(http, ApiScopes.StatusRead))
        {
            await http.WriteErrorAsync(StatusCodes.Status401Unauthorized, "wrong_api_key");
            return;
        }

        await backlog.RefreshAsync(http.RequestAborted);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await http.Response.WriteAsync(page.Write(), http.RequestAborted);
    }
}
