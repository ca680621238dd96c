using System.Text;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.Tokens;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.WeCom.Front;

/// <summary>The front door of WeCom's API. Its gates, in order: path and method, token, address, rate, handler.</summary>
internal sealed partial class WeComFront(
    EmulatedWorld world, WeComHandlers handlers, WeComTokens tokens, WeComLimits limits, WeComCorp corp, FaultRules faults, EmulatorSettings settings, ILogger<WeComFront> log)
{
    private const int PerMinute = 10_000;
    private const int PerHour = 150_000;
    private const int AddressPerMinute = 20_000;
    private const int AddressPerHour = 600_000;

    public async Task HandleAsync(HttpContext http)
    {
        var started = settings.RealTime.GetTimestamp();
        var visit = new Visit(http.Request.Path.Value ?? "/");
        var fault = faults.ForCall(http.Request.Method, visit.Path);
        WeComAnswer answer;
        try
        {
            answer = fault is { Kind: FaultKind.Refuse } ? visit.Broken(fault) : await AnswerAsync(http, visit, fault);
        }
        catch (WeComRefusal refusal)
        {
            answer = WeComAnswer.Refused(refusal);
            visit.Verdict += $"refused: {refusal.Code} {refusal.Message}";
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            LogDefect(log, defect, http.Request.Method, visit.Path);
            answer = WeComAnswer.Refused(new WeComRefusal(-1, "internal error of the emulator, see its log", StatusCodes.Status500InternalServerError));
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

    /// <summary>How WeCom puts a planned failure: over its limit and with a code of its own it says HTTP 200, a broken front says its status.</summary>
    public static WeComRefusal Injected(FaultRule fault) => fault switch
    {
        { Code: { } code } => new WeComRefusal(code, $"injected by {fault.Id}"),
        { Status: StatusCodes.Status429TooManyRequests } => WeComRefusal.TooFast($"api freq out of limit, injected by {fault.Id}"),
        _ => new WeComRefusal(-1, $"system busy, injected by {fault.Id}", fault.Status),
    };

    private async Task<WeComAnswer> AnswerAsync(HttpContext http, Visit visit, FaultRule? fault)
    {
        await visit.Body.ReadAsync(http.Request);
        if (fault is { Kind: FaultKind.Status }) throw Injected(fault);
        if (fault is { Kind: FaultKind.Delay })
        {
            await Task.Delay(fault.Delay, settings.RealTime, http.RequestAborted);
            visit.Verdict = $"delayed by {fault.Id} · ";
        }

        var endpoint = handlers.Find(visit.Path) ?? throw WeComRefusal.NotEmulated(visit.Path);
        // The platform reads GET's parameters from a POST as well; a GET where a body is wanted has none.
        if (endpoint.Method == "POST" && !HttpMethods.IsPost(http.Request.Method)) throw new WeComRefusal(43002, "require POST method");
        TokenOwner? owner = null;
        if (endpoint.Guard == WeComGuard.Token)
        {
            owner = tokens.Identify(http.Request.Query["access_token"].ToString());
            visit.AppId = owner.AgentId is { } agent ? agent.ToString() : owner.Name;
            if (!corp.Trusts(http.Connection.RemoteIpAddress)) throw new WeComRefusal(60020, $"not allow to access from your ip, from ip: {http.Connection.RemoteIpAddress}");
            if (!endpoint.OwnRates) Count(endpoint.Path, http.Connection.RemoteIpAddress?.ToString());
        }

        var answer = await endpoint.Handler(new WeComCall
        {
            Query = http.Request.Query, Body = await visit.Body.ParseAsync(), Files = visit.Body.Files, Owner = owner, Remote = http.Connection.RemoteIpAddress,
            Origin = $"{http.Request.Scheme}://{http.Request.Host}",
        }, http.RequestAborted);
        visit.Verdict += "served";
        return answer;
    }

    private void Count(string path, string? address)
    {
        var passed = limits.TryTake("corp" + path, PerMinute, WeComLimits.Minute, WeComLimits.Minute) && limits.TryTake("corp" + path, PerHour, WeComLimits.Hour, WeComLimits.Hour)
            && limits.TryTake("ip/" + address + path, AddressPerMinute, WeComLimits.Minute, WeComLimits.Minute) && limits.TryTake("ip/" + address + path, AddressPerHour, WeComLimits.Hour, WeComLimits.Hour);
        if (!passed) throw WeComRefusal.TooFast();
    }

    private static async Task WriteAsync(HttpContext http, WeComAnswer answer)
    {
        if (answer.Location is { } location)
        {
            http.Response.Redirect(location);
            return;
        }

        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        if (answer.FileName is { } fileName)
        {
            http.Response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
            http.Response.Headers.XContentTypeOptions = "nosniff";
        }

        var bytes = answer.Json is null ? answer.Bytes : Encoding.UTF8.GetBytes(CanonicalJson.Write(answer.Json));
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private void Record(HttpContext http, Visit visit, WeComAnswer answer, bool dropped, double milliseconds) => world.Inspector.Add(new ApiCall
    {
        Number = world.Inspector.NextNumber(), Time = world.Clock.GetUtcNow(), Method = http.Request.Method, Path = visit.Path + WeComRedaction.Query(http.Request.QueryString.Value ?? ""),
        EndpointId = "wecom" + visit.Path, AppId = visit.AppId, Headers = ShownHeaders.Of(http.Request.Headers), RequestBody = WeComRedaction.Body(visit.Body.Describe()),
        Status = dropped ? 0 : answer.Status, Code = long.TryParse(answer.Json?["errcode"]?.ToString(), out var code) ? code : null,
        ResponseBody = answer.Json is null ? $"<{answer.Bytes.Length} bytes {answer.ContentType}>" : WeComRedaction.Body(CanonicalJson.Write(answer.Json)),
        LogId = "", Milliseconds = Math.Round(milliseconds, 2), Verdict = visit.Verdict,
    });

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The emulated WeCom failed to answer {Method} {Path}")]
    private static partial void LogDefect(ILogger logger, Exception defect, string method, string path);

    private sealed class Visit(string path)
    {
        public string Path { get; } = path;
        public WeComBody Body { get; } = new();
        public string? AppId { get; set; }
        public string Verdict { get; set; } = "";

        public WeComAnswer Broken(FaultRule fault)
        {
            Verdict = $"connection broken by {fault.Id}, nothing done";
            return new WeComAnswer { Status = 0 };
        }
    }
}
