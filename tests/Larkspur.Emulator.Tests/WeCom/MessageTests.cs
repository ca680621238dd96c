namespace Larkspur.Emulator.Tests.WeCom;

public sealed class MessageTests : WeComTest
{
    [Fact]
    public async Task A_message_reaches_everybody_it_is_for_and_names_whom_it_does_not_find()
    {
        var answer = await SendAsync(new { touser = "Alice|NoBody", toparty = "3", totag = "9", msgtype = "text", agentid = Corp.AgentId, text = new { content = "你好" } });
        Assert.Equal((0, "nobody", "", "9"), (Code(answer), Text(answer, "invaliduser"), Text(answer, "invalidparty"), Text(answer, "invalidtag")));
        foreach (var person in new[] { "alice", "carol" })
        {
            var message = Assert.Single(await MessagesAsync(AppChat(person)));
            Assert.Equal(("你好", "text", Text(answer, "msgid")), (Text(message, "text"), Text(message, "msgtype"), Text(message, "msgid")));
        }

        Assert.Empty(await MessagesAsync(AppChat("bob")));
        await SendTextAsync("all", "@all");
        Assert.Single(await MessagesAsync(AppChat("bob")));
    }

    [Theory]
    [InlineData("""{"touser":"nobody","msgtype":"text","agentid":1000002,"text":{"content":"x"}}""", 81013)]
    [InlineData("""{"msgtype":"text","agentid":1000002,"text":{"content":"x"}}""", 82001)]
    [InlineData("""{"touser":"alice","msgtype":"text","text":{"content":"x"}}""", 41011)]
    [InlineData("""{"touser":"alice","msgtype":"text","agentid":7,"text":{"content":"x"}}""", 301002)]
    [InlineData("""{"touser":"alice","msgtype":"text","agentid":"x","text":{"content":"x"}}""", 40056)]
    [InlineData("""{"touser":"alice","msgtype":"interactive","agentid":1000002}""", 40008)]
    [InlineData("""{"touser":"alice","msgtype":"text","agentid":1000002}""", 40058)]
    [InlineData("""{"touser":"alice","msgtype":"text","agentid":1000002,"text":{"content":""}}""", 44004)]
    [InlineData("""{"touser":"alice","msgtype":"image","agentid":1000002,"image":{}}""", 41006)]
    [InlineData("""{"touser":"alice","msgtype":"image","agentid":1000002,"image":{"media_id":"x"}}""", 40007)]
    [InlineData("""{"touser":"alice","msgtype":"textcard","agentid":1000002,"textcard":{"title":"t","description":"d"}}""", 40039)]
    [InlineData("""{"touser":"alice","msgtype":"textcard","agentid":1000002,"textcard":{"description":"d","url":"https://a.example"}}""", 41016)]
    [InlineData("""{"touser":"alice","msgtype":"news","agentid":1000002,"news":{"articles":[]}}""", 45008)]
    [InlineData("""{"touser":"alice","msgtype":"news","safe":1,"agentid":1000002,"news":{"articles":[{"title":"t"}]}}""", 40074)]
    [InlineData("""{"touser":"alice","msgtype":"template_card","agentid":1000002,"template_card":{"card_type":"x"}}""", 42031)]
    public async Task What_breaks_a_rule_is_refused_with_its_code(string message, long code)
    {
        Assert.Equal(code, Code(await CallAsync("/cgi-bin/message/send", new StringContent(message))));
        Assert.Empty(await MessagesAsync(AppChat("alice")));
    }

    [Fact]
    public async Task A_long_text_is_cut_between_characters_and_a_long_markdown_is_refused()
    {
        await SendTextAsync(new string('字', 700));
        Assert.Equal(new string('字', 682), Text((await MessagesAsync(AppChat("alice")))[0], "text"));
        Task<System.Text.Json.Nodes.JsonObject> Markdown(int length) => SendAsync(new { touser = "alice", msgtype = "markdown", agentid = Corp.AgentId, markdown = new { content = new string('x', length) } });
        Assert.Equal(0, Code(await Markdown(2048)));
        Assert.Equal(45002, Code(await Markdown(2049)));
    }

    [Fact]
    public async Task The_same_message_within_the_interval_is_sent_once()
    {
        object Message(string text) => new { touser = "alice", msgtype = "text", agentid = Corp.AgentId, text = new { content = text }, enable_duplicate_check = 1, duplicate_check_interval = 600 };
        var first = await SendAsync(Message("a"));
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(590));
        Assert.Equal(Text(first, "msgid"), Text(await SendAsync(Message("a")), "msgid"));
        await SendAsync(Message("b"));
        Assert.Equal(["a", "b"], (await MessagesAsync(AppChat("alice"))).Select(m => Text(m, "text")));
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.NotEqual(Text(first, "msgid"), Text(await SendAsync(Message("a")), "msgid"));
    }

    [Fact]
    public async Task More_than_thirty_a_minute_to_one_person_are_lost_without_a_word()
    {
        for (var i = 0; i < 32; i++) Assert.Equal(0, Code(await SendTextAsync($"{i}")));
        Assert.Equal(2, (await MessagesAsync(AppChat("alice"))).Count(m => m["dropped"]!.GetValue<bool>()));
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(1));
        await SendTextAsync("later");
        Assert.False((await MessagesAsync(AppChat("alice")))[^1]["dropped"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_message_can_be_taken_back_for_a_day()
    {
        var early = Text(await SendTextAsync("early", "@all"), "msgid");
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/message/recall", new { msgid = early })));
        foreach (var person in new[] { "alice", "bob", "carol" })
        {
            Assert.True((await MessagesAsync(AppChat(person)))[0]["recalled"]!.GetValue<bool>());
        }

        var late = Text(await SendTextAsync("late"), "msgid");
        await Emulator.AdvanceAsync(TimeSpan.FromHours(24));
        await ActAsync(new { platform = "wecom", @do = "revoke_tokens" });
        var token = await TokenAsync();
        Assert.Equal(42052, Code(await PostAsync("/cgi-bin/message/recall?access_token=" + token, new { msgid = late })));
        Assert.Equal(40058, Code(await PostAsync("/cgi-bin/message/recall?access_token=" + token, new { msgid = "x" })));
    }

    [Fact]
    public async Task Another_secrets_token_cannot_send()
    {
        var token = await TokenAsync(Corp.ContactSecret);
        Assert.Equal(301002, Code(await PostAsync("/cgi-bin/message/send?access_token=" + token, new { touser = "alice", msgtype = "text", agentid = Corp.AgentId, text = new { content = "x" } })));
    }
}
