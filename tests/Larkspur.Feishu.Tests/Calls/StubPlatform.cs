using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.Tests.Calls;

/// <summary>A real server on loopback that answers what a test tells it to, and remembers what it was asked.</summary>
internal sealed class StubPlatform : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _tokens;

    private StubPlatform(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ConcurrentQueue<StubRequest> Requests { get; } = new();

    public IEnumerable<StubRequest> Calls => Requests.Where(r => !r.Path.StartsWith("/open-apis/auth/", StringComparison.Ordinal));

    public IEnumerable<StubRequest> TokenCalls => Requests.Where(r => r.Path.StartsWith("/open-apis/auth/", StringComparison.Ordinal));

    /// <summary>Answers everything but the token endpoints; the number of the call, from 1.</summary>
    public Func<HttpContext, int, Task> OnCall { get; set; } = (context, _) => Json(context, 200, """{"code":0,"msg":"success","data":{}}""");

    /// <summary>Answers the token endpoints; null: a new token each time.</summary>
    public Func<HttpContext, StubRequest, Task>? OnToken { get; set; }

    public static async Task<StubPlatform> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var platform = new StubPlatform(app);
        app.Run(platform.AnswerAsync);
        await app.StartAsync();
        return platform;
    }

    public FeishuOptions Options(Action<FeishuOptions>? change = null)
    {
        var options = new FeishuOptions { AppId = "cli_a1", AppSecret = "app-secret-value", BaseUrl = Address };
        change?.Invoke(options);
        return options;
    }

    public FeishuClient Client(Action<FeishuOptions>? change = null, TimeProvider? clock = null, Random? random = null)
        => new(Options(change), clock: clock, random: random ?? new NoJitter());

    public static Task Json(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new StubRequest(
            context.Request.Method,
            context.Request.Path.Value!,
            context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(body.ToArray()));
        Requests.Enqueue(request);
        if (!request.Path.StartsWith("/open-apis/auth/", StringComparison.Ordinal)) await OnCall(context, Calls.Count());
        else if (OnToken is not null) await OnToken(context, request);
        else await AnswerTokenAsync(context, Interlocked.Increment(ref _tokens));
    }

    public static Task AnswerTokenAsync(HttpContext context, int number, int expire = 7200)
        => Json(context, 200, $$"""{"code":0,"msg":"ok","tenant_access_token":"t-{{number}}","app_access_token":"a-{{number}}","expire":{{expire}}}""");
}

internal sealed record StubRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Bearer => Headers.GetValueOrDefault("Authorization")?.Replace("Bearer ", "", StringComparison.Ordinal);
}

/// <summary>Back-off without waiting.</summary>
internal sealed class NoJitter : Random
{
    public override double NextDouble() => 0;
}

internal static class Endpoints
{
    public static FeishuEndpoint Get { get; } = new() { Id = "test.v1.thing.get", Method = HttpMethod.Get, Path = "/open-apis/test/v1/things/{thing_id}" };

    public static FeishuEndpoint Create { get; } = new() { Id = "test.v1.thing.create", Method = HttpMethod.Post, Path = "/open-apis/test/v1/things" };

    public static FeishuRequest GetThing(string id = "x") => new FeishuRequest(Get).WithPath("thing_id", id);

    public static FeishuRequest CreateThing(string? uuid = null) => new(Create) { Body = new { name = "n", uuid }, IdempotencyKey = uuid };
}
