using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Commands;

/// <summary>Commands that business systems register over REST: called on each platform, told by webhook, answered over REST.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class RegisteredCommandTests
{
    private static readonly object Ticket = new { description = new { zh = "报修", en = "report a fault" }, aliases = new[] { "报修" } };

    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom app")]
    [InlineData("wecom bot")]
    [InlineData("dingtalk")]
    public async Task A_call_reaches_its_system_and_the_answer_arrives_once_where_it_was_written(string platform)
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("ticket", Ticket);
        await fixture.Platforms.SayAsync(platform, "/报修 the lamp <at id=all></at>");
        var heard = await fixture.HeardAsync();
        var data = heard.GetProperty("data");
        Assert.Equal("command.called", heard.GetProperty("type").GetString());
        Assert.Equal("ticket", data.GetProperty("command").GetString());
        Assert.StartsWith("the lamp", data.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(platform.Split(' ')[0], data.GetProperty("platform").GetString());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("form").ValueKind);
        Assert.StartsWith("pe_", data.GetProperty("person").GetProperty("person_id").GetString(), StringComparison.Ordinal);
        var body = new { markdown = "**T-1** is open", title = "Ticket", key = "T-1" };
        var answered = await fixture.AnswerAsync(heard, body);
        Assert.True(answered.Status == 202, answered.Body.ToString());
        await fixture.Platforms.ShowsAsync(platform, "T-1");
        Assert.Equal(1, (await fixture.AnswerAsync(heard, body)).Body.GetProperty("answer").GetInt32());
        Assert.Equal("key_in_use", (await fixture.AnswerAsync(heard, new { text = "other", key = "T-1" })).Error);
        Assert.Equal(2, (await fixture.AnswerAsync(heard, new { text = "T-1 is done" })).Body.GetProperty("answer").GetInt32());
        await fixture.Platforms.ShowsAsync(platform, "T-1 is done");
        var call = await fixture.CallAsync(HttpMethod.Get, "/commands/ticket/calls");
        Assert.Equal("answered", call.Body.GetProperty("items")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task On_Feishu_a_form_is_a_card_that_its_caller_alone_sends_and_once()
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("leave", CommandFixture.Leave);
        await fixture.Platforms.SayAsync("feishu", "/leave Reason=wedding");
        await fixture.Platforms.ShowsAsync("feishu", "First day");
        var card = (await fixture.CardAsync())["message_id"]!.GetValue<string>();
        Assert.Contains("wedding", (await fixture.CardAsync())["content"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(fixture.Hr.Calls);

        var entered = new Dictionary<string, object> { ["kind"] = "annual", ["first"] = "2026-05-01 +0800", ["reason"] = "wedding", ["half"] = true };
        // The client keeps a form that lacks something; what it lets through all the same is judged again.
        Assert.Contains("\"ok\":false", await SendAsync(new Dictionary<string, object> { ["kind"] = "annual" }), StringComparison.Ordinal);
        Assert.Contains("success", await SendAsync(entered), StringComparison.Ordinal);
        var form = (await fixture.HeardAsync()).GetProperty("data").GetProperty("form");
        Assert.Equal("""{"kind":"annual","first":"2026-05-01","reason":"wedding","half":true}""", form.GetRawText());
        var face = (await fixture.CardAsync())["rendered"]!.GetValue<string>();
        Assert.True(face.Contains("2026&#45;05&#45;01", StringComparison.Ordinal) && face.Contains("Annual", StringComparison.Ordinal), face);

        Task<string> SendAsync(object values) => ClickAsync(fixture, card, values);
    }

    [Fact]
    public async Task A_form_of_a_command_that_is_gone_sends_nothing_and_says_so()
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("leave", CommandFixture.Leave);
        await fixture.Platforms.SayAsync("feishu", "/leave");
        await fixture.Platforms.ShowsAsync("feishu", "First day");
        Assert.Equal(204, (await fixture.CallAsync(HttpMethod.Delete, "/commands/leave")).Status);
        var card = (await fixture.CardAsync())["message_id"]!.GetValue<string>();
        var told = await ClickAsync(fixture, card, new Dictionary<string, object> { ["kind"] = "sick", ["first"] = "2026-05-01 +0800" });
        Assert.Contains("这个命令已不可用", told, StringComparison.Ordinal);
        Assert.Empty(fixture.Hr.Calls);
        await fixture.Platforms.SayAsync("feishu", "/leave");
        await fixture.Platforms.ShowsAsync("feishu", "I don't know the command /leave");
    }

    [Theory]
    [InlineData("wecom bot")]
    [InlineData("dingtalk")]
    public async Task Where_no_inputs_are_shown_a_form_is_written(string platform)
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("leave", CommandFixture.Leave);
        await fixture.Platforms.SayAsync(platform, "/请假");
        await fixture.Platforms.ShowsAsync(platform, "/leave 类型=年假 开始=2026-05-01");
        await fixture.Platforms.SayAsync(platform, "/请假 类型=年价 开始=明天");
        await fixture.Platforms.ShowsAsync(platform, "“类型”应为：年假、病假。");
        await fixture.Platforms.ShowsAsync(platform, "“开始”应为：日期");
        Assert.Empty(fixture.Hr.Calls);
        await fixture.Platforms.SayAsync(platform, "/请假 类型=病假； 开始：2026年5月3日，原因 = 看 医生 半天=是");
        var data = (await fixture.HeardAsync()).GetProperty("data");
        Assert.Equal("""{"kind":"sick","first":"2026-05-03","reason":"看 医生","half":true}""", data.GetProperty("form").GetRawText());
        Assert.Equal("zh_cn", data.GetProperty("locale").GetString());
    }

    [Fact]
    public async Task A_card_in_answer_has_buttons_whose_clicks_are_the_systems()
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("ticket", Ticket);
        await fixture.Platforms.SayAsync("feishu", "/ticket lamp");
        var heard = await fixture.HeardAsync();
        var card = new { card_message = new { title = "T-2", actions = new[] { new { id = "close", label = "Close it", value = new { t = 2 } } } } };
        Assert.Equal(202, (await fixture.AnswerAsync(heard, card)).Status);
        await fixture.Platforms.ShowsAsync("feishu", "Close it");
        var message = (await fixture.CardAsync())["message_id"]!.GetValue<string>();
        await fixture.Platforms.Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = message, text = "Close it" });
        var click = await fixture.HeardAsync(2);
        Assert.Equal(("card.action", "close"), (click.GetProperty("type").GetString(), click.GetProperty("data").GetProperty("action").GetString()));

        await fixture.Platforms.SayAsync("dingtalk", "/ticket lamp");
        var noted = await fixture.AnswerAsync(await fixture.HeardAsync(3), card);
        Assert.Equal(202, noted.Status);
        await fixture.Platforms.ShowsAsync("dingtalk", "T-2");
    }

    [Fact]
    public async Task Who_waits_in_vain_is_told_so_once_and_still_gets_the_answer()
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("ticket", Ticket);
        await fixture.Platforms.SayAsync("feishu", "/ticket lamp");
        var heard = await fixture.HeardAsync();
        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE command_call SET remind_at = 1"), CancellationToken.None);
        await fixture.Platforms.ShowsAsync("feishu", "There is no answer to /ticket yet");
        Assert.Equal(202, (await fixture.AnswerAsync(heard, new { text = "here it is" })).Status);
        await fixture.Platforms.ShowsAsync("feishu", "here it is");
        var said = await fixture.Platforms.SaidAsync("feishu");
        Assert.Equal(2, said.Split("There is no answer").Length);
    }

    [Fact]
    public async Task Help_shows_it_and_a_typo_finds_it_and_words_of_its_description_are_words()
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("ticket", new { description = "report [here](https://evil.example) **now**" });
        await fixture.Platforms.SayAsync("dingtalk", "/help");
        await fixture.Platforms.ShowsAsync("dingtalk", "/ticket");
        Assert.DoesNotContain("](https", await fixture.Platforms.SaidAsync("dingtalk"), StringComparison.Ordinal);
        await fixture.Platforms.SayAsync("feishu", "/tikcet");
        await fixture.Platforms.ShowsAsync("feishu", "Did you mean /ticket?");
    }

    [Fact]
    public async Task Words_that_a_form_does_not_take_are_told_and_none_is_lost()
    {
        await using var fixture = await CommandFixture.StartAsync();
        await fixture.PutAsync("leave", CommandFixture.Leave);
        string[] unclear = ["please kind=sick first=2026-05-03", "kind=sick kind=annual first=2026-05-03", "\u212Aind=sick first=2026-05-03"];
        for (var i = 0; i < unclear.Length; i++)
        {
            var times = i + 1;
            await fixture.Platforms.SayAsync("dingtalk", "/leave " + unclear[i]);
            await fixture.Platforms.UntilAsync(
                async () => (await fixture.Platforms.SaidAsync("dingtalk")).Split("I did not understand all of it").Length > times, unclear[i]);
        }

        Assert.Empty(fixture.Hr.Calls);
        await fixture.PutAsync("fault", new { description = "x", form = new { title = "t", inputs = new[] { new { id = "what", label = "问题", required = true } } } });
        await fixture.Platforms.SayAsync("dingtalk", "/fault 打印机坏了，问题：卡纸");
        Assert.Equal("打印机坏了，问题：卡纸", (await fixture.HeardAsync()).GetProperty("data").GetProperty("form").GetProperty("what").GetString());
    }

    [Fact]
    public async Task A_form_that_no_card_can_hold_is_refused_when_it_is_put()
    {
        await using var fixture = await CommandFixture.StartAsync();
        var options = Enumerable.Range(0, 100).Select(i => new { value = $"v{i}", label = new { zh = new string('长', 90) + i, en = new string('l', 90) + i } });
        var inputs = Enumerable.Range(0, 12).Select(i => new { id = $"i{i}", type = "select", label = $"l{i}", options });
        var put = await fixture.CallAsync(HttpMethod.Put, "/commands/big", new { description = "x", form = new { title = "t", inputs } });
        Assert.True(put is { Status: 413 } or { Status: 422, Error: "bad_card" }, put.Body.ToString());
        var fewer = Enumerable.Range(0, 12).Select(i => new { id = $"i{i}", type = "select", label = $"l{i}", options = options.Take(12) });
        var second = await fixture.CallAsync(HttpMethod.Put, "/commands/big", new { description = "x", form = new { title = "t", inputs = fewer } });
        Assert.Equal((422, "bad_card", "/form"), (second.Status, second.Error, second.Text("pointer")));
    }

    [Theory]
    [InlineData("help", """{"description":"x"}""", 409, "name_in_use", null)]
    [InlineData("a", """{"description":"x","aliases":["帮助"]}""", 409, "name_in_use", null)]
    [InlineData("a b", """{"description":"x"}""", 400, "bad_name", "/{name}")]
    [InlineData("a", "{}", 400, "missing", "/description")]
    [InlineData("a", """{"description":"x","aliases":["a"]}""", 422, "duplicate_id", "/aliases")]
    [InlineData("a", """{"description":"x","aliases":["b","c d"]}""", 400, "bad_name", "/aliases/1")]
    [InlineData("a", """{"description":"x\ny"}""", 400, "bad_text", "/description")]
    [InlineData("a", """{"description":"x\u202Ey"}""", 400, "bad_text", "/description")]
    [InlineData("a", """{"description":"x","form":{"title":"t"}}""", 400, "missing", "/form/inputs")]
    [InlineData("a", """{"description":"x","form":{"title":"t","inputs":[{"id":"i","label":"l"}],"actions":[{"id":"b","label":"l"}]}}""", 400, "unknown_field", "/form/actions")]
    [InlineData("a", """{"description":"x","webhook":"nobody"}""", 422, "unknown_webhook", "/webhook")]
    [InlineData("a", """{"description":"x","answer_within_seconds":3}""", 400, "bad_value", "/answer_within_seconds")]
    [InlineData("a", """{"description":"x","descripton":"y"}""", 400, "unknown_field", "/descripton")]
    public async Task What_is_no_command_is_refused_with_its_place(string name, string body, int status, string word, string? pointer)
    {
        await using var fixture = await CommandFixture.StartAsync();
        var put = await fixture.CallAsync(HttpMethod.Put, "/commands/" + Uri.EscapeDataString(name), JsonSerializer.Deserialize<JsonElement>(body));
        Assert.Equal((status, word), (put.Status, put.Error));
        if (pointer is not null) Assert.Equal(pointer, put.Text("pointer"));
    }

    /// <summary>What Alice's client shows: the kind and the words of a toast, or why it did not send anything.</summary>
    private static async Task<string> ClickAsync(CommandFixture fixture, string card, object values)
    {
        var shown = await fixture.Platforms.Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, text = "提交", form_value = values });
        return shown["toast"] is { } toast ? $"{toast["type"]} {toast["content"]}" : shown.ToJsonString();
    }
}
