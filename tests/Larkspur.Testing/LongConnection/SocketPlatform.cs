using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Testing;

/// <summary>
/// The server's side of the long connection in the test's own hand: what it answers, when it falls silent, which bytes it sends. Everything else is passed on to
/// another server (the emulator), so that one base address serves a whole app.
/// </summary>
public sealed class SocketPlatform : IAsyncDisposable
{
    public const string AppId = "cli_a1b2c3d4e5f60718";
    public const string Secret = "emulator-app-secret";
    public const string Ticket = "ticket-that-nobody-may-see";

    private readonly WebApplication _app;
    private readonly HttpClient _behind = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Channel<PlatformSocket> _sockets = Channel.CreateUnbounded<PlatformSocket>();
    private readonly ConcurrentBag<PlatformSocket> _all = [];
    private int _asked;

    private SocketPlatform()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>How often somebody asked for a socket address.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>The last such request's body.</summary>
    public JsonObject? LastRequest { get; private set; }

    /// <summary>What the platform says about the pace: with the address, and as a pong's payload when <see cref="PongsTellPace"/>.</summary>
    public string ClientConfig { get; set; } = """{"ReconnectCount":-1,"ReconnectInterval":1,"ReconnectNonce":0,"PingInterval":120}""";

    public bool PongsTellPace { get; set; } = true;

    /// <summary>Pings have no answer.</summary>
    public bool Mute { get; set; }

    /// <summary>Instead of the usual answer to the call for an address: a status and a body, or null.</summary>
    public Func<(int Status, string Body)?>? EndpointFault { get; set; }

    /// <summary>Instead of a handshake: a status and headers, or null.</summary>
    public Func<(int Status, Dictionary<string, string> Headers)?>? HandshakeFault { get; set; }

    /// <summary>Where other requests go; null: 404.</summary>
    public Uri? Behind { get; set; }

    public static async Task<SocketPlatform> StartAsync()
    {
        var platform = new SocketPlatform();
        await platform._app.StartAsync();
        return platform;
    }

    /// <summary>The next connection that somebody makes.</summary>
    public async Task<PlatformSocket> NextAsync(TimeSpan? atMost = null)
    {
        using var deadline = new CancellationTokenSource(atMost ?? TimeSpan.FromMinutes(2));
        return await _sockets.Reader.ReadAsync(deadline.Token);
    }

    public bool HasNext => _sockets.Reader.TryPeek(out _);

    /// <summary>Breaks every connection without a word.</summary>
    public void DropAll()
    {
        foreach (var socket in _all) socket.Drop();
    }

    public async ValueTask DisposeAsync()
    {
        DropAll();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        foreach (var socket in _all) socket.Dispose();
        _behind.Dispose();
    }

    private Task AnswerAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/callback/ws/endpoint" => GiveAddressAsync(http),
        "/ws/v2" => OpenAsync(http),
        _ => PassOnAsync(http),
    };

    private async Task GiveAddressAsync(HttpContext http)
    {
        Interlocked.Increment(ref _asked);
        LastRequest = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
        var (status, body) = EndpointFault?.Invoke()
            ?? (LastRequest["AppID"]?.GetValue<string>() == AppId && LastRequest["AppSecret"]?.GetValue<string>() == Secret
                ? (200, $$$"""{"code":0,"msg":"","data":{"URL":"ws://{{{Address.Authority}}}/ws/v2?fpid=493&device_id=7&service_id=3355&ticket={{{Ticket}}}","ClientConfig":{{{ClientConfig}}} } }""")
                : (200, """{"code":514,"msg":"auth failed","data":{}}"""));
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body);
    }

    private async Task OpenAsync(HttpContext http)
    {
        if (HandshakeFault?.Invoke() is { } fault)
        {
            http.Response.StatusCode = fault.Status;
            foreach (var (name, value) in fault.Headers) http.Response.Headers[name] = value;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var connection = new PlatformSocket(this, socket, http);
        _all.Add(connection);
        _sockets.Writer.TryWrite(connection);
        await connection.ReadAsync();
    }

    private async Task PassOnAsync(HttpContext http)
    {
        if (Behind is not { } behind)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(behind, http.Request.Path + http.Request.QueryString));
        if (http.Request.ContentType is { } type)
        {
            request.Content = new StreamContent(http.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        if (http.Request.Headers.Authorization is { Count: > 0 } authorization) request.Headers.TryAddWithoutValidation("Authorization", (string?)authorization);
        using var response = await _behind.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}

/// <summary>One connection, seen from the platform.</summary>
public sealed class PlatformSocket(SocketPlatform platform, WebSocket socket, HttpContext http) : IDisposable
{
    private readonly Channel<WireFrame> _pings = Channel.CreateUnbounded<WireFrame>();
    private readonly Channel<WireFrame> _answers = Channel.CreateUnbounded<WireFrame>();
    private readonly TaskCompletionSource<WebSocketCloseStatus?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1);
    private readonly IHttpRequestLifetimeFeature _lifetime = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    private ulong _seq;

    /// <summary>The close that the client sent; null: it broke.</summary>
    public Task<WebSocketCloseStatus?> Closed => _closed.Task;

    public Task<WireFrame> PingAsync() => NextAsync(_pings);

    public Task<WireFrame> AnswerAsync() => NextAsync(_answers);

    public bool HasAnswer => _answers.Reader.TryPeek(out _);

    /// <summary>Sends an event in one frame or in parts.</summary>
    public async Task<string> PushAsync(string json, int parts = 1, string? messageId = null, string type = "event")
    {
        var id = messageId ?? $"msg-{Guid.NewGuid():N}";
        var bytes = System.Text.Encoding.UTF8.GetBytes(json);
        var size = (bytes.Length + parts - 1) / parts;
        for (var i = 0; i < parts; i++) await SendAsync(Part(id, parts.ToString(), i.ToString(), bytes[Math.Min(i * size, bytes.Length)..Math.Min((i + 1) * size, bytes.Length)], type));
        return id;
    }

    public WireFrame Part(string messageId, string sum, string seq, byte[] payload, string type = "event") => new(++_seq, 77, 3355, 1,
        [new("type", type), new("message_id", messageId), new("sum", sum), new("seq", seq), new("trace_id", "trace-1")], payload)
        { PayloadEncoding = "json", PayloadType = "event", LogIdNew = "log-new" };

    public Task SendAsync(WireFrame frame) => SendAsync(frame.ToBytes(), WebSocketMessageType.Binary);

    public async Task SendAsync(byte[] bytes, WebSocketMessageType type)
    {
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "bye", CancellationToken.None);

    /// <summary>Breaks the connection without a word.</summary>
    public void Drop() => _lifetime.Abort();

    public void Dispose() => _sending.Dispose();

    internal async Task ReadAsync()
    {
        var buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (socket.State == WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    _closed.TrySetResult(socket.CloseStatus);
                    return;
                }

                await TakeAsync(WireFrame.Read(buffer.AsSpan(0, length)));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            _closed.TrySetResult(null);
        }
    }

    private async Task TakeAsync(WireFrame frame)
    {
        if (frame.Method == 1)
        {
            _answers.Writer.TryWrite(frame);
            return;
        }

        _pings.Writer.TryWrite(frame);
        if (platform.Mute) return;
        await SendAsync(new WireFrame(0, 0, frame.Service, 0, [new("type", "pong")], platform.PongsTellPace ? System.Text.Encoding.UTF8.GetBytes(platform.ClientConfig) : []));
    }

    private static async Task<WireFrame> NextAsync(Channel<WireFrame> channel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        return await channel.Reader.ReadAsync(deadline.Token);
    }
}
