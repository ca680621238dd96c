using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk.Tests;

/// <summary>
/// DingTalk's two hosts on one loopback address: gives tokens, refuses calls that carry the token in the wrong place or a body that is not strict JSON, and answers the rest as a test says.
/// </summary>
internal sealed class DingTalkStub : IAsyncDisposable
{
    public const string ClientId = "dingclient0001";
    public const string ClientSecret = "client-secret-value";

    private readonly WebApplication _app;
    private int _tokens;

    private DingTalkStub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ConcurrentQueue<StubRequest> Requests { get; } = new();

    public IEnumerable<StubRequest> Calls => Requests.Where(r => r.Path != "/v1.0/oauth2/accessToken");

    public IEnumerable<StubRequest> TokenCalls => Requests.Where(r => r.Path == "/v1.0/oauth2/accessToken");

    /// <summary>The token that calls must carry; changing it makes those that were given invalid.</summary>
    public string GoodToken => $"token-number-{_tokens}";

    /// <summary>Answers everything but the token endpoint; the number of the call, from 1.</summary>
    public Func<HttpContext, StubRequest, int, Task> OnCall { get; set; } = (context, request, _) => Json(context, 200, request.IsOld ? """{"errcode":0,"errmsg":"ok"}""" : "{}");

    /// <summary>Answers the token endpoint; null: a new token each time.</summary>
    public Func<HttpContext, Task>? OnToken { get; set; }

    /// <summary>Takes what is no plain call (sockets); true: it was answered.</summary>
    public Func<HttpContext, Task<bool>>? OnOther { get; set; }

    public static async Task<DingTalkStub> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.UseWebSockets();
        var stub = new DingTalkStub(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        return stub;
    }

    public DingTalkOptions Options(Action<DingTalkOptions>? change = null)
    {
        var options = new DingTalkOptions { ClientId = ClientId, ClientSecret = ClientSecret, RobotCode = "dingrobot01", AgentId = 4711, BaseUrl = Address };
        change?.Invoke(options);
        return options;
    }

    public DingTalkClient Client(Action<DingTalkOptions>? change = null, TimeProvider? clock = null, IDingTalkUsageObserver? observer = null)
        => new(Options(change), clock: clock, random: new NoJitter(), observer: observer);

    public void Answers(string json, int status = 200) => OnCall = (context, _, _) => Json(context, status, json);

    public static Task Json(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json);
    }

    public static Task Html(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (OnOther is not null && await OnOther(context)) return;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new StubRequest(context.Request.Method, context.Request.Path.Value!, context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), Encoding.UTF8.GetString(body.ToArray()));
        Requests.Enqueue(request);
        if (request.Path == "/v1.0/oauth2/accessToken")
        {
            await AnswerTokenAsync(context, request);
            return;
        }

        if (Problem(request) is { } problem)
        {
            await Json(context, 400, JsonSerializer.Serialize(new { code = "stub.refuses", message = problem, requestid = "stub" }));
            return;
        }

        await OnCall(context, request, Calls.Count());
    }

    private async Task AnswerTokenAsync(HttpContext context, StubRequest request)
    {
        if (OnToken is not null)
        {
            await OnToken(context);
            return;
        }

        bool good = request.Method == "POST" && request.Json.GetProperty("appKey").GetString() == ClientId && request.Json.GetProperty("appSecret").GetString() == ClientSecret;
        if (!good)
        {
            await Json(context, 400, """{"code":"invalidClientIdOrSecret","message":"无效的clientId或者clientSecret","requestid":"R0"}""");
            return;
        }

        Interlocked.Increment(ref _tokens);
        await Json(context, 200, $$"""{"accessToken":"{{GoodToken}}","expireIn":7200}""");
    }

    /// <summary>What the real hosts would not take.</summary>
    private static string? Problem(StubRequest request)
    {
        if (request.Body.Length > 0 && !request.Headers["Content-Type"].StartsWith("multipart/form-data; boundary=", StringComparison.Ordinal))
        {
            if (request.Headers["Content-Type"] != "application/json; charset=utf-8") return "Content-Type";
            try
            {
                using var document = JsonDocument.Parse(request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            }
            catch (JsonException)
            {
                return "body";
            }
        }

        if (request.Headers.GetValueOrDefault("Accept") != "application/json") return "Accept";
        if (request.Path is "/robot/send" or "/robot/sendBySession") return null;
        if (request.Path == "/v1.0/gateway/connections/open" || request.Path == "/v1.0/oauth2/userAccessToken") return null;
        bool inHeader = request.Headers.ContainsKey("x-acs-dingtalk-access-token"), inQuery = request.Query.ContainsKey("access_token");
        return request.IsOld ? inHeader || !inQuery ? "an old call has its token in the query" : null : !inHeader || inQuery ? "a new call has its token in the header" : null;
    }
}

internal sealed record StubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public bool IsOld => !Path.StartsWith("/v1.0/", StringComparison.Ordinal);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Token => IsOld ? Query.GetValueOrDefault("access_token") : Headers.GetValueOrDefault("x-acs-dingtalk-access-token");
}

/// <summary>Back-off without waiting.</summary>
internal sealed class NoJitter : Random
{
    public override double NextDouble() => 0;
}

internal static class Endpoints
{
    public static DingTalkEndpoint New { get; } = new() { Id = "test.new", Method = HttpMethod.Post, Path = "/v1.0/test/things" };

    public static DingTalkEndpoint Old { get; } = new() { Id = "test.old", Method = HttpMethod.Post, Path = "/topapi/test/thing", Form = DingTalkForm.Old };

    public static DingTalkRequest Call(DingTalkForm form, string? key = null)
        => new(form == DingTalkForm.Old ? Old : New) { Body = new { name = "n" }, IdempotencyKey = key };

    public static DingTalkRequest Read(DingTalkForm form) => new((form == DingTalkForm.Old ? Old : New) with { OnlyReads = true }) { Body = new { name = "n" } };
}

internal static class Wait
{
    /// <summary>Until something is so; what never comes ends with the test's own time.</summary>
    public static async Task Until(Func<bool> condition)
    {
        long started = Environment.TickCount64;
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.True(Environment.TickCount64 - started < 60_000, "It did not happen within a minute.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets time pass until something has ended: a step whenever somebody waits for the clock.</summary>
    public static async Task Passing(ManualTimeProvider clock, TimeSpan step, Task ending)
    {
        for (int steps = 0; !ending.IsCompleted; steps++)
        {
            Assert.True(steps < 10_000, "It did not end, whatever time passed.");
            await Until(() => ending.IsCompleted || clock.PendingTimers > 0);
            clock.Advance(step);
        }
    }
}
