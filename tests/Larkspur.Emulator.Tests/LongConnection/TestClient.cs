using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Web;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.LongConnection;

/// <summary>A client of the long connection on a bare socket.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket;

    private TestClient(ClientWebSocket socket, int serviceId) => (_socket, ServiceId) = (socket, serviceId);

    public int ServiceId { get; }

    public WebSocketState State => _socket.State;

    /// <summary>Set when the other side closed.</summary>
    public WebSocketCloseStatus? Closed => _socket.CloseStatus;

    public static async Task<JsonObject> BootstrapAsync(EmulatorApp emulator, string? appId = null, string? secret = null)
    {
        var reply = await emulator.CallAsync(HttpMethod.Post, "/callback/ws/endpoint", null,
            new JsonObject { ["AppID"] = appId ?? EmulatorApp.AppId, ["AppSecret"] = secret ?? EmulatorSettings.DefaultAppSecret }.ToJsonString());
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    public static async Task<TestClient> ConnectAsync(EmulatorApp emulator, string? appId = null, string? secret = null) =>
        await DialAsync((await BootstrapAsync(emulator, appId, secret))["data"]!["URL"]!.GetValue<string>());

    public static async Task<TestClient> DialAsync(string url)
    {
        var socket = new ClientWebSocket();
        using var bound = new CancellationTokenSource(Bound);
        await socket.ConnectAsync(new Uri(url), bound.Token);
        return new TestClient(socket, int.Parse(HttpUtility.ParseQueryString(new Uri(url).Query)["service_id"]!));
    }

    /// <summary>What a refused handshake says in its headers.</summary>
    public static async Task<(string? Status, string? Detail, string? Message)> RefusedAsync(string url)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(url), TestContext.Current.CancellationToken));
        return (Header("Handshake-Status"), Header("Handshake-Autherrcode"), Header("Handshake-Msg"));

        string? Header(string name) => socket.HttpResponseHeaders!.TryGetValue(name, out var values) ? values.Single() : null;
    }

    public Task SendAsync(TestFrame frame) => SendAsync(frame.Bytes());

    public async Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary)
    {
        using var bound = new CancellationTokenSource(Bound);
        await _socket.SendAsync(bytes, type, true, bound.Token);
    }

    /// <summary>The next frame; <see langword="null"/> when the socket ended.</summary>
    public async Task<TestFrame?> ReceiveAsync()
    {
        using var bound = new CancellationTokenSource(Bound);
        using var message = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, bound.Token);
                if (part.MessageType == WebSocketMessageType.Close) return null;
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage) return TestFrame.Parse(message.ToArray());
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    public async Task<TestFrame> NextAsync() => await ReceiveAsync() ?? throw new InvalidOperationException("The socket ended.");

    /// <summary>All frames of the next message, put together by <c>seq</c>.</summary>
    public async Task<(JsonNode Event, TestFrame Last)> EventAsync()
    {
        var parts = new SortedDictionary<int, TestFrame>();
        while (true)
        {
            var frame = await NextAsync();
            parts.Add(int.Parse(frame["seq"]!), frame);
            if (parts.Count == int.Parse(frame["sum"]!)) return (JsonNode.Parse(parts.Values.SelectMany(p => p.Payload).ToArray())!, frame);
        }
    }

    /// <summary>Receives one event and acknowledges it.</summary>
    public async Task<JsonNode> AcceptAsync()
    {
        var (received, last) = await EventAsync();
        await SendAsync(last.Answer("""{"code":200}"""));
        return received;
    }

    /// <summary>Ping and its pong: whatever was sent before is with the server then.</summary>
    public async Task<TestFrame> PingAsync()
    {
        await SendAsync(TestFrame.Ping(ServiceId));
        return await NextAsync();
    }

    public async Task CloseAsync()
    {
        using var bound = new CancellationTokenSource(Bound);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, bound.Token);
    }

    public void Abort() => _socket.Abort();

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
