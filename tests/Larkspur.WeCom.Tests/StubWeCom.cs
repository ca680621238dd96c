using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.Tests;

/// <summary>A real server on loopback that plays the platform's API as its pages say: it refuses wrong methods, paths, queries and tokens, and answers everything with HTTP 200.</summary>
internal sealed class StubWeCom : IAsyncDisposable
{
    public const string CorpId = "wwtest0001";
    public const string Secret = "corp-secret-value";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Method, Func<StubCall, Task> Answer)> _routes = new();
    private int _tokens;

    private StubWeCom(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ConcurrentQueue<StubCall> Requests { get; } = new();

    public IEnumerable<StubCall> Calls => Requests.Where(r => r.Path != "/cgi-bin/gettoken");

    public IEnumerable<StubCall> TokenCalls => Requests.Where(r => r.Path == "/cgi-bin/gettoken");

    /// <summary>The secret that is right at present.</summary>
    public string RightSecret { get; set; } = Secret;

    /// <summary>The token that is good at present; null: none yet.</summary>
    public string? Token { get; set; }

    /// <summary>How many calls from now on have their token refused with this code.</summary>
    public (int Code, int Times) RefuseToken { get; set; }

    /// <summary>Runs before gettoken is answered.</summary>
    public Func<Task>? BeforeToken { get; set; }

    public static async Task<StubWeCom> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var platform = new StubWeCom(app);
        app.UseWebSockets();
        app.Run(platform.AnswerAsync);
        await app.StartAsync();
        return platform;
    }

    /// <summary>Serves a POST.</summary>
    public void Post(string path, Func<StubCall, string> answer) => _routes[path] = ("POST", c => Json(c.Http, 200, answer(c)));

    /// <summary>Serves a GET.</summary>
    public void Get(string path, Func<StubCall, string> answer) => _routes[path] = ("GET", c => Json(c.Http, 200, answer(c)));

    /// <summary>Serves as it likes.</summary>
    public void On(string method, string path, Func<StubCall, Task> answer) => _routes[path] = (method, answer);

    public WeComOptions Options(Action<WeComOptions>? change = null)
    {
        var options = new WeComOptions { CorpId = CorpId, AgentId = 1000002, Secret = Secret, BaseUrl = Address };
        change?.Invoke(options);
        return options;
    }

    public WeComClient Client(Action<WeComOptions>? change = null, TimeProvider? clock = null, IRateLimiter? rateLimiter = null)
        => new(Options(change), clock: clock, random: new NoJitter(), rateLimiter: rateLimiter);

    public static Task Json(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(json);
    }

    public static Task Html(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<html><body>Bad Gateway</body></html>");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var call = new StubCall(context, context.Request.Method, context.Request.Path.Value!, context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()), body.ToArray());
        Requests.Enqueue(call);
        if (call.Path == "/cgi-bin/gettoken")
        {
            await AnswerTokenAsync(call);
            return;
        }

        if (!_routes.TryGetValue(call.Path, out var route) || route.Method != call.Method)
        {
            await Html(context, 404);
            return;
        }

        bool keyed = call.Path.StartsWith("/cgi-bin/webhook/", StringComparison.Ordinal) || call.Path == "/cgi-bin/aibot/response";
        if (!keyed && call.Path.StartsWith("/cgi-bin/", StringComparison.Ordinal))
        {
            if (RefuseToken.Times > 0)
            {
                RefuseToken = (RefuseToken.Code, RefuseToken.Times - 1);
                Token = null;
                await Json(context, 200, $$"""{"errcode":{{RefuseToken.Code}},"errmsg":"invalid access_token, hint: [{{call.Query.GetValueOrDefault("access_token")}}]"}""");
                return;
            }

            if (Token is null || call.Query.GetValueOrDefault("access_token") != Token)
            {
                await Json(context, 200, """{"errcode":40014,"errmsg":"invalid access_token"}""");
                return;
            }
        }

        await route.Answer(call);
    }

    private async Task AnswerTokenAsync(StubCall call)
    {
        if (BeforeToken is not null) await BeforeToken();
        bool shape = call.Method == "GET" && call.Query.Count == 2 && call.Query.ContainsKey("corpid") && call.Query.ContainsKey("corpsecret");
        if (!shape) await Html(call.Http, 404);
        else if (call.Query["corpid"] != CorpId) await Json(call.Http, 200, """{"errcode":40013,"errmsg":"invalid corpid"}""");
        else if (call.Query["corpsecret"] != RightSecret) await Json(call.Http, 200, $$"""{"errcode":40001,"errmsg":"invalid credential {{call.Query["corpsecret"]}}"}""");
        else
        {
            Token = $"token-{Interlocked.Increment(ref _tokens)}";
            await Json(call.Http, 200, $$"""{"errcode":0,"errmsg":"ok","access_token":"{{Token}}","expires_in":7200}""");
        }
    }
}

/// <summary>What the stub was asked.</summary>
internal sealed record StubCall(HttpContext Http, string Method, string Path, IReadOnlyDictionary<string, string> Query, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>Back-off without waiting.</summary>
internal sealed class NoJitter : Random
{
    public override double NextDouble() => 0;
}
