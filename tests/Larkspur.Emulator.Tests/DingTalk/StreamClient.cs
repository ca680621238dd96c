using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

/// <summary>A client of Stream mode on a bare socket.</summary>
internal sealed class StreamClient : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly ClientWebSocket _socket;

    private StreamClient(ClientWebSocket socket) => _socket = socket;

    public static object Opening(string secret, params (string Type, string Topic)[] subscriptions) => Opening(DingTalkSettingsOf.ClientId, secret, subscriptions);

    private static object Opening(string clientId, string secret, (string Type, string Topic)[] subscriptions) => new
    {
        clientId, clientSecret = secret, ua = "test/1", localIp = "10.0.0.1",
        subscriptions = (subscriptions.Length == 0 ? [("EVENT", "*"), ("CALLBACK", "/v1.0/im/bot/messages/get"), ("CALLBACK", "/v1.0/card/instances/callback")] : subscriptions)
            .Select(s => new { type = s.Type, topic = s.Topic }),
    };

    /// <summary>Opens, dials and reads the two frames that say it is registered.</summary>
    public static Task<StreamClient> ConnectAsync(HttpClient http, params (string Type, string Topic)[] subscriptions) => ConnectAsync(http, DingTalkSettingsOf.ClientId, subscriptions);

    public static async Task<StreamClient> ConnectAsync(HttpClient http, string clientId, params (string Type, string Topic)[] subscriptions)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.0/gateway/connections/open") { Content = System.Net.Http.Json.JsonContent.Create(Opening(clientId, DingTalkSettingsOf.ClientSecret, subscriptions)) };
        request.Headers.Add("Accept", "application/json");
        using var response = await http.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var client = await DialAsync($"{answer["endpoint"]}?ticket={answer["ticket"]}");
        Assert.Equal("CONNECTED", (await client.NextAsync()).Topic);
        Assert.Equal("REGISTERED", (await client.NextAsync()).Topic);
        return client;
    }

    public static async Task<StreamClient> DialAsync(string url)
    {
        var socket = new ClientWebSocket();
        using var bound = new CancellationTokenSource(Bound);
        await socket.ConnectAsync(new Uri(url), bound.Token);
        return new StreamClient(socket);
    }

    /// <summary>The next frame; <see langword="null"/> when the socket ended.</summary>
    public async Task<Frame?> ReceiveAsync()
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
                Assert.Equal(WebSocketMessageType.Text, part.MessageType);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage) return new Frame(JsonNode.Parse(message.ToArray())!.AsObject());
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    public async Task<Frame> NextAsync() => await ReceiveAsync() ?? throw new InvalidOperationException("The socket ended.");

    public Task AckAsync(Frame frame, string data, int code = 200) => SendAsync(new JsonObject
    {
        ["code"] = code, ["headers"] = new JsonObject { ["messageId"] = frame.Header("messageId"), ["contentType"] = "application/json" }, ["message"] = "OK", ["data"] = data,
    }.ToJsonString());

    public async Task SendAsync(string text)
    {
        using var bound = new CancellationTokenSource(Bound);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, bound.Token);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed record Frame(JsonObject Json)
    {
        public string Type => Json["type"]!.GetValue<string>();

        public string Topic => Header("topic");

        public JsonNode Data => JsonNode.Parse(Json["data"]!.GetValue<string>())!;

        public string Header(string name) => Json["headers"]![name]!.GetValue<string>();
    }

    private static class DingTalkSettingsOf
    {
        private static readonly Emulator.DingTalk.DingTalkSettings Defaults = new();

        public static string ClientId => Defaults.ClientId;

        public static string ClientSecret => Defaults.ClientSecret;
    }
}
