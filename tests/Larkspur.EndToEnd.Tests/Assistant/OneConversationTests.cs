using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator;
using Larkspur.Emulator.Dify;

namespace Larkspur.EndToEnd.Tests.Assistant;

/// <summary>One person, one conversation: asked in Feishu, gone on with in DingTalk, in WeCom, and on the web, each by the platform's own path.</summary>
public sealed partial class OneConversationTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;
    private string _chat = "";

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        var played = (EmulatorSettings)_emulator.Services.GetService(typeof(EmulatorSettings))!;
        var address = _emulator.BaseUrl.ToString();
        _gateway = await GatewayApp.StartAsync(address, new Dictionary<string, string?>
        {
            ["DIFY_BASE_URL"] = new Uri(_emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = DifyApp.DefaultKey,
            ["DINGTALK_BASE_URL"] = address, ["DINGTALK_CLIENT_ID"] = played.DingTalk.ClientId, ["DINGTALK_CLIENT_SECRET"] = played.DingTalk.ClientSecret, ["DINGTALK_ROBOT_CODE"] = played.DingTalk.RobotCode,
            ["DINGTALK_CARD_TEMPLATE"] = "02fcf2f4-5e02-4a85-b672-46d1f715543e.schema",
            ["WECOM_BASE_URL"] = address, ["WECOM_CORP_ID"] = played.WeCom.CorpId, ["WECOM_AIBOT_ID"] = played.WeCom.AiBotId, ["WECOM_AIBOT_SECRET"] = played.WeCom.AiBotSecret,
        });
        await _emulator.SetCallbackAsync(new Uri(_gateway.Address, "/webhook/feishu").ToString(), verify: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_conversation_is_carried_from_Feishu_to_DingTalk_to_WeCom_to_the_web()
    {
        var sent = await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "What is left of the budget?" });
        _chat = sent["chat_id"]!.GetValue<string>();
        var card = await FeishuAsync("Question 1 of this conversation: **What is left of the budget?**");
        var clicked = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, text = "👍 Helpful" });
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());

        await HoldsAsync("a stream of DingTalk", async () => (await StateAsync("dingtalk"))["connections"]!.AsArray().Count > 0);
        await LinkAsync("dingtalk", null);
        await _emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "Who approves it?" });
        await HoldsAsync("the answer in DingTalk", async () => Says(await StateAsync("dingtalk"), "Question 2 of this conversation: **Who approves it?**") && Says(await StateAsync("dingtalk"), "\"flowStatus\":\"3\""));

        await LinkAsync("wecom", "aibot");
        await _emulator.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", text = "And next year?" });
        await HoldsAsync("the answer in WeCom", async () => Says(await StateAsync("wecom"), "Question 3 of this conversation: **And next year?**"));

        var person = (await _gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/people?platform=dingtalk", UriKind.Relative), TestContext.Current.CancellationToken)).GetProperty("items")[0].GetProperty("id").GetString();
        Assert.Contains("Question 4 of this conversation: **Thank you!**", await WebAsync(person!, "Thank you!"), StringComparison.Ordinal);
    }

    /// <summary>Asks on the web and reads the answer from the stream of events.</summary>
    private async Task<string> WebAsync(string person, string question)
    {
        using var made = await _gateway.Http.PostAsJsonAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), new { person, locale = "en_us" });
        var session = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var web = new HttpClient { BaseAddress = _gateway.Address, Timeout = TimeSpan.FromSeconds(60) };
        web.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.GetProperty("token").GetString());
        using var events = await web.GetAsync(new Uri("/chat/api/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)events.StatusCode);
        using var asked = await web.PostAsJsonAsync(new Uri("/chat/api/v1/messages", UriKind.Relative), new { client_id = "m1", text = question });
        Assert.Equal(202, (int)asked.StatusCode);
        using var lines = new StreamReader(await events.Content.ReadAsStreamAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal) && line.Contains("\"finished\"", StringComparison.Ordinal)) return JsonNode.Parse(line[5..])!.ToJsonString(Relaxed);
        }

        throw new InvalidOperationException("The stream of events ended before the answer.");
    }

    private async Task LinkAsync(string platform, string? to)
    {
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "/link" });
        var code = "";
        await HoldsAsync("a code", () =>
        {
            code = _emulator.State.Messages(_chat).Select(m => LinkCode().Match(m.Content)).LastOrDefault(m => m.Success)?.Groups[1].Value ?? "";
            return Task.FromResult(code.Length == 8 && _used != code);
        });
        _used = code;
        var action = new JsonObject { ["platform"] = platform, ["as"] = "alice", ["do"] = "send", ["text"] = "/link " + code };
        if (to is not null) action["to"] = to;
        await _emulator.ActAsync(action);
        var question = "";
        await HoldsAsync("the question whether they are one", () =>
        {
            question = _emulator.State.Messages(_chat).LastOrDefault(m => m.Card?.Json.Contains("That is not me", StringComparison.Ordinal) == true)?.MessageId ?? "";
            return Task.FromResult(question.Length > 0 && _confirmed != question);
        });
        _confirmed = question;
        var clicked = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = question, text = "Link" });
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        await HoldsAsync("the link", async () => Says(await StateAsync(platform), "Linked.") || Says(await StateAsync(platform), "关联成功"));
    }

    private string _used = "";
    private string _confirmed = "";

    private async Task<string> FeishuAsync(string contains) => (await _emulator.WaitForMessageAsync($"from=app&chat={_chat}&contains={Uri.EscapeDataString("asst:again")}&timeout_ms=40000")) is { } message
        && message.ToJsonString(Relaxed).Contains(contains, StringComparison.Ordinal) ? message["message_id"]!.GetValue<string>() : throw new InvalidOperationException("Another answer came.");

    private async Task<JsonNode> StateAsync(string platform) => (await _emulator.StateAsync())[platform]!;

    private static bool Says(JsonNode state, string text) => state.ToJsonString(Relaxed).Contains(text, StringComparison.Ordinal);

    private async Task HoldsAsync(string what, Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        try
        {
            while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited in vain for {what}.\n{string.Join('\n', _gateway.Logs.Lines.TakeLast(40).Select(l => $"{l.Level} {l.Message} {l.Exception}"))}");
        }
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex("/link ([A-Z0-9]{8})")]
    private static partial Regex LinkCode();
}
