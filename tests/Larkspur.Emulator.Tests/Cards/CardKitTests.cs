using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Cards;

public sealed class CardKitTests : IAsyncLifetime
{
    private const string Cards = "/open-apis/cardkit/v1/cards";

    private static readonly BotApp Other = EmulatorApp.DefaultApp with { AppId = "cli_other", Name = "other", EnName = "other" };

    private EventReceiver _receiver = null!;
    private EmulatorApp _emulator = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        _emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider(), Apps = [EmulatorApp.DefaultApp with { CallbackUrl = _receiver.Url }, Other] });
        _token = await _emulator.TenantTokenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_entity_is_made_sent_once_and_shown()
    {
        var id = await CreateAsync(Card());
        Assert.Matches("^[0-9]{19}$", id);
        var sent = await SendAsync(id);
        Assert.Equal(0, sent.Code);
        var shown = _emulator.State.Message(sent.Data["message_id"]!.GetValue<string>())!;
        Assert.Contains("Thinking", shown.Card!.Json, StringComparison.Ordinal);

        var again = await SendAsync(id);
        Assert.Equal((400, 230099L), (again.Status, again.Code));
        Assert.Contains("ErrCode: 11310; ErrMsg: cardid is invalid", again.Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(230099, (await SendAsync("7355372766134157313")).Code);
    }

    [Fact]
    public async Task Text_streams_into_the_message_until_the_mode_is_closed()
    {
        var id = await CreateAsync(Card());
        var message = (await SendAsync(id)).Data["message_id"]!.GetValue<string>();
        Assert.Equal(0, (await ContentAsync(id, "Hel", 1)).Code);
        Assert.Equal(0, (await ContentAsync(id, "Hello", 5)).Code);
        Assert.Contains("\"Hello\"", _emulator.State.Message(message)!.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(0, (await SettingsAsync(id, """{"config":{"streaming_mode":false,"summary":{"content":"Hello"}}}""", 6)).Code);
        Assert.Equal(300309, (await ContentAsync(id, "Hello again", 7)).Code);

        var state = await _emulator.StateAsync();
        var entity = Assert.Single(state["card_entities"]!.AsArray())!;
        Assert.Equal(("closed", 6, message), (entity["streaming"]!.GetValue<string>(), entity["sequence"]!.GetValue<int>(), entity["message_id"]!.GetValue<string>()));
        Assert.Equal("Hello", entity["card"]!["config"]!["summary"]!["content"]!.GetValue<string>());
        Assert.Equal(id, state["cards"]![0]!["card_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_sequence_rises_over_all_operations_and_a_refused_one_does_not_count()
    {
        var id = await CreateAsync(Card());
        Assert.Equal(0, (await ContentAsync(id, "a", 3)).Code);
        Assert.Equal(300317, (await ContentAsync(id, "ab", 3)).Code);
        Assert.Equal(300317, (await SettingsAsync(id, """{"config":{"enable_forward":false}}""", 2)).Code);
        Assert.Equal(300310, (await ContentAsync(id, "x", 4, "go")).Code);
        Assert.Equal(0, (await ContentAsync(id, "ab", 4)).Code);
        foreach (var sequence in new long[] { 0, -1, 2147483648 }) Assert.Equal(10002, (await CallAsync(HttpMethod.Put, $"{id}/elements/answer/content", new { content = "z", sequence })).Code);
    }

    [Fact]
    public async Task A_uuid_runs_once()
    {
        var id = await CreateAsync(Card());
        Assert.Equal(0, (await CallAsync(HttpMethod.Put, $"{id}/elements/answer/content", new { content = "a", uuid = "u1", sequence = 1 })).Code);
        Assert.Equal(200770, (await CallAsync(HttpMethod.Put, $"{id}/elements/answer/content", new { content = "a", uuid = "u1", sequence = 1 })).Code);
        Assert.Equal(200770, (await CallAsync(HttpMethod.Put, $"{id}/elements/answer/content", new { content = "b", uuid = "u1", sequence = 2 })).Code);
        Assert.Equal(300310, (await CallAsync(HttpMethod.Put, $"{id}/elements/go/content", new { content = "b", uuid = "u2", sequence = 2 })).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Put, $"{id}/elements/answer/content", new { content = "b", uuid = "u2", sequence = 2 })).Code);
    }

    [Fact]
    public async Task A_stream_is_closed_after_10_minutes_and_can_be_opened_again()
    {
        var id = await CreateAsync(Card());
        var message = (await SendAsync(id)).Data["message_id"]!.GetValue<string>();
        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(0, (await ContentAsync(id, "a", 1)).Code);
        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("\"streaming_mode\":true", _emulator.State.Message(message)!.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(200850, (await ContentAsync(id, "ab", 2)).Code);
        Assert.Equal(0, (await SettingsAsync(id, """{"config":{"streaming_mode":true}}""", 3)).Code);
        Assert.Equal(0, (await ContentAsync(id, "ab", 4)).Code);
    }

    [Fact]
    public async Task An_entity_lives_14_days()
    {
        var (id, unsent) = (await CreateAsync(Card()), await CreateAsync(Card()));
        await _emulator.AdvanceAsync(TimeSpan.FromDays(14));
        _token = await _emulator.TenantTokenAsync();
        Assert.Equal(200750, (await ContentAsync(id, "late", 1)).Code);
        Assert.Equal(230099, (await SendAsync(unsent)).Code);
        Assert.Equal(200740, (await ContentAsync("7000000000000000001", "x", 1)).Code);
    }

    [Fact]
    public async Task Another_app_may_neither_send_nor_change_it()
    {
        var id = await CreateAsync(Card());
        _token = await _emulator.TenantTokenAsync(Other.AppId);
        Assert.Equal(300311, (await ContentAsync(id, "x", 1)).Code);
        Assert.Contains("ErrCode: 300311", (await SendAsync(id)).Json["msg"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elements_are_added_changed_and_taken_away()
    {
        var id = await CreateAsync(Card());
        object Added(string type, string? target, int sequence, string element) => new { type, target_element_id = target, sequence, elements = $"[{element}]" };
        Assert.Equal(0, (await CallAsync(HttpMethod.Post, $"{id}/elements", Added("insert_before", "answer", 1, """{"tag":"hr","element_id":"line"}"""))).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Post, $"{id}/elements", Added("append", null, 2, """{"tag":"markdown","element_id":"end","content":"end"}"""))).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Post, $"{id}/elements", Added("append", "box", 3, """{"tag":"markdown","element_id":"inner","content":"in"}"""))).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Patch, $"{id}/elements/end", new { partial_element = """{"content":"The end"}""", sequence = 4 })).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Put, $"{id}/elements/line", new { element = """{"tag":"markdown","content":"no line"}""", sequence = 5 })).Code);
        Assert.Equal(0, (await CallAsync(HttpMethod.Delete, $"{id}/elements/go", new { sequence = 6 })).Code);
        var elements = Entity(id)["body"]!["elements"]!.AsArray();
        Assert.Equal(["line", "answer", "box", "end"], elements.Select(e => e!["element_id"]!.GetValue<string>()));
        Assert.Equal(("no line", "The end", "inner"), (elements[0]!["content"]!.GetValue<string>(), elements[3]!["content"]!.GetValue<string>(), elements[2]!["elements"]![0]!["element_id"]!.GetValue<string>()));

        Assert.Equal(300313, (await CallAsync(HttpMethod.Patch, $"{id}/elements/gone", new { partial_element = "{}", sequence = 7 })).Code);
        Assert.Equal(300312, (await CallAsync(HttpMethod.Patch, $"{id}/elements/end", new { partial_element = """{"tag":"hr"}""", sequence = 7 })).Code);
        Assert.Equal(300121, (await CallAsync(HttpMethod.Put, $"{id}/elements/gone", new { element = """{"tag":"hr"}""", sequence = 7 })).Code);
        Assert.Equal(300314, (await CallAsync(HttpMethod.Delete, $"{id}/elements/gone", new { sequence = 7 })).Code);
        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(300315, (await CallAsync(HttpMethod.Post, $"{id}/elements", Added("insert_after", "gone", 7, """{"tag":"hr"}"""))).Code);
        Assert.Equal(300315, (await CallAsync(HttpMethod.Post, $"{id}/elements", Added("append", "end", 7, """{"tag":"hr"}"""))).Code);
        Assert.Equal(300301, (await CallAsync(HttpMethod.Post, $"{id}/elements", Added("append", null, 7, """{"tag":"hr","element_id":"end"}"""))).Code);
        Assert.Equal(300315, (await CallAsync(HttpMethod.Post, $"{id}/elements", Added("append", null, 7, """{"tag":"note"}"""))).Code);
        Assert.Equal(200220, (await CallAsync(HttpMethod.Post, $"{id}/elements", new { type = "append", sequence = 7, elements = "[{" })).Code);
    }

    [Fact]
    public async Task A_batch_happens_as_a_whole_or_not_at_all()
    {
        var id = await CreateAsync(Card());
        var good = """
            [{"action":"partial_update_setting","params":{"settings":{"config":{"streaming_mode":false}}}},
             {"action":"add_elements","params":{"type":"insert_after","target_element_id":"answer","elements":[{"tag":"hr","element_id":"line"}]}},
             {"action":"delete_elements","params":{"element_ids":["go"]}},
             {"action":"partial_update_element","params":{"element_id":"answer","partial_element":{"content":"done"}}},
             {"action":"update_element","params":{"element_id":"box","element":{"tag":"markdown","content":"boxed"}}}]
            """;
        Assert.Equal(0, (await CallAsync(HttpMethod.Post, $"{id}/batch_update", new { actions = good, sequence = 1 })).Code);
        Assert.Equal(["answer", "line", "box"], Entity(id)["body"]!["elements"]!.AsArray().Select(e => e!["element_id"]!.GetValue<string>()));
        Assert.Equal(300309, (await ContentAsync(id, "x", 2)).Code);

        var bad = """[{"action":"partial_update_element","params":{"element_id":"answer","partial_element":{"content":"lost"}}},{"action":"delete_elements","params":{"element_ids":["nobody"]}}]""";
        Assert.Equal(300314, (await CallAsync(HttpMethod.Post, $"{id}/batch_update", new { actions = bad, sequence = 2 })).Code);
        Assert.Equal("done", Entity(id)["body"]!["elements"]![0]!["content"]!.GetValue<string>());
        Assert.Equal(10002, (await CallAsync(HttpMethod.Post, $"{id}/batch_update", new { actions = """[{"action":"explode","params":{}}]""", sequence = 2 })).Code);
    }

    [Fact]
    public async Task Ten_operations_a_second_are_the_most_for_one_card()
    {
        var (id, other) = (await CreateAsync(Card()), await CreateAsync(Card()));
        for (var i = 1; i <= 10; i++) Assert.Equal(0, (await ContentAsync(id, "a", i)).Code);
        Assert.Equal(230020, (await ContentAsync(id, "a", 11)).Code);
        Assert.Equal(0, (await ContentAsync(other, "a", 1)).Code);
        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await ContentAsync(id, "a", 11)).Code);
    }

    [Theory]
    [InlineData("""{"elements":[]}""", 300303)]
    [InlineData("""{"schema":"2.0","config":{"update_multi":false},"body":{"elements":[]}}""", 300302)]
    [InlineData("""{}""", 300307)]
    [InlineData("""{"schema":""", 200220)]
    [InlineData("""{"schema":"2.0","body":{"elements":[{"tag":"hologram"}]}}""", 200220)]
    public async Task A_card_that_cannot_be_an_entity_is_refused(string card, long code) =>
        Assert.Equal(code, (await _emulator.CallAsync(HttpMethod.Post, Cards, _token, new { type = "card_json", data = card })).Code);

    [Fact]
    public async Task Sizes_are_bounded()
    {
        Assert.Equal(200860, (await _emulator.CallAsync(HttpMethod.Post, Cards, _token, new { type = "card_json", data = Card(new string('x', 31_000)) })).Code);
        var many = string.Join(',', Enumerable.Repeat("""{"tag":"hr"}""", 201));
        Assert.Equal(300305, (await _emulator.CallAsync(HttpMethod.Post, Cards, _token, new { type = "card_json", data = """{"schema":"2.0","body":{"elements":[""" + many + "]}}" })).Code);
        var id = await CreateAsync(Card());
        Assert.Equal(200860, (await ContentAsync(id, new string('x', 31_000), 1)).Code);
        Assert.Equal(99992402, (await ContentAsync(id, new string('x', 100_001), 1)).Code);
    }

    [Fact]
    public async Task A_sent_card_becomes_an_entity_by_its_message_id()
    {
        var sent = await SendRawAsync(Card());
        var message = sent.Data["message_id"]!.GetValue<string>();
        var id = (await CallAsync(HttpMethod.Post, "id_convert", new { message_id = message })).Data["card_id"]!.GetValue<string>();
        Assert.Equal(id, (await CallAsync(HttpMethod.Post, "id_convert", new { message_id = message })).Data["card_id"]!.GetValue<string>());
        Assert.Equal(0, (await ContentAsync(id, "streamed", 1)).Code);
        Assert.Contains("streamed", _emulator.State.Message(message)!.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(10002, (await CallAsync(HttpMethod.Post, "id_convert", new { message_id = "om_nothing" })).Code);
    }

    [Fact]
    public async Task While_a_click_is_answered_the_entity_cannot_be_changed()
    {
        var id = await CreateAsync(Card());
        await SendAsync(id);
        var refused = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = d =>
        {
            if (d.Type == "card.action.trigger") refused.TrySetResult(ContentAsync(id, "too early", 1).GetAwaiter().GetResult().Code);
            return (200, "{}");
        };
        await _emulator.ActAsync(new { @as = "alice", @do = "click", text = "Stop" });
        Assert.Equal(200810, await refused.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(0, (await ContentAsync(id, "now", 1)).Code);
    }

    private JsonNode Entity(string id) => JsonNode.Parse(_emulator.State.CardEntity(id)!.Json)!;

    private async Task<string> CreateAsync(string card)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, Cards, _token, new { type = "card_json", data = card });
        Assert.Equal(0, reply.Code);
        return reply.Data["card_id"]!.GetValue<string>();
    }

    private Task<ApiReply> SendAsync(string cardId) => SendRawAsync(JsonSerializer.Serialize(new { type = "card", data = new { card_id = cardId } }));

    private Task<ApiReply> SendRawAsync(string content) => _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", _token,
        new { receive_id = "alice", msg_type = "interactive", content });

    private Task<ApiReply> ContentAsync(string id, string content, int sequence, string element = "answer") =>
        CallAsync(HttpMethod.Put, $"{id}/elements/{element}/content", new { content, sequence });

    private Task<ApiReply> SettingsAsync(string id, string settings, int sequence) => CallAsync(HttpMethod.Patch, $"{id}/settings", new { settings, sequence });

    private Task<ApiReply> CallAsync(HttpMethod method, string path, object body) => _emulator.CallAsync(method, $"{Cards}/{path}", _token, body);

    private static string Card(string text = "Thinking…") => new JsonObject
    {
        ["schema"] = "2.0",
        ["config"] = new JsonObject { ["streaming_mode"] = true },
        ["body"] = new JsonObject
        {
            ["elements"] = new JsonArray(
                new JsonObject { ["tag"] = "markdown", ["element_id"] = "answer", ["content"] = text },
                JsonNode.Parse("""{"tag":"interactive_container","element_id":"box","behaviors":[{"type":"callback","value":{}}],"elements":[]}"""),
                JsonNode.Parse("""{"tag":"button","element_id":"go","text":{"tag":"plain_text","content":"Stop"},"behaviors":[{"type":"callback","value":{"k":1}}]}""")),
        },
    }.ToJsonString();
}
