using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.SignIn;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>A call to the open platform, and what the catalogue says about its path.</summary>
internal sealed class FeishuExchange(HttpContext http, string logId, long started, EndpointCatalogue.Match found)
    : ApiExchange(http, logId, started)
{
    public EndpointCatalogue.Match Found { get; } = found;
}

/// <summary>How the open platform answers a call. Its checks, in order: route, token, scope, rate, fields, handler.</summary>
internal sealed class FeishuApiPipeline(
    EmulatorState state, EndpointCatalogue catalogue, ApiHandlers handlers, AccessCheck access, RateLimiter limiter, FaultRules faults,
    EmulatorSettings settings, ILogger<FeishuApiPipeline> log)
    : ApiPipeline<FeishuExchange, ApiRefusedException>(state, settings, faults, log)
{
    /// <summary>The emulator's own code, outside every range of the platform: all checks passed, but this endpoint is not played.</summary>
    public const long NotEmulated = 599_000_501;

    private const int MostJsonBytes = 10 << 20;
    private const int MostFormBytes = 64 << 20;

    protected override string Platform => FeishuPlatform.PlatformName;

    protected override FeishuExchange Begin(HttpContext http, long started)
    {
        var found = catalogue.Find(http.Request.Method, http.Request.Path.Value ?? "/");
        var exchange = new FeishuExchange(http, NewLogId(), started, found) { EndpointId = found.Endpoint?.Id };
        http.Response.Headers["X-Tt-Logid"] = exchange.LogId;
        return exchange;
    }

    protected override Task ReadBodyAsync(FeishuExchange exchange) =>
        exchange.Body.ReadAsync(exchange.Request, MostJsonBytes, MostFormBytes);

    protected override async Task<ApiAnswer> ServeAsync(FeishuExchange exchange)
    {
        var (http, found, body) = (exchange.Http, exchange.Found, exchange.Body);
        if (found.Endpoint is not { } endpoint)
        {
            throw found.PathExists ? new ApiRefusedException(405, 99991301, "request method doesn't match")
                : new ApiRefusedException(404, 99991201, "resource not find");
        }

        Caller? caller = null;
        if (!endpoint.NoAuth)
        {
            caller = access.Identify(endpoint, http.Request.Headers.Authorization);
            exchange.AppId = caller.App.AppId;
            access.CheckScopes(endpoint, caller, http.Request.Query);
            limiter.Pass(endpoint, caller.App);
        }

        var handler = handlers.For(endpoint, out var ownValidation);
        // An endpoint without body fields ignores any body: the official Node client sends {} with GET and DELETE.
        if (endpoint.Body.Length > 0 && !handlers.ReadsBodyItself(endpoint))
        {
            await body.ParseAsync(name => endpoint.Body.Any(f => f.Type == FieldType.File && f.Name == name));
        }

        if (!ownValidation)
        {
            var violations = RequestValidator.Check(endpoint, found.PathParameters, http.Request.Query, body.Json, body.Files);
            if (violations.Count > 0)
            {
                throw new ApiRefusedException(400, 99992402, "field validation failed") { FieldViolations = violations };
            }
        }

        if (handler is null) throw new ApiRefusedException(501, NotEmulated, $"not emulated: {endpoint.Id}; validated ok");
        var answer = handler(new ApiRequest
        {
            Endpoint = endpoint, LogId = exchange.LogId, Origin = (http.Request.Scheme, http.Request.Host), Http = http.Request,
            Path = found.PathParameters,
            Query = http.Request.Query, Body = body.Json, Files = body.Files, Caller = caller, Raw = body.Bytes, Remote = http.Connection.RemoteIpAddress,
        });
        exchange.AppId ??= body.Json["app_id"] is JsonValue v && v.TryGetValue<string>(out var id) ? id : null;
        return answer;
    }

    protected override ApiAnswer Refused(FeishuExchange exchange, ApiRefusedException refusal) =>
        exchange.Found.Endpoint is { } endpoint && handlers.RefusesAsOAuth(endpoint) ? OAuthRefusal.Flat(refusal)
            : ErrorEnvelope.For(refusal, exchange.LogId, exchange.EndpointId);

    protected override ApiRefusedException Injected(FaultRule fault) => fault.Status == 429
        ? new ApiRefusedException(429, fault.Code ?? 99991400, "request trigger frequency limit")
        {
            Headers = new Dictionary<string, string> { ["x-ogw-ratelimit-limit"] = "50", ["x-ogw-ratelimit-reset"] = "1" },
        }
        : new ApiRefusedException(fault.Status, fault.Code ?? (fault.Status >= 500 ? 5000 : 9499), $"injected by {fault.Id}");

    protected override ApiRefusedException Unreadable(BadBody what) => what == BadBody.TooLarge
        ? new ApiRefusedException(413, 9499, "Bad Request: request body too large")
        : new ApiRefusedException(400, 9499, "Bad Request: " + what switch
        {
            BadBody.NotJson => "the body is not valid JSON",
            BadBody.NoObject => "the body must be a JSON object",
            BadBody.NoBoundary => "the multipart body has no boundary",
            BadBody.CutOff => "the body cannot be read",
            _ => "the multipart body is broken",
        });

    protected override ApiRefusedException Defect(string message) => new(500, 5000, message);

    protected override string Redact(string text) => Redaction.Body(text);

    /// <summary>Time and 20 random digits, like the platform's.</summary>
    private string NewLogId() => State.Clock.GetUtcNow().ToString("yyyyMMddHHmmss") + State.Ids.Next("")[..20].ToUpperInvariant();
}
