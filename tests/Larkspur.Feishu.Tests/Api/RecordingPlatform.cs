using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.Tests.Api;

/// <summary>A request as it arrived.</summary>
public sealed record RecordedRequest(string Method, string Path, string Query, string? Authorization, string? ContentType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A server that gives out tokens, writes down every other request, and answers with what the test queued.</summary>
public sealed class RecordingPlatform : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string ContentType, byte[] Body)> _answers = new();

    private RecordingPlatform(WebApplication app) => _app = app;

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    public FeishuClient Client { get; private set; } = null!;

    public static async Task<RecordingPlatform> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var platform = new RecordingPlatform(builder.Build());
        platform._app.Run(platform.AnswerAsync);
        await platform._app.StartAsync();
        platform.Client = new FeishuClient(new FeishuOptions
        {
            AppId = "cli_test",
            AppSecret = "not-a-secret",
            BaseUrl = new Uri(platform._app.Urls.Single()),
        });
        return platform;
    }

    public RecordingPlatform Answers(string data)
    {
        _answers.Enqueue(("application/json", Encoding.UTF8.GetBytes($$"""{"code":0,"msg":"ok","data":{{data}}}""")));
        return this;
    }

    public RecordingPlatform AnswersWhole(string contentType, string body)
    {
        _answers.Enqueue((contentType, Encoding.UTF8.GetBytes(body)));
        return this;
    }

    public RecordedRequest Single() => Assert.Single(Requests);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.ContentType = "application/json";
        if (context.Request.Path.StartsWithSegments("/open-apis/auth/v3"))
        {
            await context.Response.WriteAsync("""{"code":0,"msg":"ok","tenant_access_token":"t-test","app_access_token":"t-test","expire":7200}""");
            return;
        }

        Requests.Enqueue(new(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", context.Request.Headers.Authorization,
            context.Request.ContentType, Encoding.UTF8.GetString(body.ToArray())));
        if (!_answers.TryDequeue(out var answer)) answer = ("application/json", """{"code":0,"msg":"ok","data":{}}"""u8.ToArray());
        context.Response.ContentType = answer.ContentType;
        await context.Response.Body.WriteAsync(answer.Body);
    }
}
