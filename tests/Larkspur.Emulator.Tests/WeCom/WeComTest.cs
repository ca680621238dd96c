using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>An emulator whose clock only tests move, so that no window closes on a slow machine, and the calls that an application makes.</summary>
public abstract class WeComTest : IAsyncLifetime
{
    protected static readonly WeComSettings Corp = new();
    private string? _token;

    protected EmulatorApp Emulator { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected virtual TimeProvider Time { get; } = new ManualTimeProvider(DateTimeOffset.UtcNow);

    public async ValueTask InitializeAsync() => Emulator = await EmulatorApp.StartAsync(s => s with { RealTime = Time });

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<JsonObject> GetAsync(string path)
    {
        using var response = await Emulator.Http.GetAsync(path, Cancel);
        return await ReadAsync(response);
    }

    protected async Task<JsonObject> PostAsync(string path, object body)
    {
        using var response = await Emulator.Http.PostAsync(path, body as HttpContent ?? JsonContent.Create(body), Cancel);
        return await ReadAsync(response);
    }

    protected async Task<string> TokenAsync(string? secret = null) =>
        (await GetAsync($"/cgi-bin/gettoken?corpid={Corp.CorpId}&corpsecret={secret ?? Corp.Secret}"))["access_token"]!.GetValue<string>();

    /// <summary>A call of the application with its token.</summary>
    protected async Task<JsonObject> CallAsync(string path, object? body = null)
    {
        _token ??= await TokenAsync();
        var address = path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "access_token=" + _token;
        return body is null ? await GetAsync(address) : await PostAsync(address, body);
    }

    protected Task<JsonObject> SendAsync(object message) => CallAsync("/cgi-bin/message/send", message);

    protected Task<JsonObject> SendTextAsync(string text, string to = "alice") => SendAsync(new { touser = to, msgtype = "text", agentid = Corp.AgentId, text = new { content = text } });

    protected Task<JsonObject> SendCardAsync(object card, string to = "alice") => SendAsync(new { touser = to, msgtype = "template_card", agentid = Corp.AgentId, template_card = card });

    protected Task<JsonObject> ActAsync(object action) => Emulator.ActAsync(action);

    protected async Task<string> RefusedActionAsync(object action)
    {
        var (status, answer) = await Emulator.TryControlAsync(HttpMethod.Post, "act", action);
        Assert.Equal(400, status);
        return answer["error"]!.GetValue<string>();
    }

    protected async Task<JsonObject> StateAsync() => (await Emulator.StateAsync())["wecom"]!.AsObject();

    /// <summary>Messages of one chat, oldest first.</summary>
    protected async Task<IReadOnlyList<JsonObject>> MessagesAsync(string chatId) =>
        [.. (await StateAsync())["messages"]!.AsArray().Select(m => m!.AsObject()).Where(m => m["chat_id"]!.GetValue<string>() == chatId)];

    protected static string AppChat(string person) => $"app_{Corp.AgentId}_{person}";

    protected async Task<JsonObject> WaitAsync(object action)
    {
        var answer = await ActAsync(action);
        Assert.True(answer["found"]!.GetValue<bool>(), "The message did not come.");
        return answer["message"]!.AsObject();
    }

    protected async Task<string> UploadAsync(string kind, byte[] bytes, string name = "a.bin")
    {
        var answer = await CallAsync($"/cgi-bin/media/upload?type={kind}", Form(bytes, name));
        Assert.Equal(0, Code(answer));
        return answer["media_id"]!.GetValue<string>();
    }

    protected static MultipartFormDataContent Form(byte[] bytes, string? name, string part = "media")
    {
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = part, FileName = name };
        return new MultipartFormDataContent { file };
    }

    protected static long Code(JsonObject answer) => answer["errcode"]!.GetValue<long>();

    protected static string Text(JsonObject json, string name) => json[name]!.GetValue<string>();

    /// <summary>A picture as far as anybody looks at it.</summary>
    protected static byte[] Png { get; } = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0];

    protected static object ButtonCard(string taskId, params string[] keys) => new
    {
        card_type = "button_interaction", main_title = new { title = "付款申请" }, task_id = taskId, button_list = keys.Select(k => new { text = k, key = k, style = 1 }),
    };

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!.AsObject();
}
