using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Cards;

public sealed class CardUpdateTests : IAsyncLifetime
{
    private const string Update = "/open-apis/interactive/v1/card/update";
    private const string V2 = """{"schema":"2.0","body":{"elements":[{"tag":"button","text":{"tag":"plain_text","content":"Go"},"behaviors":[{"type":"callback","value":{"k":1}}]}]}}""";
    private const string Exclusive = """{"elements":[{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"Go"},"value":{"k":1}}]}]}""";
    private const string Shared = """{"config":{"update_multi":true},"elements":[{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"Go"},"value":{"k":1}}]}]}""";

    private EventReceiver _receiver = null!;
    private EmulatorApp _emulator = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        _emulator = await EmulatorApp.StartAsync(s => s with
        {
            RealTime = new ManualTimeProvider(),
            Apps = [EmulatorApp.DefaultApp with { CallbackUrl = _receiver.Url }, EmulatorApp.DefaultApp with { AppId = "cli_other" }],
        });
        _token = await _emulator.TenantTokenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_message_takes_five_patches_a_second_for_14_days()
    {
        var id = await SendAsync(V2);
        for (var i = 0; i < 5; i++) Assert.Equal(0, (await PatchAsync(id, V2)).Code);
        Assert.Equal((400, 230020L), (await PatchAsync(id, V2)) is var limited ? (limited.Status, limited.Code) : default);
        await _emulator.AdvanceAsync(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(1));
        _token = await _emulator.TenantTokenAsync();
        Assert.Equal(230031, (await PatchAsync(id, V2)).Code);
    }

