using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Cards;

public sealed class TemplateTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _token = await _emulator.TenantTokenAsync();
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task A_template_of_the_fresh_state_is_sent_with_its_variables()
    {
        var sent = await SendAsync(SeededTemplates.Notice, new { title = "到货", text = "**三箱**" });
        var card = _emulator.State.Message(sent.Data["message_id"]!.GetValue<string>())!.Card!;
        Assert.True(card.IsV2);
        Assert.Contains("到货", card.Json, StringComparison.Ordinal);
        Assert.Contains("\"template\":\"blue\"", card.Json, StringComparison.Ordinal);
        Assert.Equal(0, (await SendAsync(SeededTemplates.Approval, new { title = "采购", applicant = "alice", amount = 12.5, key = "k" })).Code);
    }

    [Fact]
    public async Task Only_published_versions_are_sent_and_the_newest_unless_one_is_named()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "templates", new
        {
            template_id = "AAqOwn", versions = new object[]
            {
                new { name = "1.0.0", card = Card("first ${x}"), variables = new[] { new { name = "x" } } },
                new { name = "1.1.0", card = Card("second ${x}") },
                new { name = "1.2.0", card = Card("draft"), published = false },
            },
        });
        Assert.Contains("second 7", await ShownAsync("AAqOwn", null, new { x = "7" }), StringComparison.Ordinal);
        Assert.Contains("first 7", await ShownAsync("AAqOwn", "1.0.0", new { x = "7" }), StringComparison.Ordinal);
        await RefusedAsync(200380, "AAqOwn", "1.2.0", new { });
        await RefusedAsync(200380, "AAqOwn", "9.9.9", new { });
        await RefusedAsync(200380, "AAqNobody", null, new { });
        Assert.Contains((await _emulator.StateAsync())["card_templates"]!.AsArray(), t => t!["template_id"]!.GetValue<string>() == "AAqOwn");
        await _emulator.ControlAsync(HttpMethod.Delete, "templates/AAqOwn");
        await RefusedAsync(200380, "AAqOwn", null, new { });
    }

    [Fact]
    public async Task A_template_belongs_to_the_apps_that_it_was_opened_for()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "templates", new { template_id = "AAqClosed", apps = new[] { "cli_other" }, versions = new[] { new { card = Card("x") } } });
        await RefusedAsync(200381, "AAqClosed", null, new { });
    }

    [Fact]
    public async Task Variables_have_types_and_formats()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "templates", new
        {
            template_id = "AAqTyped",
            versions = new[]
            {
                new
                {
                    card = JsonNode.Parse("""{"schema":"2.0","body":{"elements":[{"tag":"button","disabled":"${off}","text":{"tag":"plain_text","content":"${n} am ${day}"}},{"tag":"markdown","content":"${none}"}]}}"""),
                    variables = new object[] { new { name = "off", type = "boolean" }, new { name = "n", type = "number" }, new { name = "day", type = "date" } },
                },
            },
        });
        var shown = JsonNode.Parse(await ShownAsync("AAqTyped", null, new { off = true, n = 3, day = "2026-04-01" }))!["body"]!["elements"]!;
        Assert.True(shown[0]!["disabled"]!.GetValue<bool>());
        Assert.Equal("3 am 2026-04-01", shown[0]!["text"]!["content"]!.GetValue<string>());
        Assert.Equal("", shown[1]!["content"]!.GetValue<string>());
        Assert.Contains("varName: n, specifiedType: number, actualType: string", await RefusedAsync(200732, "AAqTyped", null, new { n = "three" }), StringComparison.Ordinal);
        Assert.Contains("varName: day, specifiedFormat: yyyy-MM-dd, actualFormat: 1.4.2026", await RefusedAsync(200737, "AAqTyped", null, new { day = "1.4.2026" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_template_becomes_is_validated_like_any_card()
    {
        await RefusedAsync(100290, SeededTemplates.Approval, null, new { applicant = "nobody" });
        await RefusedAsync(200621, SeededTemplates.Notice, null, new { color = "pinkish" });
        var big = await SendAsync(SeededTemplates.Notice, new { text = new string('x', 31_000) });
        Assert.Equal(230025, big.Code);
    }

    [Fact]
    public async Task An_entity_is_made_of_a_template_of_json_2_0()
    {
        Task<ApiReply> CreateAsync(string id, object variables) => _emulator.CallAsync(HttpMethod.Post, "/open-apis/cardkit/v1/cards", _token,
            new { type = "template", data = JsonSerializer.Serialize(new { template_id = id, template_variable = variables }) });
        Assert.Equal(0, (await CreateAsync(SeededTemplates.Notice, new { title = "x" })).Code);
        Assert.Equal(300303, (await CreateAsync(SeededTemplates.Approval, new { applicant = "bob" })).Code);
        Assert.Equal(200220, (await CreateAsync("AAqNobody", new { })).Code);
    }

    [Theory]
    [InlineData("""{"versions":[{"card":{}}]}""", "template_id")]
    [InlineData("""{"template_id":"a b","versions":[{"card":{}}]}""", "template_id")]
    [InlineData("""{"template_id":"a"}""", "versions")]
    [InlineData("""{"template_id":"a","versions":[{"card":"{"}]}""", "card")]
    [InlineData("""{"template_id":"a","versions":[{"card":{},"variables":[{"name":"x","type":"colour"}]}]}""", "type")]
    [InlineData("""{"template_id":"a","versions":[{"card":{},"surprise":1}]}""", "surprise")]
    public async Task A_bad_template_is_refused_with_texts(string body, string word)
    {
        var (status, answer) = await _emulator.TryControlAsync(HttpMethod.Post, "templates", JsonNode.Parse(body));
        Assert.Equal(400, status);
        Assert.Contains(word, answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static JsonNode Card(string text) => new JsonObject
    {
        ["schema"] = "2.0", ["body"] = new JsonObject { ["elements"] = new JsonArray(new JsonObject { ["tag"] = "markdown", ["content"] = text }) },
    };

    private async Task<string> ShownAsync(string id, string? version, object variables)
    {
        var sent = await SendAsync(id, variables, version);
        Assert.True(sent.Code == 0, sent.Json.ToJsonString());
        return _emulator.State.Message(sent.Data["message_id"]!.GetValue<string>())!.Card!.Json;
    }

    private async Task<string> RefusedAsync(int code, string id, string? version, object variables)
    {
        var reply = await SendAsync(id, variables, version);
        var msg = reply.Json["msg"]!.GetValue<string>();
        Assert.StartsWith($"Failed to create card content, ext=ErrCode: {code}; ", msg, StringComparison.Ordinal);
        return msg;
    }

    private async Task<ApiReply> SendAsync(string id, object variables, string? version = null)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", _token, new
        {
            receive_id = "alice", msg_type = "interactive",
            content = JsonSerializer.Serialize(new { type = "template", data = new { template_id = id, template_version_name = version, template_variable = variables } }),
        });
        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        return reply;
    }
}
