using System.Text.Json.Nodes;
using Larkspur.Emulator.Wire;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Cards;

public sealed class CardTests : IAsyncLifetime
{
    private const string Card = """
        {"schema":"2.0","body":{"elements":[
          {"tag":"markdown","content":"Approve?"},
          {"tag":"button","text":{"tag":"plain_text","content":"Yes"},"behaviors":[{"type":"callback","value":{"k":"v"}}]},
          {"tag":"button","text":{"tag":"plain_text","content":"Site"},"behaviors":[{"type":"open_url","default_url":"https://mica.example"}]},
          {"tag":"select_static","name":"pick","options":[{"text":{"tag":"plain_text","content":"A"},"value":"a"}]},
          {"tag":"form","name":"f","elements":[
            {"tag":"input","name":"why","required":true},
            {"tag":"date_picker","name":"day"},
            {"tag":"multi_select_static","name":"many","options":[{"text":{"tag":"plain_text","content":"X"},"value":"x"},{"text":{"tag":"plain_text","content":"Y"},"value":"y"}]},
            {"tag":"button","name":"go","text":{"tag":"plain_text","content":"Send"},"form_action_type":"submit","behaviors":[{"type":"callback","value":"s"}]}]}]}}
        """;

    private EmulatorApp _emulator = null!;
    private EventReceiver _receiver = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        await StartAsync(static s => s);
    }

    private async Task StartAsync(Func<EmulatorSettings, EmulatorSettings> change)
    {
        _emulator = await EmulatorApp.StartAsync(s => change(s with { Apps = [EmulatorApp.DefaultApp with { CallbackUrl = _receiver.Url }] }));
        _token = await _emulator.TenantTokenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_click_asks_the_bot_and_shows_its_toast_and_card()
    {
        var id = await SendAsync(Card);
        _receiver.Answer = _ => (200, """{"toast":{"type":"success","content":"done","i18n":{"zh_cn":"完成"}},"card":{"type":"raw","data":{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"Approved"}]}}}}""");
        var click = await ClickAsync(new { @as = "alice", @do = "click", message_id = id, text = "Yes" });
        Assert.Equal("完成", click["toast"]!["content"]!.GetValue<string>());
        Assert.Contains("Approved", _emulator.State.Message(id)!.Card!.Json, StringComparison.Ordinal);

        var pushed = await _receiver.NextAsync("card.action.trigger");
        Assert.Equal(16, pushed.Json["header"]!["create_time"]!.GetValue<string>().Length);
        Assert.Equal("""{"tag":"button","value":{"k":"v"},"timezone":"Asia/Shanghai"}""", pushed.Event["action"]!.ToJsonString());
        Assert.Equal(id, pushed.Event["context"]!["open_message_id"]!.GetValue<string>());
        Assert.StartsWith("c-", pushed.Event["token"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "{}", 200671)]
    [InlineData(302, "{}", 200671)]
    [InlineData(200, "hello", 200672)]
    [InlineData(200, """{"toast":{"type":"loud","content":"x"}}""", 200672)]
    [InlineData(200, """{"card":{"type":"raw","data":{"schema":"2.0","body":{"elements":[{"tag":"nonsense"}]}}}}""", 200673)]
    [InlineData(200, """{"card":{"type":"raw","data":{"elements":[]}}}""", 200830)]
    public async Task A_bad_answer_shows_the_clients_error_code(int status, string body, int code)
    {
        await SendAsync(Card);
        _receiver.Answer = _ => (status, body);
        var click = await ClickAsync(new { @as = "alice", @do = "click", text = "Yes" });
        Assert.Equal(code, click["error"]!["code"]!.GetValue<int>());
        Assert.False(click["ok"]!.GetValue<bool>());
    }

    [Fact]
    public async Task No_answer_in_3_seconds_is_200341_and_is_not_retried()
    {
        await _emulator.DisposeAsync();
        await StartAsync(static s => s with { CallbackPatience = new EmulatorSettings { Apps = [] }.CallbackPatience });
        await SendAsync(Card);
        _receiver.Answer = _ => (-1, "");
        Assert.Equal(200341, (await ClickAsync(new { @as = "alice", @do = "click", text = "Yes" }))["error"]!["code"]!.GetValue<int>());
        await _emulator.AdvanceAsync(TimeSpan.FromHours(8));
        Assert.Single(_emulator.State.Inspector.Pushes(), p => p.EventType == "card.action.trigger");
    }

    [Fact]
    public async Task An_app_without_or_behind_a_dead_address_has_codes_of_its_own()
    {
        await SendAsync(Card);
        await _emulator.SetCallbackAsync("");
        Assert.Equal(200340, (await ClickAsync(new { @as = "alice", @do = "click", text = "Yes" }))["error"]!["code"]!.GetValue<int>());
        await _emulator.SetCallbackAsync("http://127.0.0.1:1/");
        Assert.Equal(200342, (await ClickAsync(new { @as = "alice", @do = "click", text = "Yes" }))["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_link_opens_without_asking_the_bot()
    {
        await SendAsync(Card);
        Assert.Equal("https://mica.example", (await ClickAsync(new { @as = "alice", @do = "click", text = "Site" }))["open_url"]!.GetValue<string>());
        Assert.DoesNotContain(_emulator.State.Inspector.Pushes(), p => p.EventType == "card.action.trigger");
    }

    [Fact]
    public async Task A_select_sends_its_option_and_refuses_others()
    {
        await SendAsync(Card);
        await ClickAsync(new { @as = "alice", @do = "click", name = "pick", option = "a" });
        Assert.Equal("a", (await _receiver.NextAsync("card.action.trigger")).Event["action"]!["option"]!.GetValue<string>());
        Assert.NotNull((await ClickAsync(new { @as = "alice", @do = "click", name = "pick", option = "zzz" }))["error"]);
    }

    [Fact]
    public async Task A_form_sends_all_its_values_and_wants_the_required_ones()
    {
        await SendAsync(Card);
        Assert.NotNull((await ClickAsync(new { @as = "alice", @do = "click", name = "go" }))["error"]);
        await ClickAsync(new { @as = "alice", @do = "click", name = "go", form_value = new { why = "because", day = "2026-04-01", many = new[] { "x", "y" } } });
        var action = (await _receiver.NextAsync("card.action.trigger")).Event["action"]!;
        Assert.Equal("""{"why":"because","day":"2026-04-01 +0800","many":["x","y"]}""", CanonicalJson.Write(action["form_value"]));
        Assert.Equal("s", action["value"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_exclusive_card_changes_only_for_who_clicked()
    {
        var sent = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", _token, new
        {
            receive_id = SeededCompany.PurchasingChat, msg_type = "interactive",
            content = """{"elements":[{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"Go"},"value":{"a":1}}]}]}""",
        });
        var id = sent.Data["message_id"]!.GetValue<string>();
        _receiver.Answer = d => (200, d.Type == "card.action.trigger" ? """{"card":{"type":"raw","data":{"elements":[{"tag":"markdown","content":"clicked"}]}}}""" : "{}");
        await ClickAsync(new { @as = "bob", @do = "click", message_id = id, text = "Go" });
        var card = _emulator.State.Message(id)!.Card!;
        Assert.Contains("clicked", card.For("bob"), StringComparison.Ordinal);
        Assert.DoesNotContain("clicked", card.For("alice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callbacks_token_updates_the_card_twice_within_30_minutes()
    {
        var id = await SendAsync(Card);
        var (first, second) = (await ClickForTokenAsync(), await ClickForTokenAsync());
        Assert.Equal(0, (await UpdateAsync(first, "one")).Code);
        Assert.Equal(0, (await UpdateAsync(first, "two")).Code);
        Assert.Equal(300040, (await UpdateAsync(first, "three")).Code);
        Assert.Contains("two", _emulator.State.Message(id)!.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(300020, (await UpdateAsync("c-nonsense", "x")).Code);
        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(300030, (await UpdateAsync(second, "late")).Code);
    }

    private async Task<string> ClickForTokenAsync()
    {
        await ClickAsync(new { @as = "alice", @do = "click", text = "Yes" });
        return (await _receiver.NextAsync("card.action.trigger")).Event["token"]!.GetValue<string>();
    }

    private Task<ApiReply> UpdateAsync(string token, string text) => _emulator.CallAsync(HttpMethod.Post, "/open-apis/interactive/v1/card/update", _token,
        new { token, card = JsonNode.Parse($$$"""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"{{{text}}}"}]}}""") });

    private Task<JsonObject> ClickAsync(object action) => _emulator.ActAsync(action);

    private async Task<string> SendAsync(string card)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", _token,
            new { receive_id = "alice", msg_type = "interactive", content = card });
        return reply.Data["message_id"]!.GetValue<string>();
    }
}
