using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>A call of either generation of the API; they differ in the shape of every answer.</summary>
internal sealed class DingTalkExchange(HttpContext http, string requestId, long started) : ApiExchange(http, requestId, started)
{
    public bool IsNew => Path.StartsWith("/v1.0/", StringComparison.Ordinal);
}

/// <summary>How DingTalk answers a call. Its checks, in order: route, token, rate, body, handler.</summary>
internal sealed class DingTalkApiPipeline(
    IEnumerable<IDingTalkArea> areas, DingTalkAccess access, DingTalkLimits limits, FaultRules faults, EmulatorState state,
    EmulatorSettings settings, ILogger<DingTalkApiPipeline> log)
    : ApiPipeline<DingTalkExchange, DingTalkRefusal>(state, settings, faults, log)
{
    private const int MostJsonBytes = 2 << 20;
    private const int MostFormBytes = 24 << 20;
    private const string JsonType = "application/json;charset=utf-8";
    private const string XmlType = "application/xml;charset=utf-8";

    private readonly DingTalkRouteTable _routes = new(areas.SelectMany(a => a.Routes));
    private readonly string _clientId = settings.DingTalk.ClientId;

    protected override string Platform => DingTalkPlatform.PlatformName;

    protected override DingTalkExchange Begin(HttpContext http, long started) =>
        new(http, Guid.NewGuid().ToString().ToUpperInvariant(), started) { AppId = _clientId };

    protected override Task ReadBodyAsync(DingTalkExchange exchange) =>
        exchange.Body.ReadAsync(exchange.Request, MostJsonBytes, MostFormBytes);

    protected override async Task<ApiAnswer> ServeAsync(DingTalkExchange exchange)
    {
        var (http, body) = (exchange.Http, exchange.Body);
        var (route, path) = _routes.Find(http.Request.Method, exchange.Path)
            ?? throw DingTalkRefusal.NotEmulated($"{http.Request.Method} {exchange.Path}");
        exchange.EndpointId = "dingtalk " + route.Path;
        var person = access.Pass(route, http);
        if (route.Token == TokenKind.App) limits.Pass(route);
        // A GET's body means nothing; some clients send one.
        if (route.Method != "GET") await body.ParseAsync(name => name == route.Upload);
        return Accepted(exchange, await route.Run(new DingTalkCall
        {
            Body = body.Json, Query = http.Request.Query, Headers = http.Request.Headers, Path = path,
            Origin = (http.Request.Scheme, http.Request.Host), Remote = http.Connection.RemoteIpAddress, Upload = body.Files.Values.FirstOrDefault(), Person = person,
        }));
    }

    protected override ApiAnswer Refused(DingTalkExchange exchange, DingTalkRefusal refusal)
    {
        if (exchange.IsNew)
        {
            var json = new JsonObject { ["requestid"] = exchange.LogId, ["code"] = refusal.Code, ["message"] = refusal.Message };
            if (refusal.RequiredScopes is [_, ..] scopes) json["accessdenieddetail"] = new JsonObject { ["requiredScopes"] = scopes.ToJson() };
            return new ApiAnswer { Status = refusal.Status, Json = json, ContentType = JsonType };
        }

        var old = new JsonObject { ["errcode"] = refusal.ErrCode, ["errmsg"] = refusal.Message };
        if (refusal.SubCode is { } sub) (old["sub_code"], old["sub_msg"]) = (sub, refusal.Message);
        old["request_id"] = exchange.LogId;
        return new ApiAnswer { Status = refusal.KeepStatus ? refusal.Status : StatusCodes.Status200OK, Json = old, ContentType = JsonType };
    }

    protected override DingTalkRefusal Injected(FaultRule fault)
    {
        var (code, errCode) = fault.Status switch
        {
            429 or 403 => ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 90018),
            >= 500 => ("ServiceUnavailable", 15),
            _ => ("invalidParameter", 40035),
        };
        return new DingTalkRefusal(fault.Status, code, fault.Code ?? errCode, $"injected by {fault.Id}") { KeepStatus = true };
    }

    protected override DingTalkRefusal Unreadable(BadBody what) => what == BadBody.TooLarge
        ? new DingTalkRefusal(413, "RequestTooLarge", 40035, "request body too large") { KeepStatus = true }
        : DingTalkRefusal.Parameter("body", what switch
        {
            BadBody.NotJson => "is not valid JSON",
            BadBody.NoObject => "is no JSON object",
            BadBody.NoBoundary => "has no boundary",
            _ => "is broken",
        });

    protected override DingTalkRefusal Defect(string message) => new(500, "unknownError", -1, message) { KeepStatus = true };

    protected override string Redact(string text) => DingTalkRedaction.Text(text);

    /// <summary>The old generation's successes have <c>errcode</c>, <c>errmsg</c> and <c>request_id</c> too.</summary>
    private static ApiAnswer Accepted(DingTalkExchange exchange, DingTalkAnswer answer)
    {
        if (answer.Xml is { } xml) return new ApiAnswer { Bytes = Encoding.UTF8.GetBytes(xml), ContentType = XmlType };
        if (exchange.IsNew) return new ApiAnswer { Json = answer.Json, ContentType = JsonType };
        var json = new JsonObject { ["errcode"] = 0, ["errmsg"] = "ok" };
        foreach (var (name, value) in answer.Json) json[name] = value?.DeepClone();
        json["request_id"] = exchange.LogId;
        return new ApiAnswer { Json = json, ContentType = JsonType };
    }
}
