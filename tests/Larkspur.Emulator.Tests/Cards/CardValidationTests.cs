using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Cards;

public sealed class CardValidationTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0 });
        _token = await _emulator.TenantTokenAsync();
        foreach (var (key, owner) in new[] { ("img_own", EmulatorApp.AppId), ("img_other", "cli_other") })
        {
            _emulator.State.Put(new StoredFile { Key = key, IsImage = true, Name = key, Type = "message", ContentType = "image/png", Bytes = new byte[] { 1 }, OwnerId = owner });
        }

        _emulator.State.Put(new StoredFile { Key = "file_own", IsImage = false, Name = "a", Type = "opus", ContentType = "audio/ogg", Bytes = new byte[] { 1 }, OwnerId = EmulatorApp.AppId });
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Theory]
    [InlineData("""{"tag":"markdown","content":"x","colour":"red"}""", 200621, "ROOT -> body -> elements -> [0](tag: markdown) -> colour", "unknown property, property: colour")]
    [InlineData("""{"tag":"markdown"}""", 200621, "ROOT -> body -> elements -> [0](tag: markdown)", "property content is required")]
    [InlineData("""{"content":"x"}""", 200621, "ROOT -> body -> elements -> [0]", "property tag is required")]
    [InlineData("""{"tag":"hologram"}""", 200621, "elements -> [0](tag: hologram)", "unknown tag")]
    [InlineData("""{"tag":"markdown","content":5}""", 200621, "-> content", "invalid type, property: content, expected: string, actual: number")]
    [InlineData("""{"tag":"button","text":{"tag":"plain_text","content":"x"},"disabled":"yes"}""", 200621, "-> disabled", "expected: boolean")]
    [InlineData("""{"tag":"button","text":{"tag":"plain_text","content":"x"},"type":"huge"}""", 200621, "-> type", "invalid value, property: type, value: huge")]
    [InlineData("""{"tag":"markdown","content":"x","margin":"120px"}""", 200621, "-> margin", "invalid value, property: margin")]
    [InlineData("""{"tag":"markdown","content":"x","element_id":"1st"}""", 200621, "-> element_id", "invalid value, property: element_id")]
    [InlineData("""{"tag":"column_set","columns":[{"tag":"column","weight":9}]}""", 200621, "[0](tag: column) -> weight", "out of range")]
    [InlineData("""{"tag":"hr"},{"tag":"column"}""", 200621, "[1](tag: column)", "tag column is not allowed in root")]
    [InlineData("""{"tag":"column_set","columns":[{"tag":"markdown","content":"x"}]}""", 200621, "columns -> [0](tag: markdown)", "tag markdown is not allowed in columns")]
    [InlineData("""{"tag":"button","form_action_type":"submit","text":{"tag":"plain_text","content":"x"}}""", 200621, "-> form_action_type", "unknown property")]
    [InlineData("""{"tag":"column_set","columns":[{"tag":"column","elements":[{"tag":"table","columns":[],"rows":[]}]}]}""", 200621, "(tag: table)", "not allowed in column_set")]
    [InlineData("""{"tag":"note","elements":[]}""", 200861, "(tag: note)", "unsupported tag note")]
    [InlineData("""{"tag":"form","name":"f","elements":[{"tag":"input","name":"a"}]}""", 200621, "(tag: form)", "form must have a submit button")]
    [InlineData("""{"tag":"form","name":"f","elements":[{"tag":"input"},{"tag":"button","name":"b","form_action_type":"submit"}]}""", 200530, "(tag: input)", "input")]
    [InlineData("""{"tag":"form","name":"f","elements":[{"tag":"input","name":"b"},{"tag":"button","name":"b","form_action_type":"submit"}]}""", 200621, "(tag: button)", "duplicate name in form")]
    [InlineData("""{"tag":"form","name":"f","elements":[{"tag":"button","form_action_type":"submit"}]}""", 200621, "(tag: button)", "property name is required")]
    [InlineData("""{"tag":"hr","element_id":"a"},{"tag":"hr","element_id":"a"}""", 300301, "[1](tag: hr)", "a")]
    [InlineData("""{"tag":"button","text":{"tag":"plain_text","content":"x"},"behaviors":[{"type":"fly"}]}""", 200621, "-> type", "value: fly")]
    [InlineData("""{"tag":"button","text":{"tag":"plain_text","content":"x"},"behaviors":[{"type":"open_url"}]}""", 200621, "behaviors -> [0]", "property default_url is required")]
    [InlineData("""{"tag":"img","img_key":"img_nobody","alt":{"tag":"plain_text","content":""}}""", 200570, null, "image key img_nobody")]
    [InlineData("""{"tag":"img","img_key":"img_other","alt":{"tag":"plain_text","content":""}}""", 200570, null, "image key img_other")]
    [InlineData("""{"tag":"markdown","content":"![x](img_nobody)"}""", 200570, null, "image key img_nobody")]
    [InlineData("""{"tag":"markdown","content":"<at id=ou_nobody></at>"}""", 100290, null, "ou_nobody")]
    [InlineData("""{"tag":"person","user_id":"ou_nobody"}""", 100290, null, "ou_nobody")]
    [InlineData("""{"tag":"person_list","persons":[{"id":"bob"},{"id":"nobody"}]}""", 100290, null, "nobody")]
    [InlineData("""{"tag":"chart","chart_spec":{}}""", 200550, "(tag: chart)", "type is required")]
    [InlineData("""{"tag":"table","columns":[{"name":"a","data_type":"text"}],"rows":[{"b":"x"}]}""", 200915, "-> rows -> [0] -> b", "b")]
    [InlineData("""{"tag":"table","columns":[{"name":"a","data_type":"number"}],"rows":[{"a":"x"}]}""", 200914, "-> rows -> [0] -> a", "row 0, column a")]
    [InlineData("""{"tag":"table","page_size":11,"columns":[],"rows":[]}""", 200621, "-> page_size", "out of range")]
    [InlineData("""{"tag":"audio","file_key":"file_own"}""", 300220, null, "")]
    public async Task A_bad_component_is_refused_with_code_path_and_value(string elements, int code, string? path, string value)
    {
        var msg = await RefusedAsync("""{"schema":"2.0","body":{"elements":[""" + elements + "]}}");
        Assert.StartsWith($"Failed to create card content, ext=ErrCode: {code}; ", msg, StringComparison.Ordinal);
        if (path is not null) Assert.Contains(path + "; ", msg, StringComparison.Ordinal);
        Assert.Contains(value, msg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"schema":"2.0","elements":[]}""", "200621")]
    [InlineData("""{"schema":"3.0"}""", "200621")]
    [InlineData("""{"schema":"2.0","config":{"update_multi":false}}""", "300302")]
    [InlineData("""{"schema":"2.0","header":{"title":{"tag":"plain_text","content":"x"},"template":"pinkish"}}""", "200621")]
    [InlineData("""{"schema":"2.0","header":{"template":"blue"}}""", "200621")]
    [InlineData("""{"elements":[{"tag":"div","text":{"tag":"plain_text","content":7}}]}""", "200621")]
    [InlineData("""{"elements":[{"tag":"hologram"}]}""", "200621")]
    [InlineData("""{"elements":{}}""", "200621")]
    [InlineData("[]", "200621")]
    public async Task A_bad_card_is_refused(string card, string code) => Assert.Contains($"ErrCode: {code}; ", await RefusedAsync(card), StringComparison.Ordinal);

    [Fact]
    public async Task Numbers_of_elements_tables_columns_and_levels_are_bounded()
    {
        const string table = """{"tag":"table","columns":[{"name":"a","data_type":"text"}],"rows":[]}""";
        Assert.Contains("ErrCode: 11310; ErrMsg: card table number over limit; ErrorValue: table; ", await RefusedAsync(Elements(Enumerable.Repeat(table, 6))), StringComparison.Ordinal);
        var markdown = new JsonObject { ["tag"] = "markdown", ["content"] = string.Concat(Enumerable.Repeat("| a | b |\n|---|---|\n| 1 | 2 |\n\n", 5)) }.ToJsonString();
        Assert.Contains("ErrMsg: card table number over limit", await RefusedAsync(Elements([markdown])), StringComparison.Ordinal);
        Assert.Contains("ErrCode: 11310; ErrMsg: element exceeds the limit; ", await RefusedAsync(Elements(Enumerable.Repeat("""{"tag":"hr"}""", 201))), StringComparison.Ordinal);
        var columns = string.Join(',', Enumerable.Range(0, 51).Select(i => $$"""{"name":"c{{i}}","data_type":"text"}"""));
        Assert.Contains("ErrCode: 11310; ", await RefusedAsync(Elements(["""{"tag":"table","rows":[],"columns":[""" + columns + "]}"])), StringComparison.Ordinal);
        Assert.Contains("ErrMsg: nesting exceeds the limit", await RefusedAsync(Elements([Nested(6)])), StringComparison.Ordinal);
        Assert.Equal(0, (await SendAsync(Elements([Nested(5)]))).Code);
        Assert.Equal(0, (await SendAsync(Elements(Enumerable.Repeat(table, 5)))).Code);
        Assert.Equal(0, (await SendAsync(Elements(Enumerable.Repeat("""{"tag":"hr"}""", 200)))).Code);
        Assert.Equal(230025, (await SendAsync(Elements([new JsonObject { ["tag"] = "markdown", ["content"] = new string('x', 31_000) }.ToJsonString()]))).Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"config":{"nonsense":1},"future":true,"elements":[{"tag":"markdown","content":"x","sparkle":9}]}""")]
    [InlineData("""{"header":{"title":{"tag":"plain_text","content":"t"}},"elements":[{"tag":"note","elements":[{"tag":"plain_text","content":"n"}]},{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"b"},"value":{"k":1}}]}]}""")]
    [InlineData("""{"schema":"2.0","config":{"style":{"color":{"own":{"light_mode":"rgba(1,2,3,1)","dark_mode":"rgba(1,2,3,1)"}},"text_size":{"mine":{"default":"normal"}}}},"body":{"elements":[{"tag":"column_set","background_style":"own","columns":[]},{"tag":"markdown","content":"x","text_size":"mine"}]}}""")]
    [InlineData("""{"schema":"2.0","body":{"padding":"4px 12px","elements":[{"tag":"markdown","i18n_content":{"zh_cn":"中","en_us":"en"}},{"tag":"button","text":{"tag":"plain_text","content":"b"},"behaviors":[{"type":"callback","value":"text"}]}]}}""")]
    [InlineData("""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"<at id=all></at> <at id=bob></at> ![x](img_own)"},{"tag":"img","img_key":"img_own","alt":{"tag":"plain_text","content":""}},{"tag":"person_list","drop_invalid_user_id":true,"persons":[{"id":"nobody"}]}]}}""")]
    [InlineData("""{"schema":"2.0","config":{"enable_forward":false},"body":{"elements":[{"tag":"audio","file_key":"file_own"}]}}""")]
    public async Task A_good_card_is_sent(string card)
    {
        var reply = await SendAsync(card);
        Assert.True(reply.Code == 0, reply.Json.ToJsonString());
    }

    [Fact]
    public async Task Every_way_to_show_a_card_validates_it()
    {
        const string bad = """{"schema":"2.0","body":{"elements":[{"tag":"hologram"}]}}""";
        var good = (await SendAsync("""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"x"}]}}""")).Data["message_id"]!.GetValue<string>();
        Assert.Equal(230099, (await _emulator.CallAsync(HttpMethod.Patch, "/open-apis/im/v1/messages/" + good, _token, new { content = bad })).Code);
        Assert.Equal(230099, (await _emulator.CallAsync(HttpMethod.Post, $"/open-apis/im/v1/messages/{good}/reply", _token, new { msg_type = "interactive", content = bad })).Code);
        Assert.Equal(230099, (await _emulator.CallAsync(HttpMethod.Post, "/open-apis/ephemeral/v1/send", _token,
            new { chat_id = SeededCompany.PurchasingChat, user_id = "bob", msg_type = "interactive", card = JsonNode.Parse(bad) })).Code);
    }

    private static string Nested(int levels) => Enumerable.Range(0, levels).Aggregate("""{"tag":"hr"}""",
        (inner, _) => """{"tag":"column_set","columns":[{"tag":"column","elements":[""" + inner + "]}]}");

    private static string Elements(IEnumerable<string> elements) => """{"schema":"2.0","body":{"elements":[""" + string.Join(',', elements) + "]}}";

    private async Task<string> RefusedAsync(string card)
    {
        var reply = await SendAsync(card);
        Assert.Equal((400, 230099L), (reply.Status, reply.Code));
        return reply.Json["msg"]!.GetValue<string>();
    }

    private Task<ApiReply> SendAsync(string content) => _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", _token,
        new { receive_id = "alice", msg_type = "interactive", content });
}
