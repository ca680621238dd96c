using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>A bare client of the AI bot's socket.</summary>
internal sealed class BotClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private int _numbers;

    public static async Task<BotClient> ConnectAsync(EmulatorApp emulator, string? secret = null)
    {
        var client = new BotClient();
        await client._socket.ConnectAsync(new Uri(emulator.BaseUrl.ToString().Replace("http", "ws", StringComparison.Ordinal) + "aibot/ws"), CancellationToken.None);
        client.Subscription = await client.AskAsync("aibot_subscribe", new { bot_id = new WeComSettings().AiBotId, secret = secret ?? new WeComSettings().AiBotSecret });
        return client;
    }

    /// <summary>What the first frame was answered with.</summary>
    public JsonObject Subscription { get; private set; } = [];

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, true, CancellationToken.None);

    /// <summary>Sends a frame and takes the next one as its acknowledgement.</summary>
    public async Task<JsonObject> AskAsync(string command, object body, string? reqId = null)
    {
        reqId ??= $"{command}_{++_numbers}";
        await SendAsync(new JsonObject { ["cmd"] = command, ["headers"] = new JsonObject { ["req_id"] = reqId }, ["body"] = System.Text.Json.JsonSerializer.SerializeToNode(body) }.ToJsonString());
        var ack = await NextAsync();
        Assert.Equal(reqId, ack["headers"]!["req_id"]!.GetValue<string>());
        return ack;
    }

    public async Task<long> CodeAsync(string command, object body, string? reqId = null) => (await AskAsync(command, body, reqId))["errcode"]!.GetValue<long>();

    /// <summary>One frame of a stream.</summary>
    public Task<long> StreamAsync(JsonObject question, string id, string content, bool finish = false, string? feedback = null) =>
        CodeAsync("aibot_respond_msg", feedback is null ? new { msgtype = "stream", stream = new { id, content, finish } } : new { msgtype = "stream", stream = new { id, content, finish, feedback = new { id = feedback } } }, ReqId(question));

    public async Task<JsonObject> NextAsync()
    {
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, timer.Token);
            if (part.MessageType == WebSocketMessageType.Close) throw new WebSocketException($"closed: {part.CloseStatus} {part.CloseStatusDescription}");
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!.AsObject();
    }

    public static string ReqId(JsonObject frame) => frame["headers"]!["req_id"]!.GetValue<string>();

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
