using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Dify.ApiPipeline;

/// <summary>Metadata of a route: the endpoint that answers it.</summary>
internal sealed record DifyHandler(Func<HttpContext, Task> Run);

/// <summary>How Dify's service API answers a call.</summary>
/// <remarks>Its endpoints read their bodies and write their answers themselves: many are streams.</remarks>
internal sealed class DifyApiPipeline(EmulatorState state, FaultRules faults, EmulatorSettings settings, ILogger<DifyApiPipeline> log)
    : ApiPipeline<ApiExchange, DifyRefusal>(state, settings, faults, log)
{
    private static readonly Dictionary<string, string> Challenge = new() { ["WWW-Authenticate"] = "Bearer realm=\"api\"" };

    protected override string Platform => DifyPlatform.PlatformName;

    protected override ApiExchange Begin(HttpContext http, long started)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        return new ApiExchange(http, "", started) { EndpointId = "dify " + route };
    }

    protected override Task ReadBodyAsync(ApiExchange exchange) => Task.CompletedTask;

    protected override async Task<ApiAnswer> ServeAsync(ApiExchange exchange)
    {
        await exchange.Http.GetEndpoint()!.Metadata.GetRequiredMetadata<DifyHandler>().Run(exchange.Http);
        var response = exchange.Http.Response;
        return new ApiAnswer { Status = response.StatusCode, ContentType = response.ContentType ?? "", IsSent = true };
    }

    protected override ApiAnswer Refused(ApiExchange exchange, DifyRefusal refusal) => new()
    {
        Status = refusal.Status,
        Json = new JsonObject { ["code"] = refusal.Code, ["message"] = refusal.Message, ["status"] = refusal.Status },
        Headers = refusal.Status == StatusCodes.Status401Unauthorized ? Challenge : new Dictionary<string, string>(),
    };

    protected override DifyRefusal Injected(FaultRule fault) => fault.Status switch
    {
        StatusCodes.Status429TooManyRequests => new DifyRefusal(fault.Status, "too_many_requests", $"injected by {fault.Id}"),
        >= StatusCodes.Status500InternalServerError => new DifyRefusal(fault.Status, "internal_server_error", $"injected by {fault.Id}"),
        _ => new DifyRefusal(fault.Status, "invalid_param", $"injected by {fault.Id}"),
    };

    protected override DifyRefusal Unreadable(BadBody what) => DifyRefusal.Invalid("The body cannot be read.");

    protected override DifyRefusal Defect(string message) =>
        new(StatusCodes.Status500InternalServerError, "internal_server_error", message);

    // Keys come in a header only; questions and answers are not recorded.
    protected override string Redact(string text) => text;
}
