using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk.Front;

/// <summary>The front door of both generations of the API. Its gates, in order: route, token, rate, body, handler.</summary>
internal sealed partial class DingTalkFront(
    IEnumerable<IDingTalkArea> areas, DingTalkGate gate, DingTalkLimits limits, FaultRules faults, EmulatedWorld world, EmulatorSettings settings, ILogger<DingTalkFront> log)
{
    private readonly DingTalkRouteTable _routes = new(areas.SelectMany(a => a.Routes));

    public async Task HandleAsync(HttpContext http)
    {
        var visit = new Visit(Guid.NewGuid().ToString().ToUpperInvariant(), http.Request.Path.Value ?? "/", settings.RealTime.GetTimestamp());
        var fault = faults.ForCall(http.Request.Method, visit.Path);
        try
        {
            if (fault is { Kind: FaultKind.Refuse }) visit.Verdict = $"connection broken by {fault.Id}, nothing done";
            else Accept(visit, await AnswerAsync(http, visit, fault));
        }
        catch (DingTalkRefusal refusal)
        {
            Refuse(visit, refusal);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            LogDefect(log, defect, http.Request.Method, visit.Path, visit.RequestId);
            Refuse(visit, new DingTalkRefusal(500, "unknownError", -1, "internal error of the emulator, see its log") { KeepStatus = true });
        }

        var drop = fault is { Kind: FaultKind.Drop or FaultKind.Refuse };
        if (fault is { Kind: FaultKind.Drop }) visit.Verdict += $" · answer dropped by {fault.Id}";
        Record(http, visit, drop);
        if (drop)
        {
            http.Abort();
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(visit.Text);
        http.Response.StatusCode = visit.Status;
        http.Response.ContentType = visit.Xml is null ? "application/json;charset=utf-8" : "application/xml;charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private async Task<DingTalkAnswer> AnswerAsync(HttpContext http, Visit visit, FaultRule? fault)
    {
        await visit.Body.ReadAsync(http.Request);
        if (fault is { Kind: FaultKind.Status }) throw Injected(fault);
        if (fault is { Kind: FaultKind.Delay })
        {
            await Task.Delay(fault.Delay, settings.RealTime, http.RequestAborted);
            visit.Verdict = $"delayed by {fault.Id} · ";
        }

        var (route, path) = _routes.Find(http.Request.Method, visit.Path) ?? throw DingTalkRefusal.NotEmulated($"{http.Request.Method} {visit.Path}");
        visit.Route = route;
        var person = gate.Pass(route, http);
        if (route.Token == TokenKind.App) limits.Pass(route);
        await visit.Body.ParseAsync(route);
        return await route.Run(new DingTalkCall
        {
            Body = visit.Body.Json, Query = http.Request.Query, Headers = http.Request.Headers, Path = path, Origin = (http.Request.Scheme, http.Request.Host),
            Remote = http.Connection.RemoteIpAddress, Upload = visit.Body.Upload, Person = person,
        });
    }

    private static DingTalkRefusal Injected(FaultRule fault) => fault.Status is 429 or 403
        ? new DingTalkRefusal(fault.Status, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", fault.Code ?? 90018, $"injected by {fault.Id}") { KeepStatus = true }
        : new DingTalkRefusal(fault.Status, fault.Status >= 500 ? "ServiceUnavailable" : "invalidParameter", fault.Code ?? (fault.Status >= 500 ? 15 : 40035), $"injected by {fault.Id}") { KeepStatus = true };

    private static void Accept(Visit visit, DingTalkAnswer answer)
    {
        visit.Verdict += "served";
        (visit.Status, visit.Xml) = (StatusCodes.Status200OK, answer.Xml);
        if (visit.IsNew)
        {
            visit.Json = answer.Json;
            return;
        }

        visit.Json = new JsonObject { ["errcode"] = 0, ["errmsg"] = "ok" };
        foreach (var (name, value) in answer.Json) visit.Json[name] = value?.DeepClone();
        visit.Json["request_id"] = visit.RequestId;
    }

    private static void Refuse(Visit visit, DingTalkRefusal refusal)
    {
        visit.Verdict += $"refused: {(visit.IsNew ? refusal.Code : refusal.ErrCode.ToString())} {refusal.Message}";
        visit.Status = visit.IsNew || refusal.KeepStatus ? refusal.Status : StatusCodes.Status200OK;
        visit.Json = visit.IsNew
            ? new JsonObject { ["requestid"] = visit.RequestId, ["code"] = refusal.Code, ["message"] = refusal.Message }
            : new JsonObject { ["errcode"] = refusal.ErrCode, ["errmsg"] = refusal.Message };
        if (visit.IsNew && refusal.RequiredScopes is [_, ..] scopes) visit.Json["accessdenieddetail"] = new JsonObject { ["requiredScopes"] = new JsonArray([.. scopes.Select(s => (JsonNode?)s)]) };
        if (!visit.IsNew && refusal.SubCode is { } sub) (visit.Json["sub_code"], visit.Json["sub_msg"]) = (sub, refusal.Message);
        if (!visit.IsNew) visit.Json["request_id"] = visit.RequestId;
    }

    private void Record(HttpContext http, Visit visit, bool dropped) => world.Inspector.Add(new ApiCall
    {
        Number = world.Inspector.NextNumber(), Time = world.Clock.GetUtcNow(), Method = http.Request.Method, Path = DingTalkRedaction.Text(visit.Path + http.Request.QueryString),
        EndpointId = visit.Route is { } route ? "dingtalk " + route.Path : null, AppId = settings.DingTalk.ClientId, Headers = DingTalkRedaction.Headers(http.Request.Headers),
        RequestBody = DingTalkRedaction.Text(visit.Body.Describe()), Status = dropped ? 0 : visit.Status, Code = visit.Json["errcode"] is JsonValue code && code.TryGetValue<long>(out var number) ? number : null,
        ResponseBody = DingTalkRedaction.Text(visit.Text), LogId = visit.RequestId, Milliseconds = Math.Round(settings.RealTime.GetElapsedTime(visit.Started).TotalMilliseconds, 2), Verdict = visit.Verdict,
    });

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The emulated DingTalk failed to answer {Method} {Path} ({RequestId})")]
    private static partial void LogDefect(ILogger logger, Exception defect, string method, string path, string requestId);

    private sealed class Visit(string requestId, string path, long started)
    {
        public string RequestId { get; } = requestId;
        public string Path { get; } = path;
        public long Started { get; } = started;
        public bool IsNew { get; } = path.StartsWith("/v1.0/", StringComparison.Ordinal);
        public CallBody Body { get; } = new();
        public DingTalkRoute? Route { get; set; }
        public int Status { get; set; }
        public JsonObject Json { get; set; } = [];
        public string? Xml { get; set; }
        public string Verdict { get; set; } = "";
        public string Text => Xml ?? CanonicalJson.Write(Json);
    }
}
