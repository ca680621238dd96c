using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Larkspur.Feishu;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Approvals.Tests;

/// <summary>A server on loopback that answers what a test tells it to, and keeps what it was asked. For the calls, answers and faults that the emulator does not have.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<WireCall> _came = Channel.CreateUnbounded<WireCall>();

    private Wire()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.First());

    public ConcurrentQueue<WireCall> Calls { get; } = new();

    /// <summary>Says the status and body of an answer; null: success without data.</summary>
    public Func<WireCall, (int Status, string Body)?> Answer { get; set; } = _ => null;

    public static async Task<Wire> StartAsync()
    {
        var wire = new Wire();
        await wire._app.StartAsync();
        return wire;
    }

    public FeishuClient Client(Action<FeishuOptions>? change = null)
    {
        var options = new FeishuOptions { AppId = "cli_test", AppSecret = "secret", BaseUrl = Address };
        change?.Invoke(options);
        return new FeishuClient(options);
    }

    public async Task<WireCall> NextAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _came.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>Answers <c>data</c>, whatever is asked.</summary>
    public void Say(string data) => Answer = _ => (200, $$"""{"code":0,"msg":"success","data":{{data}}}""");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var call = new WireCall(
            http.Request.Method, http.Request.Path.Value!, http.Request.QueryString.Value!, http.Request.Headers.Authorization.ToString(), body.ToArray(),
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        if (call.Path.EndsWith("/tenant_access_token/internal", StringComparison.Ordinal))
        {
            await WriteAsync(http, 200, """{"code":0,"msg":"ok","tenant_access_token":"t-wire","expire":7200}""");
            return;
        }

        Calls.Enqueue(call);
        _came.Writer.TryWrite(call);
        (int status, string answer) = Answer(call) ?? (200, """{"code":0,"msg":"success","data":{}}""");
        await WriteAsync(http, status, answer);
    }

    private static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(json);
    }
}

/// <summary>A call that came.</summary>
internal sealed record WireCall(string Method, string Path, string Query, string Authorization, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonObject Json => JsonNode.Parse(Bytes)!.AsObject();
}
