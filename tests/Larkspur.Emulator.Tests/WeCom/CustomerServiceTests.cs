using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class CustomerServiceTests : WeComTest
{
    private const string Account = "wkLarkspurService0000000000000001";
    private const string Customer = "wmLarkspurCustomer1";

    [Fact]
    public async Task What_a_customer_says_is_pulled_with_the_token_of_the_event_in_pages()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url, verify = false });
        await SayAsync("一");
        var told = await receiver.NextAsync();
        Assert.Equal(("kf_msg_or_event", Account, "", ""), (told.Element("Event"), told.Element("OpenKfId"), told.Element("FromUserName"), told.Element("AgentID")));
        await SayAsync("二");
        var (cursor, texts, more) = ("", new List<string>(), 1);
        while (more == 1)
        {
            var page = await CallAsync("/cgi-bin/kf/sync_msg", new { cursor, token = told.Element("Token"), limit = 2, open_kfid = Account });
            texts.AddRange(page["msg_list"]!.AsArray().Select(m => m!["text"]?["content"]?.GetValue<string>() ?? m["event"]!["event_type"]!.GetValue<string>()));
            (cursor, more) = (Text(page, "next_cursor"), page["has_more"]!.GetValue<int>());
        }

        Assert.Equal(["enter_session", "一", "二"], texts);
        Assert.Empty((await CallAsync("/cgi-bin/kf/sync_msg", new { cursor, token = told.Element("Token") }))["msg_list"]!.AsArray());
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(95007, Code(await CallAsync("/cgi-bin/kf/sync_msg", new { cursor, token = told.Element("Token") })));
    }

    [Fact]
    public async Task Five_answers_within_two_days_are_allowed_and_an_own_id_counts_once()
    {
        Assert.Equal(95002, Code(await AnswerAsync("too early")));
        await SayAsync("hi");
        Assert.Equal("own-1", Text(await AnswerAsync("0", "own-1"), "msgid"));
        Assert.Equal("own-1", Text(await AnswerAsync("0", "own-1"), "msgid"));
        for (var i = 1; i < 5; i++) Assert.Equal(0, Code(await AnswerAsync($"{i}")));
        Assert.Equal(95001, Code(await AnswerAsync("6")));
        await SayAsync("again");
        Assert.Equal(0, Code(await AnswerAsync("7")));
        Assert.Equal(["hi", "0", "1", "2", "3", "4", "again", "7"], (await MessagesAsync("kf_" + Customer)).Select(m => Text(m, "text")));
    }

    [Fact]
    public async Task A_human_takes_over_and_then_only_codes_may_speak()
    {
        await SayAsync("hi");
        Task<JsonObject> Move(int to, string? servicer = null) => CallAsync("/cgi-bin/kf/service_state/trans", new { open_kfid = Account, external_userid = Customer, service_state = to, servicer_userid = servicer });
        Assert.Equal(95014, Code(await Move(3, "nobody")));
        Assert.Equal(0, Code(await Move(3, "bob")));
        Assert.Equal(95018, Code(await AnswerAsync("x")));
        Assert.Equal(95016, Code(await Move(1)));
        var ended = await Move(4);
        object Last(string code) => new { code, msgtype = "text", text = new { content = "再见" } };
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/kf/send_msg_on_event", Last(Text(ended, "msg_code")))));
        Assert.Equal(95007, Code(await CallAsync("/cgi-bin/kf/send_msg_on_event", Last(Text(ended, "msg_code")))));
        Assert.Equal(95013, Code(await AnswerAsync("x")));
        await SayAsync("back");
        Assert.Equal(0, (await CallAsync("/cgi-bin/kf/service_state/get", new { open_kfid = Account, external_userid = Customer }))["service_state"]!.GetValue<int>());
    }

    private Task<JsonObject> SayAsync(string text) => ActAsync(new { platform = "wecom", @do = "customer_send", customer = Customer, text });

    private Task<JsonObject> AnswerAsync(string text, string? msgid = null) => CallAsync("/cgi-bin/kf/send_msg", new { touser = Customer, open_kfid = Account, msgid, msgtype = "text", text = new { content = text } });
}
