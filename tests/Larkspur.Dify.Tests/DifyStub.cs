using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Dify.Tests;

/// <summary>A Dify that says exactly what a test tells it, byte by byte, and keeps what it was asked.</summary>
internal sealed class DifyStub : IAsyncDisposable
{
    public const string Key = "app-stub-key-0123456789";

    private readonly WebApplication _app;
    private readonly Queue<Func<HttpContext, Task>> _answers = [];
    private readonly List<Asked> _asked = [];

    private DifyStub(WebApplication app) => _app = app;

    public Uri BaseUrl => new(_app.Urls.First() + "/v1");

    public IReadOnlyList<Asked> Questions
    {
        get { lock (_asked) return [.. _asked]; }
    }

    public static async Task<DifyStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new DifyStub(app);
        app.Run(stub.ServeAsync);
        await app.StartAsync();
        return stub;
    }

    /// <summary>The next request gets this.</summary>
    public DifyStub Then(Func<HttpContext, Task> answer)
    {
        lock (_answers) _answers.Enqueue(answer);
        return this;
    }

    public DifyStub ThenJson(int status, string json) => Then(http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    });

    /// <summary>A stream of events, each a line of JSON; <c>ping</c> stands for the bare keep-alive.</summary>
    public DifyStub ThenEvents(params string[] events) => Then(async http =>
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        foreach (var json in events) await http.Response.WriteAsync(json == "ping" ? "event: ping\n\n" : $"data: {json}\n\n");
    });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
    }

    public DifyClient Client(Action<DifyOptions>? configure = null, TimeProvider? clock = null)
    {
        var options = new DifyOptions { BaseUrl = BaseUrl, ApiKey = Key };
        configure?.Invoke(options);
        return new DifyClient(options, DifyClient.CreateHttpClient(), clock, random: new Random(1));
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (_asked) _asked.Add(new Asked(http.Request.Method, http.Request.Path + http.Request.QueryString, http.Request.Headers.Authorization.ToString(), http.Request.ContentType, body.ToArray()));
        Func<HttpContext, Task>? answer;
        lock (_answers) _answers.TryDequeue(out answer);
        if (answer is null)
        {
            http.Response.StatusCode = 418;
            return;
        }

        await answer(http);
    }
}

internal sealed record Asked(string Method, string Path, string Authorization, string? ContentType, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
