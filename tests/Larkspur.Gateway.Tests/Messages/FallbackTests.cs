using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>A card that the platform refuses: its facts arrive as text, once.</summary>
public sealed class FallbackTests : IAsyncLifetime
{
    private const string CardRefused = """{"code":230099,"msg":"Failed to create card content, ext=ErrCode: 200621; ErrMsg: parse card json err; "}""";

    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _feishu.Fault = call => IsCard(call) ? (400, CardRefused) : null;
        _gateway = await GatewayApp.StartAsync(_feishu.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task The_facts_go_as_text_and_the_row_says_so()
    {
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, card = Card("Order 4711", "Amount **128.00** <at id=all></at>") });
        Assert.True(sent.Status == 200 && sent.Text("state") == "degraded", sent.ToString());
        var text = await _feishu.NextAsync();
        Assert.Equal(text.MessageId, sent.Text("message_id"));
        Assert.Contains("Order 4711", text.Content, StringComparison.Ordinal);
        Assert.Contains("128.00", text.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("<at", JsonSerializer.Deserialize<JsonElement>(text.Content).GetProperty("text").GetString(), StringComparison.Ordinal);
        var failure = sent.Body.GetProperty("failure");
        Assert.Equal(230099, failure.GetProperty("code").GetInt32());
        Assert.Contains("200621", failure.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("卡片", failure.GetProperty("message_zh").GetString(), StringComparison.Ordinal);

        var details = (await _gateway.AskAsync($"/outbox/{sent.Id}")).Body.GetProperty("history").EnumerateArray().Select(l => l.GetProperty("what").GetString());
        Assert.Equal(["dead", "fell_back"], details);
        var fallback = await _gateway.GetRestAsync($"/messages/{sent.Body.GetProperty("fallback_id").GetInt64()}");
        Assert.Equal(("sent", "text", "oc_1"), (fallback.Text("state"), fallback.Text("msg_type"), fallback.Text("target")));
    }

    [Fact]
    public async Task It_happens_once_however_often_the_card_is_tried()
    {
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, card = Card("Order 1", "twenty") }, "once");
        Assert.Equal("degraded", sent.Text("state"));
        Assert.Equal("degraded", (await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, card = Card("Order 1", "twenty") }, "once")).Text("state"));
        Assert.Equal(200, (await _gateway.TellAsync($"/outbox/{sent.Id}/replay")).Status);
        await _gateway.UntilAsync(async () => (await _gateway.AskAsync($"/outbox/{sent.Id}")).Body.GetProperty("history").EnumerateArray().Count(l => l.GetProperty("what").GetString() == "dead") == 2);
        Assert.Equal(2, _feishu.Calls.Count(IsCard));
        Assert.Single(_feishu.Calls, c => !IsCard(c));
        Assert.Equal("degraded", (await _gateway.GetRestAsync($"/messages/{sent.Id}")).Text("state"));
    }

    [Fact]
    public async Task Switched_off_nothing_else_is_said()
    {
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, card = Card("Order 1", "secret"), fallback = false });
        Assert.True(sent.Text("state") == "failed" && sent.Body.GetProperty("fallback_id").ValueKind == JsonValueKind.Null, sent.ToString());
        var next = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, text = "afterwards" });
        Assert.Equal("sent", next.Text("state"));
        Assert.Equal(["afterwards"], _feishu.Calls.Where(c => !IsCard(c)).Select(c => JsonSerializer.Deserialize<JsonElement>(c.Content).GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_refused_face_is_told_below_its_card()
    {
        var changed = await _gateway.RestAsync(HttpMethod.Patch, "/messages/om_card?wait=15", new { card = Card("Order 2", "approved by Bob") });
        Assert.True(changed.Text("state") == "degraded", changed.ToString());
        var text = await _feishu.NextAsync();
        Assert.Equal(("POST", "om_card"), (text.Method, text.Target));
        Assert.Contains("approved by Bob", text.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_a_click_that_the_platform_would_refuse_is_told_below_the_card()
    {
        const string Face = """{"schema":"2.0","header":{"title":{"tag":"plain_text","content":"Order 6"}},"body":{"elements":[{"tag":"marquee"},{"tag":"markdown","content":"approved by Bob"}]}}""";
        // At the very end, so that this handler of clicks is the one.
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: builder => builder.Host.ConfigureContainer<IServiceCollection>((_, services) =>
            services.AddSingleton(provider => new EventRouter([.. provider.GetServices<EventRoute>().Where(r => r.Type != "card.action.trigger"), new EventRoute("feishu", "card.action.trigger", (_, _) => ValueTask.FromResult(new Reaction(effects =>
            {
                effects.Answer(new CallbackAnswer { Toast = new Toast("success", "已批准", "Approved"), Card = Face });
                return ValueTask.FromResult(Outcome.Answered);
            }))) { StaleAfter = null }]))));
        var (status, answer) = await new FeishuPush().SendAsync(gateway, "card.action.trigger", FeishuPush.Click(JsonSerializer.SerializeToElement(new { kind = "order" }), "om_order"));
        Assert.Equal((200, "success"), (status, answer.GetProperty("toast").GetProperty("type").GetString()));
        Assert.False(answer.TryGetProperty("card", out _));
        var text = await _feishu.NextAsync();
        Assert.Equal(("POST", "om_order"), (text.Method, text.Target));
        Assert.Contains("approved by Bob", text.Content, StringComparison.Ordinal);
        Assert.Single(_feishu.Calls, c => c.Method == "PATCH");
    }

    [Fact]
    public async Task What_must_not_be_said_is_not_said_as_text_either()
    {
        _feishu.Fault = call => IsCard(call) ? (400, """{"code":230022,"msg":"The content of the message contains sensitive information."}""") : null;
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, card = Card("Order 3", "forbidden words") });
        Assert.Equal("failed", sent.Text("state"));
        await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, text = "afterwards" });
        Assert.DoesNotContain(_feishu.Calls, c => !IsCard(c) && c.Content.Contains("forbidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_to_a_chat_that_the_bot_is_not_in_fails_in_plain_words()
    {
        _feishu.Fault = _ => (400, """{"code":230002,"msg":"Bot/User can NOT be out of the chat."}""");
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = "oc_1" }, card = Card("Order 4", "lost") });
        Assert.Equal("failed", sent.Text("state"));
        Assert.Equal(230002, sent.Body.GetProperty("failure").GetProperty("code").GetInt32());
        Assert.Contains("not in this chat", sent.Body.GetProperty("failure").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(_feishu.Calls);
    }

    [Fact]
    public async Task A_text_that_was_promised_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-fallback-").FullName;
        try
        {
            long id;
            await using (var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:FirstPause"] = "00:05:00", ["Larkspur:Outbox:LongestPause"] = "00:10:00" }, folder))
            {
                _feishu.Fault = call => IsCard(call) ? (400, CardRefused) : (503, "");
                id = (await first.PostRestAsync("/messages", new { to = new { chat_id = "oc_1" }, card = Card("Order 5", "durable") })).Id;
                await first.UntilAsync(() => Task.FromResult(_feishu.Calls.Any(c => !IsCard(c))));
            }

            _feishu.Fault = null;
            await using var second = await GatewayApp.StartAsync(_feishu.Address, null, folder);
            var end = await second.EndOfAsync(id);
            Assert.Equal("degraded", end.GetProperty("state").GetString());
            Assert.Contains("durable", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
            Assert.True(_feishu.IsQuiet);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsCard(SentCall call) => call.Content.Contains("\"schema\"", StringComparison.Ordinal);

    private static object Card(string title, string text) => new
    {
        schema = "2.0",
        config = new { update_multi = true },
        header = new { title = new { tag = "plain_text", content = title } },
        body = new { elements = new object[] { new { tag = "markdown", content = text } } },
    };
}
