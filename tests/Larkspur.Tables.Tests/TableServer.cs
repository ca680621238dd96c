using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Tables.Tests;

/// <summary>A server on loopback: a table's field list, and for every other call what the test says. It keeps what it was asked.</summary>
internal sealed class TableServer : IAsyncDisposable
{
    public const string AppToken = "bascnTest";

    public const string TableId = "tblTest";

    private readonly WebApplication _app;

    private TableServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The <c>items</c> of the field list.</summary>
    public string Fields { get; set; } = Shapes.Fields;

    /// <summary>All calls but those for tokens and the field list.</summary>
    public ConcurrentQueue<TableCall> Calls { get; } = new();

    /// <summary>How many seconds answers ask to wait; 0: they do not.</summary>
    public int RetryAfter { get; set; }

    /// <summary>How often the field list was read.</summary>
    public int FieldLists { get; private set; }

    /// <summary>What a call is answered: status and body. Null drops the connection.</summary>
    public Func<TableCall, (int Status, string Body)?> Answer { get; set; } = _ => Good("{}");

    /// <summary>Awaited between a call's arrival and its answer; what a field list says is settled by then.</summary>
    public Func<TableCall, Task> Holding { get; set; } = _ => Task.CompletedTask;

    public static async Task<TableServer> StartAsync()
    {
        var server = new TableServer();
        await server._app.StartAsync();
        return server;
    }

    public static (int Status, string Body)? Good(string data) => (200, $$"""{"code":0,"msg":"success","data":{{data}}}""");

    /// <summary>What a base says of itself.</summary>
    public static (int Status, string Body)? Info(bool isAdvanced) =>
        Good($$$"""{"app":{"name":"b","is_advanced":{{{(isAdvanced ? "true" : "false")}}}}}""");

    public static (int Status, string Body)? Refused(int code, int status = 200, string message = "no") =>
        (status, $$"""{"code":{{code}},"msg":"{{message}}"}""");

    public FeishuTable Table(TableOptions? options = null, TimeProvider? clock = null) => Base(options, clock).Table(TableId);

    public FeishuBase Base(TableOptions? options = null, TimeProvider? clock = null)
    {
        var client = new FeishuClient(
            new FeishuOptions { AppId = "cli_test", AppSecret = "secret", BaseUrl = new(_app.Urls.First()), RateFactor = 100 },
                clock: clock);
        return client.Tables(AppToken, options ?? Quick);
    }

    /// <summary>Pauses that take no time, for tests that do not look at them.</summary>
    public static TableOptions Quick { get; } = new() { ConflictPause = TimeSpan.Zero };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var call = new TableCall(http.Request.Method, http.Request.Path.Value!, http.Request.Query.ToDictionary(
            query => query.Key, query => query.Value.ToString(), StringComparer.Ordinal), body.ToArray());
        if (call.Path.EndsWith("/tenant_access_token/internal", StringComparison.Ordinal))
        {
            await WriteAsync(http, 200, """{"code":0,"msg":"ok","tenant_access_token":"t-wire","expire":7200}""");
            return;
        }

        if (call.Method == "GET" && call.Path.EndsWith("/fields", StringComparison.Ordinal))
        {
            FieldLists++;
            var list = Good($$"""{"items":{{Fields}},"has_more":false}""")!.Value.Body;
            await Holding(call);
            await WriteAsync(http, 200, list);
            return;
        }

        Calls.Enqueue(call);
        await Holding(call);
        if (Answer(call) is not { } answer)
        {
            http.Abort();
            return;
        }

        if (RetryAfter > 0) http.Response.Headers["x-ogw-ratelimit-reset"] = $"{RetryAfter}";
        await WriteAsync(http, answer.Status, answer.Body);
    }

    private static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(json);
    }
}

/// <summary>A call that came.</summary>
internal sealed record TableCall(string Method, string Path, IReadOnlyDictionary<string, string> Query, byte[] Bytes)
{
    public JsonObject Json => JsonNode.Parse(Bytes)!.AsObject();

    /// <summary>The last part of the path: <c>batch_create</c>, <c>search</c>.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The rows of a write.</summary>
    public List<JsonNode> Rows => [.. Json["records"]!.AsArray().Select(row => row!)];
}
