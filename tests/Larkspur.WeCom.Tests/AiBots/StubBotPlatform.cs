using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Larkspur.WeCom.AiBots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.Tests.AiBots;

/// <summary>The platform's side of a bot's long connection: strict about frames, one connection per bot, acknowledges what it takes.</summary>
internal sealed class StubBotPlatform : IAsyncDisposable
{
    public const string BotId = "aib-test";
    public const string Secret = "bot-secret-value";

    /// <summary>What has not come by then does not come: a failure instead of a hang. No test waits for it otherwise.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, MemoryStream> _uploads = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private readonly Lock _gate = new();
    private volatile Connection? _current;

    private StubBotPlatform(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>All frames that were taken, in order.</summary>
    public ConcurrentQueue<StubFrame> Frames { get; } = new();

    public int Connects { get; private set; }

    /// <summary>What a frame is answered with; 0: taken. Null: no answer at all.</summary>
    public Func<StubFrame, int?> Judge { get; set; } = _ => 0;

    /// <summary>What a frame waits for before it is looked at; the frames behind it stay unread.</summary>
    public Func<StubFrame, Task> Hold { get; set; } = _ => Task.CompletedTask;

    /// <summary>Sent to a subscriber before its acknowledgement.</summary>
    public string? BeforeAck { get; set; }

    public byte[] Uploaded { get; private set; } = [];

    public static async Task<StubBotPlatform> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var platform = new StubBotPlatform(app);
        app.UseWebSockets();
        app.Map("/aibot/ws", platform.ServeAsync);
        app.MapPost("/deliver", platform.DeliverFromScriptAsync);
        app.MapPost("/drop", context =>
        {
            platform.Drop();
            return Task.CompletedTask;
        });
        app.MapGet("/frames", context => context.Response.WriteAsJsonAsync(platform.Frames.Select(f => f.Json)));
        await app.StartAsync();
        return platform;
    }

    public AiBotOptions Options(Action<AiBotOptions>? change = null)
    {
        var options = new AiBotOptions { BotId = BotId, Secret = Secret, BaseUrl = Address };
        change?.Invoke(options);
        return options;
    }

    /// <summary>Pushes a message or an event to whoever is connected.</summary>
    public Task DeliverAsync(string command, string requestId, string body)
        => (_current ?? throw new InvalidOperationException("Nobody is connected.")).SendAsync($$"""{"cmd":"{{command}}","headers":{"req_id":"{{requestId}}"},"body":{{body}}}""");

    public Task SendRawAsync(string text) => _current!.SendAsync(text);

    /// <summary>Cuts the connection.</summary>
    public void Drop() => _current?.Abort();

