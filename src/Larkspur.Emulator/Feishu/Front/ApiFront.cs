using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Front;

/// <summary>The front door of the open platform. Its gates, in order: route, token, scope, rate, fields, handler.</summary>
internal sealed partial class ApiFront(
    EmulatedWorld world, EndpointCatalogue catalogue, ApiHandlers handlers, AccessGate gate, RateLimiter limiter, FaultRules faults,
    EmulatorSettings settings, ILogger<ApiFront> log)
{
    /// <summary>The emulator's own code, outside every range of the platform: all checks passed, but this endpoint is not played.</summary>
    public const long NotEmulated = 599_000_501;

    public async Task HandleAsync(HttpContext http)
    {
        var started = settings.RealTime.GetTimestamp();
        var visit = new Visit { LogId = NewLogId(), Path = http.Request.Path.Value ?? "/" };
        http.Response.Headers["X-Tt-Logid"] = visit.LogId;
        var fault = faults.ForCall(http.Request.Method, visit.Path);
        ApiAnswer answer;
        try
        {
            answer = fault is { Kind: FaultKind.Refuse } ? Broken(visit, fault) : await AnswerAsync(http, visit, fault);
        }
        catch (ApiRefusedException refusal)
        {
            answer = ErrorEnvelope.For(refusal, visit.LogId, visit.Endpoint?.Id);
            visit.Verdict = $"refused: {refusal.Code} {refusal.Message}";
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            LogDefect(log, defect, http.Request.Method, visit.Path, visit.LogId);
            answer = ErrorEnvelope.For(new ApiRefusedException(500, 5000, "internal error of the emulator, see its log"), visit.LogId, visit.Endpoint?.Id);
            visit.Verdict = "defect of the emulator: " + defect.GetType().Name;
        }

        var drop = fault is { Kind: FaultKind.Drop or FaultKind.Refuse };
        if (drop) visit.Verdict += $" · answer dropped by {fault!.Id}";
        Record(http, visit, answer, drop, settings.RealTime.GetElapsedTime(started).TotalMilliseconds);
        if (drop)
        {
            http.Abort();
            return;
        }

        await WriteAsync(http, answer);
    }

    private async Task<ApiAnswer> AnswerAsync(HttpContext http, Visit visit, FaultRule? fault)
    {
        await visit.Body.ReadAsync(http.Request);
        var found = catalogue.Find(http.Request.Method, visit.Path);
        visit.Endpoint = found.Endpoint;
        if (fault is { Kind: FaultKind.Status })
        {
            throw Injected(fault);
        }

        if (fault is { Kind: FaultKind.Delay })
        {
            await Task.Delay(fault.Delay, settings.RealTime, http.RequestAborted);
            visit.Verdict = $"delayed by {fault.Id} · ";
        }

        if (found.Endpoint is not { } endpoint)
        {
            throw found.PathExists ? new ApiRefusedException(405, 99991301, "request method doesn't match") : new ApiRefusedException(404, 99991201, "resource not find");
        }

        Caller? caller = null;
        if (!endpoint.NoAuth)
        {
            caller = gate.Identify(endpoint, http.Request.Headers.Authorization);
            visit.AppId = caller.App.AppId;
            gate.CheckScopes(endpoint, caller, http.Request.Query);
            limiter.Pass(endpoint, caller.App);
        }

        var handler = handlers.For(endpoint, out var ownValidation);
        if (!handlers.ReadsBodyItself(endpoint)) await visit.Body.ParseAsync(endpoint);
        if (!ownValidation)
        {
            var violations = RequestValidator.Check(endpoint, found.PathParameters, http.Request.Query, visit.Body.Json, visit.Body.Files);
            if (violations.Count > 0) throw new ApiRefusedException(400, 99992402, "field validation failed") { FieldViolations = violations };
        }

        if (handler is null)
        {
            throw new ApiRefusedException(501, NotEmulated, $"not emulated: {endpoint.Id}; validated ok");
        }

        var answer = handler(new ApiRequest
        {
            Endpoint = endpoint, LogId = visit.LogId, Origin = (http.Request.Scheme, http.Request.Host), Path = found.PathParameters, Query = http.Request.Query, Body = visit.Body.Json,
            Files = visit.Body.Files, Caller = caller, Raw = visit.Body.Bytes, Remote = http.Connection.RemoteIpAddress,
        });
        visit.AppId ??= visit.Body.Json["app_id"] is JsonValue v && v.TryGetValue<string>(out var id) ? id : null;
        visit.Verdict += "served";
        return answer;
    }

    private static ApiRefusedException Injected(FaultRule fault) => fault.Status == 429
        ? new ApiRefusedException(429, fault.Code ?? 99991400, "request trigger frequency limit")
        {
            Headers = new Dictionary<string, string> { ["x-ogw-ratelimit-limit"] = "50", ["x-ogw-ratelimit-reset"] = "1" },
        }
        : new ApiRefusedException(fault.Status, fault.Code ?? (fault.Status >= 500 ? 5000 : 9499), $"injected by {fault.Id}");

    private static ApiAnswer Broken(Visit visit, FaultRule fault)
    {
        visit.Verdict = $"connection broken by {fault.Id}, nothing done";
        return new ApiAnswer { Status = 0 };
    }

    private static async Task WriteAsync(HttpContext http, ApiAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers) http.Response.Headers[name] = value;
        if (answer.FileName is { } fileName)
        {
            http.Response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
        }

        var bytes = answer.Json is null ? answer.Bytes : Encoding.UTF8.GetBytes(CanonicalJson.Write(answer.Json));
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private void Record(HttpContext http, Visit visit, ApiAnswer answer, bool dropped, double milliseconds)
    {
        world.Inspector.Add(new ApiCall
        {
            Number = world.Inspector.NextNumber(), Time = world.Clock.GetUtcNow(), Method = http.Request.Method,
            Path = visit.Path + http.Request.QueryString, EndpointId = visit.Endpoint?.Id, AppId = visit.AppId,
            Headers = ShownHeaders.Of(http.Request.Headers), RequestBody = Redaction.Body(visit.Body.Describe()),
            Status = dropped ? 0 : answer.Status, Code = long.TryParse(answer.Json?["code"]?.ToString(), out var code) ? code : null,
            ResponseBody = Redaction.Body(answer.Json is null ? $"<{answer.Bytes.Length} bytes {answer.ContentType}>" : CanonicalJson.Write(answer.Json)),
            LogId = visit.LogId, Milliseconds = Math.Round(milliseconds, 2), Verdict = visit.Verdict,
        });
    }

    /// <summary>Time and 20 random digits, like the platform's.</summary>
    private string NewLogId() => world.Clock.GetUtcNow().ToString("yyyyMMddHHmmss") + world.Ids.Next("")[..20].ToUpperInvariant();

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The emulator failed to answer {Method} {Path} ({LogId})")]
    private static partial void LogDefect(ILogger logger, Exception defect, string method, string path, string logId);

    private sealed class Visit
    {
        public required string LogId { get; init; }
        public required string Path { get; init; }
        public RequestBody Body { get; } = new();
        public ApiEndpoint? Endpoint { get; set; }
        public string? AppId { get; set; }
        public string Verdict { get; set; } = "";
    }
}
