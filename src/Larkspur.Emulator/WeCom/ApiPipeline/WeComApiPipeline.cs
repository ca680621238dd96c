using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.Tokens;

namespace Larkspur.Emulator.WeCom.ApiPipeline;

/// <summary>How WeCom answers a call. Its checks, in order: path and method, token, address, rate, handler.</summary>
internal sealed class WeComApiPipeline(
    EmulatorState state, WeComHandlers handlers, WeComTokens tokens, WeComLimits limits, WeComCorp corp, FaultRules faults,
    EmulatorSettings settings, ILogger<WeComApiPipeline> log)
    : ApiPipeline<ApiExchange, WeComRefusal>(state, settings, faults, log)
{
    private const int MostJsonBytes = 8 << 20;
    private const int MostFormBytes = 24 << 20;
    private const int PerMinute = 10_000;
    private const int PerHour = 150_000;
    private const int AddressPerMinute = 20_000;
    private const int AddressPerHour = 600_000;

    /// <summary>Over its limit and with a code of its own WeCom says HTTP 200; a broken server says its status.</summary>
    public static WeComRefusal RefusalFor(FaultRule fault) => fault switch
    {
        { Code: { } code } => new WeComRefusal(code, $"injected by {fault.Id}"),
        { Status: StatusCodes.Status429TooManyRequests } => WeComRefusal.TooFast($"api freq out of limit, injected by {fault.Id}"),
        _ => new WeComRefusal(-1, $"system busy, injected by {fault.Id}", fault.Status),
    };

    protected override string Platform => WeComPlatform.PlatformName;

    protected override ApiExchange Begin(HttpContext http, long started)
    {
        var exchange = new ApiExchange(http, "", started);
        exchange.EndpointId = "wecom" + exchange.Path;
        return exchange;
    }

    protected override Task ReadBodyAsync(ApiExchange exchange) => exchange.Body.ReadAsync(exchange.Request, MostJsonBytes, MostFormBytes);

    protected override async Task<ApiAnswer> ServeAsync(ApiExchange exchange)
    {
        var http = exchange.Http;
        var endpoint = handlers.Find(exchange.Path) ?? throw WeComRefusal.NotEmulated(exchange.Path);
        // The platform reads GET's parameters from a POST as well; a GET where a body is wanted has none.
        if (endpoint.Method == "POST" && !HttpMethods.IsPost(http.Request.Method)) throw new WeComRefusal(43002, "require POST method");
        TokenOwner? owner = null;
        if (endpoint.Guard == WeComGuard.Token)
        {
            owner = tokens.Identify(http.Request.Query["access_token"].ToString());
            exchange.AppId = owner.AgentId is { } agent ? agent.ToString() : owner.Name;
            var address = http.Connection.RemoteIpAddress;
            if (!corp.Trusts(address)) throw new WeComRefusal(60020, $"not allow to access from your ip, from ip: {address}");
            if (!endpoint.OwnRates) Count("corp" + endpoint.Path, PerMinute, PerHour);
            if (!endpoint.OwnRates) Count($"ip/{address}{endpoint.Path}", AddressPerMinute, AddressPerHour);
        }

        // Content-Type only tells parts from JSON.
        await exchange.Body.ParseAsync(isFile: _ => true, takesForms: false);
        return await endpoint.Handler(new WeComCall
        {
            Query = http.Request.Query, Body = exchange.Body.Json, Files = exchange.Body.Files, Owner = owner,
            Remote = http.Connection.RemoteIpAddress, Origin = $"{http.Request.Scheme}://{http.Request.Host}",
        }, http.RequestAborted);
    }

    protected override ApiAnswer Refused(ApiExchange exchange, WeComRefusal refusal) => WeComAnswer.Refused(refusal);

    protected override WeComRefusal Injected(FaultRule fault) => RefusalFor(fault);

    protected override WeComRefusal Unreadable(BadBody what) => what switch
    {
        BadBody.TooLarge => new WeComRefusal(40206, "request body too large"),
        BadBody.NotJson => WeComRefusal.Parameter("the body is not JSON. Warning: wrong json format."),
        BadBody.NoObject => WeComRefusal.Parameter("the body is no JSON object. Warning: wrong json format."),
        BadBody.NoBoundary => WeComRefusal.Parameter("the form has no boundary"),
        BadBody.CutOff => WeComRefusal.Parameter("the body cannot be read"),
        _ => WeComRefusal.Parameter("the form cannot be read"),
    };

    protected override WeComRefusal Defect(string message) => new(-1, message, StatusCodes.Status500InternalServerError);

    protected override string Redact(string text) => WeComRedaction.Body(text);

    private void Count(string key, int perMinute, int perHour)
    {
        var passed = limits.TryTake(key, perMinute, WeComLimits.Minute, WeComLimits.Minute)
            && limits.TryTake(key, perHour, WeComLimits.Hour, WeComLimits.Hour);
        if (!passed) throw WeComRefusal.TooFast();
    }
}