    /// <summary>Waits until something is so; looks again at each frame and each connection.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (holds()) return;
                var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiters.Add(waiter);
                next = waiter.Task;
            }

            await next.WaitAsync(Bound, TestContext.Current.CancellationToken);
        }
    }

    public IEnumerable<StubFrame> Of(string command) => Frames.Where(f => f.Command == command);

    public ValueTask DisposeAsync()
    {
        Drop();
        return _app.DisposeAsync();
    }

    private async Task DeliverFromScriptAsync(HttpContext context)
    {
        JsonElement push = await context.Request.ReadFromJsonAsync<JsonElement>();
        await DeliverAsync(push.GetProperty("cmd").GetString()!, push.GetProperty("req_id").GetString()!, push.GetProperty("body").GetRawText());
    }

    private async Task ServeAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        var connection = new Connection(socket, context);
        bool subscribed = false;
        try
        {
            while (await connection.NextAsync() is { } text)
            {
                StubFrame? frame = StubFrame.Read(text);
                // What is no frame, or comes before the subscription, ends the connection.
                if (frame is null || (!subscribed && frame.Command != "aibot_subscribe")) break;
                await Hold(frame);
                if (frame.Command == "aibot_subscribe" && BeforeAck is { } early) await connection.SendAsync(early);
                int? code = frame.Command == "aibot_subscribe" && (frame.Body.GetProperty("bot_id").GetString() != BotId || frame.Body.GetProperty("secret").GetString() != Secret)
                    ? 853000 : Judge(frame);
                if (frame.Command == "aibot_subscribe" && code == 0)
                {
                    Connection? old = Interlocked.Exchange(ref _current, connection);
                    subscribed = true;
                    if (old is not null) await KickAsync(old);
                    lock (_gate) Connects++;
                }

                string body = code == 0 ? Work(frame) : "";
                // Before the acknowledgement: who has that may look.
                Frames.Enqueue(frame);
                if (code is not null)
                {
                    await connection.SendAsync($$"""{"headers":{"req_id":"{{frame.RequestId}}"},"errcode":{{code}},"errmsg":"{{(code == 0 ? "ok" : "refused")}}"{{body}}}""");
                }

                Tell();
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The client went away.
        }
        finally
        {
            Interlocked.CompareExchange(ref _current, null, connection);
            connection.Abort();
            Tell();
        }
    }

    private static async Task KickAsync(Connection old)
    {
        try
        {
            await old.SendAsync($$$$"""{"cmd":"aibot_event_callback","headers":{"req_id":"kick-1"},"body":{"msgid":"kick-1","aibotid":"{{{{BotId}}}}","msgtype":"event","event":{"eventtype":"disconnected_event"}}}""");
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // It was gone already.
        }
    }

    private string Work(StubFrame frame)
    {
        switch (frame.Command)
        {
            case "aibot_upload_media_init":
                _uploads["U1"] = new MemoryStream();
                return ""","body":{"upload_id":"U1"}""";
            case "aibot_upload_media_chunk":
                _uploads[frame.Body.GetProperty("upload_id").GetString()!].Write(Convert.FromBase64String(frame.Body.GetProperty("base64_data").GetString()!));
                return "";
            case "aibot_upload_media_finish":
                Uploaded = _uploads["U1"].ToArray();
                return ""","body":{"type":"file","media_id":"M-7","created_at":1700000000}""";
            default:
                return "";
        }
    }

    private void Tell()
    {
        lock (_gate)
        {
            foreach (TaskCompletionSource waiter in _waiters) waiter.TrySetResult();
            _waiters.Clear();
        }
    }

    private sealed class Connection(WebSocket socket, HttpContext context)
    {
        private readonly Lock _gate = new();
        private Task _last = Task.CompletedTask;

        /// <summary>One after the other: a socket takes one frame at a time.</summary>
        public Task SendAsync(string text)
        {
            lock (_gate) return _last = AfterAsync(_last, Encoding.UTF8.GetBytes(text));
        }

        private async Task AfterAsync(Task before, byte[] frame)
        {
            await before;
            await socket.SendAsync(frame, WebSocketMessageType.Text, true, context.RequestAborted);
        }

        public async Task<string?> NextAsync()
        {
            using var message = new MemoryStream();
            byte[] buffer = new byte[8192];
            while (true)
            {
                WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (part.MessageType != WebSocketMessageType.Text) return null;
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage) return Encoding.UTF8.GetString(message.ToArray());
            }
        }

        public void Abort() => context.Abort();
    }
}

/// <summary>A frame from a client.</summary>
internal sealed record StubFrame(string Command, string RequestId, JsonElement Body, JsonElement Json)
{
    public static StubFrame? Read(string text)
    {
        JsonElement json = JsonDocument.Parse(text).RootElement;
        if (!json.TryGetProperty("cmd", out JsonElement command) || !json.TryGetProperty("headers", out JsonElement headers) || headers.GetProperty("req_id").GetString() is not { Length: > 0 } id) return null;
        json.TryGetProperty("body", out JsonElement body);
        return new StubFrame(command.GetString()!, id, body, json);
    }
}