    [Fact]
    public async Task A_patch_wants_shared_cards_of_one_version()
    {
        Assert.Equal(230001, (await PatchAsync(await SendAsync(Exclusive), Shared)).Code);
        Assert.Equal(230001, (await PatchAsync(await SendAsync(Shared), Exclusive)).Code);
        Assert.Contains("ErrCode: 200830", (await PatchAsync(await SendAsync(V2), Shared)).Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("ErrCode: 200830", (await PatchAsync(await SendAsync(Shared), V2)).Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_while_the_click_is_answered_is_locked()
    {
        var id = await SendAsync(V2);
        var during = "";
        _receiver.Answer = d =>
        {
            if (d.Type == "card.action.trigger") during = PatchAsync(id, V2).GetAwaiter().GetResult().Json["msg"]!.GetValue<string>();
            return (200, "{}");
        };
        await ClickAsync(id, "alice");
        Assert.Contains("ErrCode: 11310; ErrMsg: card action is lock; ", during, StringComparison.Ordinal);
        Assert.Equal(0, (await PatchAsync(id, V2)).Code);
    }

    [Fact]
    public async Task An_update_by_token_before_the_answer_is_taken_back()
    {
        var id = await SendAsync(V2);
        var (code, early) = (-1L, "");
        _receiver.Answer = d =>
        {
            if (d.Type != "card.action.trigger") return (200, "{}");
            early = d.Event["token"]!.GetValue<string>();
            code = UpdateAsync(early, Text("early")).GetAwaiter().GetResult().Code;
            Assert.Contains("early", Shown(id), StringComparison.Ordinal);
            return (200, "{}");
        };
        await ClickAsync(id, "alice");
        Assert.Equal(0, code);
        Assert.DoesNotContain("early", Shown(id), StringComparison.Ordinal);
        Assert.Equal(0, (await UpdateAsync(early, Text("late"))).Code);
        Assert.Contains("late", Shown(id), StringComparison.Ordinal);
        Assert.Equal(300040, (await UpdateAsync(early, Text("third"))).Code);
    }

    [Fact]
    public async Task An_exclusive_card_is_updated_for_the_people_named()
    {
        var id = await SendAsync(Exclusive);
        var token = await ClickAsync(id, "bob");
        var bob = WireIds.OpenId(EmulatorApp.AppId, "bob");
        Assert.Equal(300090, (await UpdateAsync(token, """{"elements":[{"tag":"markdown","content":"new"}]}""")).Code);
        Assert.Equal(200320, (await UpdateAsync(token, """{"open_ids":["ou_nobody"],"elements":[{"tag":"markdown","content":"new"}]}""")).Code);
        Assert.Equal(0, (await UpdateAsync(token, $$"""{"open_ids":["{{bob}}"],"elements":[{"tag":"markdown","content":"new"}]}""")).Code);
        var card = _emulator.State.Message(id)!.Card!;
        Assert.Contains("new", card.For("bob"), StringComparison.Ordinal);
        Assert.DoesNotContain("new", card.For("alice"), StringComparison.Ordinal);
        var shared = await ClickAsync(await SendAsync(Shared), "bob");
        Assert.Equal(200320, (await UpdateAsync(shared, $$"""{"config":{"update_multi":true},"open_ids":["{{bob}}"],"elements":[]}""")).Code);
    }

    [Fact]
    public async Task A_token_is_of_one_app_and_of_a_message_that_is_there()
    {
        var id = await SendAsync(V2);
        var token = await ClickAsync(id, "alice");
        var own = _token;
        _token = await _emulator.TenantTokenAsync("cli_other");
        Assert.Equal(200310, (await UpdateAsync(token, Text("x"))).Code);
        _token = own;
        Assert.Equal(10002, (await UpdateAsync(token, """{"elements":[]}""")).Code);
        await _emulator.CallAsync(HttpMethod.Delete, "/open-apis/im/v1/messages/" + id, _token);
        Assert.Equal(200000, (await UpdateAsync(token, Text("x"))).Code);
    }

    [Fact]
    public async Task Cards_can_be_used_14_or_30_days_and_changed_14()
    {
        var (v2, v1) = (await SendAsync(V2), await SendAsync(Shared));
        await _emulator.AdvanceAsync(TimeSpan.FromDays(15));
        _receiver.Answer = _ => (200, """{"card":{"type":"raw","data":{"config":{"update_multi":true},"elements":[{"tag":"markdown","content":"changed"}]}}}""");
        Assert.NotNull((await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = v2, text = "Go" }))["error"]);
        Assert.Null((await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = v1, text = "Go" }))["error"]);
        Assert.DoesNotContain("changed", Shown(v1), StringComparison.Ordinal);
        await _emulator.AdvanceAsync(TimeSpan.FromDays(16));
        Assert.NotNull((await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = v1, text = "Go" }))["error"]);
    }

    [Fact]
    public async Task An_ephemeral_card_is_for_one_person_and_vanishes()
    {
        var sent = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/ephemeral/v1/send", _token,
            new { chat_id = SeededCompany.PurchasingChat, open_id = WireIds.OpenId(EmulatorApp.AppId, "bob"), msg_type = "interactive", card = JsonNode.Parse(V2) });
        var id = sent.Data["message_id"]!.GetValue<string>();
        Assert.Single(_emulator.State.Messages(SeededCompany.PurchasingChat, viewer: "bob"));
        Assert.Empty(_emulator.State.Messages(SeededCompany.PurchasingChat, viewer: "alice"));
        Assert.Equal(230001, (await PatchAsync(id, V2)).Code);
        var (status, _) = await _emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "alice", @do = "click", message_id = id, text = "Go" });
        Assert.DoesNotContain(_emulator.State.Inspector.Pushes(), p => p.EventType == "card.action.trigger");
        Assert.True(status is 200 or 400);
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Post, "/open-apis/ephemeral/v1/delete", _token, new { message_id = id })).Code);
        Assert.Empty(_emulator.State.Messages(SeededCompany.PurchasingChat, viewer: "bob"));
        Assert.Equal(18051, (await _emulator.CallAsync(HttpMethod.Post, "/open-apis/ephemeral/v1/delete", _token, new { message_id = id })).Code);
        Assert.Equal(10002, (await _emulator.CallAsync(HttpMethod.Post, "/open-apis/ephemeral/v1/send", _token,
            new { chat_id = SeededCompany.FinanceChat, user_id = "alice", msg_type = "interactive", card = JsonNode.Parse(V2) })).Code);
    }

    private static string Text(string text) => """{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"TEXT"}]}}""".Replace("TEXT", text, StringComparison.Ordinal);

    private string Shown(string id) => _emulator.State.Message(id)!.Card!.Json;

    /// <returns>The token that came with the callback.</returns>
    private async Task<string> ClickAsync(string id, string who)
    {
        await _emulator.ActAsync(new { @as = who, @do = "click", message_id = id, text = "Go" });
        return (await _receiver.NextAsync("card.action.trigger")).Event["token"]!.GetValue<string>();
    }

    private Task<ApiReply> UpdateAsync(string token, string card) => _emulator.CallAsync(HttpMethod.Post, Update, _token, new { token, card = JsonNode.Parse(card) });

    private Task<ApiReply> PatchAsync(string id, string content) => _emulator.CallAsync(HttpMethod.Patch, "/open-apis/im/v1/messages/" + id, _token, new { content });

    private async Task<string> SendAsync(string content)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", _token, new { receive_id = SeededCompany.PurchasingChat, msg_type = "interactive", content });
        return reply.Data["message_id"]!.GetValue<string>();
    }
}
