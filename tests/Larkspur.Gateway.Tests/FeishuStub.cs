using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Gateway.Tests;

/// <summary>The few Feishu endpoints that the gateway calls, on loopback, with faults on demand.</summary>
/// <remarks>For what the emulator is not asked to do: dropping an answer after the effect, failing a number of times, counting bytes on the wire.</remarks>
public sealed class FeishuStub : IAsyncDisposable
{
    public const string BotOpenId = "ou_bot";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _byUuid = new();
    private readonly Channel<SentCall> _sent = Channel.CreateUnbounded<SentCall>();
    private int _ids;

    private FeishuStub()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Address => _app.Urls.First();

    /// <summary>All message calls, failed ones included.</summary>
    public ConcurrentQueue<SentCall> Calls { get; } = new();

    /// <summary>Decides about a message call before it is carried out: a status and body instead of success, or null.</summary>
    public Func<SentCall, (int Status, string Body)?>? Fault { get; set; }

    /// <summary>What each answer with a token waits for.</summary>
    public Func<Task>? TokenComes { get; set; }

    /// <summary>Names by open id; others are refused as outside the contact range.</summary>
    public ConcurrentDictionary<string, string> Names { get; } = new(new Dictionary<string, string> { ["ou_alice"] = "Alice", ["ou_bob"] = "Bob" });

    public static async Task<FeishuStub> StartAsync()
    {
        var stub = new FeishuStub();
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>The next message that took effect.</summary>
    public async Task<SentCall> NextAsync(TimeSpan? atMost = null)
    {
        using var deadline = new CancellationTokenSource(atMost ?? TimeSpan.FromSeconds(60));
        return await _sent.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>True when nothing more took effect so far.</summary>
    public bool IsQuiet => !_sent.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (path.EndsWith("/tenant_access_token/internal", StringComparison.Ordinal))
        {
            await (TokenComes?.Invoke() ?? Task.CompletedTask);
            await WriteAsync(http, 200, """{"code":0,"msg":"ok","tenant_access_token":"t-stub","expire":7200}""");
        }
        else if (path == "/open-apis/bot/v3/info")
            await WriteAsync(http, 200, "{\"code\":0,\"msg\":\"ok\",\"bot\":{\"activate_status\":2,\"app_name\":\"Larkspur\",\"open_id\":\"" + BotOpenId + "\"}}");
        else if (path == "/open-apis/contact/v3/users/batch")
        {
            var found = http.Request.Query["user_ids"].OfType<string>().Where(Names.ContainsKey)
                .Select(id => new { open_id = id, user_id = id[3..], name = Names[id] });
            await WriteAsync(http, 200, JsonSerializer.Serialize(new { code = 0, data = new { items = found } }));
        }
        else if (path.StartsWith("/open-apis/contact/v3/users/", StringComparison.Ordinal))
            await WriteAsync(http, 200, Names.TryGetValue(path.Split('/')[^1], out var name)
                ? $$$$"""{"code":0,"data":{"user":{"name":"{{{{name}}}}","open_id":"{{{{path.Split('/')[^1]}}}}"}}}"""
                : """{"code":41050,"msg":"no user authority error"}""");
        else if (path.StartsWith("/open-apis/im/v1/messages", StringComparison.Ordinal))
            await MessageAsync(http, path);
        else
            await WriteAsync(http, 404, """{"code":99991201,"msg":"not found"}""");
    }

    private async Task MessageAsync(HttpContext http, string path)
    {
        using var document = await JsonDocument.ParseAsync(http.Request.Body);
        var body = document.RootElement;
        var call = new SentCall
        {
            Method = http.Request.Method,
            Target = http.Request.Method == "POST" && !path.EndsWith("/reply", StringComparison.Ordinal) ? body.GetProperty("receive_id").GetString()! : path.Split('/')[5],
            Uuid = body.TryGetProperty("uuid", out var uuid) ? uuid.GetString() : null,
            Content = body.GetProperty("content").GetString()!,
            MessageId = "",
        };
        Calls.Enqueue(call);
        if (Fault?.Invoke(call) is { } fault)
        {
            if (fault.Status == 0)
            {
                Take(call);
                http.Abort();
                return;
            }

            await WriteAsync(http, fault.Status, fault.Body);
            return;
        }

        var id = Take(call);
        http.Response.Headers["X-Tt-Logid"] = "log-" + id;
        await WriteAsync(http, 200, $$$$"""{"code":0,"msg":"success","data":{"message_id":"{{{{id}}}}","chat_id":"oc_1","msg_type":"interactive","body":{"content":"{}"}}}""");
    }

    /// <summary>One message per uuid, as Feishu promises.</summary>
    private string Take(SentCall call)
    {
        if (call.Uuid is { } uuid && _byUuid.TryGetValue(uuid, out var before)) return before;
        var id = call.Method == "PATCH" ? call.Target : $"om_sent_{Interlocked.Increment(ref _ids)}";
        if (call.Uuid is not null) _byUuid[call.Uuid] = id;
        _sent.Writer.TryWrite(call with { MessageId = id });
        return id;
    }

    private static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }
}

/// <summary>A message call as it arrived.</summary>
public sealed record SentCall
{
    public required string Method { get; init; }

    /// <summary>Receiver, or the message that is answered or changed.</summary>
    public required string Target { get; init; }

    public required string? Uuid { get; init; }

    public required string Content { get; init; }

    public required string MessageId { get; init; }
}
