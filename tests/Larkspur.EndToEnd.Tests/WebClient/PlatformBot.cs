using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>WeCom's AI bot on its long connection, with nothing but a socket.</summary>
internal sealed class PlatformBot : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();

    /// <summary>Every frame that came.</summary>
    public List<JsonObject> Heard { get; } = [];

    public static async Task<PlatformBot> ConnectAsync(PlatformFixture fixture)
    {
        var bot = new PlatformBot();
        await bot._socket.ConnectAsync(new Uri(fixture.Emulator.BaseUrl.ToString().Replace("http", "ws", StringComparison.Ordinal) + "aibot/ws"), CancellationToken.None);
        await bot.SendAsync("aibot_subscribe", "subscribe", new { bot_id = PlatformFixture.Corp.AiBotId, secret = PlatformFixture.Corp.AiBotSecret });
        await bot.UntilAsync(f => f["errcode"]?.GetValue<int>() == 0);
        return bot;
    }

    /// <summary>Waits for a person's message that holds a text.</summary>
    public Task<JsonObject> QuestionAsync(string text) => UntilAsync(f => f["body"]?["text"]?["content"]?.GetValue<string>().Contains(text, StringComparison.Ordinal) == true);

    /// <summary>One frame of the answer: the whole text so far.</summary>
    public async Task AnswerAsync(JsonObject question, string content, bool finish = false)
    {
        await SendAsync("aibot_respond_msg", question["headers"]!["req_id"]!.GetValue<string>(), new { msgtype = "stream", stream = new { id = "s", content, finish, feedback = new { id = "f" } } });
        await UntilAsync(f => f["errcode"] is not null);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(string command, string reqId, object body) => _socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(new { cmd = command, headers = new { req_id = reqId }, body }), WebSocketMessageType.Text, true, CancellationToken.None);

    private async Task<JsonObject> UntilAsync(Func<JsonObject, bool> fits)
    {
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var whole = new MemoryStream();
            var buffer = new byte[16 * 1024];
            WebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer, timer.Token);
                whole.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var frame = JsonNode.Parse(Encoding.UTF8.GetString(whole.ToArray()))!.AsObject();
            Heard.Add(frame);
            if (fits(frame)) return frame;
        }
    }
}
