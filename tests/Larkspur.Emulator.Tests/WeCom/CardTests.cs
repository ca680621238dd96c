using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class CardTests : WeComTest
{
    [Theory]
    [InlineData("""{"card_type":"text_notice","main_title":{"title":"t"}}""", 42045)]
    [InlineData("""{"card_type":"text_notice","card_action":{"type":1,"url":"https://a.example"}}""", 42033)]
    [InlineData("""{"card_type":"text_notice","main_title":{"title":"t"},"card_action":{"type":1}}""", 42028)]
    [InlineData("""{"card_type":"text_notice","main_title":{"title":"t"},"card_action":{"type":2}}""", 42030)]
    [InlineData("""{"card_type":"news_notice","main_title":{"title":"t"},"card_action":{"type":1,"url":"https://a.example"}}""", 42044)]
    [InlineData("""{"card_type":"text_notice","main_title":{"title":"t"},"card_action":{"type":1,"url":"u"},"horizontal_content_list":[{"value":"x"}]}""", 42027)]
    [InlineData("""{"card_type":"text_notice","main_title":{"title":"t"},"card_action":{"type":1,"url":"u"},"horizontal_content_list":[{"keyname":"k","type":3}]}""", 42050)]
    [InlineData("""{"card_type":"text_notice","main_title":{"title":"t"},"card_action":{"type":1,"url":"u"},"jump_list":[{"title":"a"},{"title":"b"},{"title":"c"},{"title":"d"}]}""", 42042)]
    [InlineData("""{"card_type":"text_notice","main_title":{"title":"t"},"card_action":{"type":1,"url":"u"},"action_menu":{"action_list":[{"text":"a","key":"k"}]}}""", 42014)]
    [InlineData("""{"card_type":"button_interaction","main_title":{"title":"t"},"task_id":"t1"}""", 42039)]
    [InlineData("""{"card_type":"button_interaction","main_title":{"title":"t"},"task_id":"t1","button_list":[{"text":"a","key":"k"},{"text":"b","key":"k"}]}""", 42039)]
    [InlineData("""{"card_type":"button_interaction","main_title":{"title":"t"},"task_id":"t1","button_list":[{"key":"k"}]}""", 42038)]
    [InlineData("""{"card_type":"button_interaction","main_title":{"title":"t"},"task_id":"no spaces","button_list":[{"text":"a","key":"k"}]}""", 42014)]
    [InlineData("""{"card_type":"vote_interaction","main_title":{"title":"t"},"task_id":"t1","checkbox":{"question_key":"q","option_list":[]},"submit_button":{"text":"s","key":"k"}}""", 42037)]
    [InlineData("""{"card_type":"vote_interaction","main_title":{"title":"t"},"task_id":"t1","checkbox":{"question_key":"q","option_list":[{"id":"1","text":"a"}]}}""", 42046)]
    [InlineData("""{"card_type":"multiple_interaction","main_title":{"title":"t"},"task_id":"t1","select_list":[],"submit_button":{"text":"s","key":"k"}}""", 42047)]
    public async Task A_card_that_breaks_a_rule_is_refused_with_its_code(string card, long code)
    {
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = "http://127.0.0.1:9/none", verify = false });
        Assert.Equal(code, Code(await SendCardAsync(JsonNode.Parse(card)!)));
    }

    [Fact]
    public async Task A_card_with_buttons_needs_a_callback_address_and_a_task_id_of_its_own()
    {
        Assert.Equal(43012, Code(await SendCardAsync(ButtonCard("t1", "yes"))));
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        Assert.Equal(0, Code(await SendCardAsync(ButtonCard("t1", "yes"))));
        Assert.Equal(42014, Code(await SendCardAsync(ButtonCard("t1", "yes"))));
    }

    [Fact]
    public async Task A_press_arrives_encrypted_and_the_answer_changes_the_card_for_who_pressed()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        await receiver.NextAsync();
        await SendCardAsync(ButtonCard("t-press", "yes", "no"), "alice|bob");
        receiver.Answer = r => (200, receiver.Reply($"<xml><ToUserName><![CDATA[alice]]></ToUserName><FromUserName><![CDATA[{Corp.CorpId}]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[update_template_card]]></MsgType>"
            + "<TemplateCard><CardType><![CDATA[text_notice]]></CardType><MainTitle><Title><![CDATA[已同意]]></Title></MainTitle><CardAction><Type>1</Type><Url><![CDATA[https://a.example/]]></Url></CardAction>"
            + "<HorizontalContentList><KeyName><![CDATA[谁]]></KeyName><Value><![CDATA[alice]]></Value></HorizontalContentList><HorizontalContentList><KeyName><![CDATA[时]]></KeyName></HorizontalContentList></TemplateCard></xml>"));
        var pressed = await ActAsync(new { platform = "wecom", @as = "alice", @do = "click", key = "yes" });
        Assert.Equal((true, "answered with update_template_card"), (pressed["card_changed"]!.GetValue<bool>(), Text(pressed, "verdict")));

        var request = await receiver.NextAsync();
        Assert.True(request.Signed);
        Assert.Equal((Corp.CorpId, "event", "template_card_event", "yes", "t-press", "button_interaction"),
            (request.Receiver, request.Element("MsgType"), request.Element("Event"), request.Element("EventKey"), request.Element("TaskId"), request.Element("CardType")));
        Assert.Equal("text_notice", (await MessagesAsync(AppChat("alice")))[^1]["card"]!["card_type"]!.GetValue<string>());
        Assert.Equal(2, (await MessagesAsync(AppChat("alice")))[^1]["card"]!["horizontal_content_list"]!.AsArray().Count);
        Assert.Equal("button_interaction", (await MessagesAsync(AppChat("bob")))[^1]["card"]!["card_type"]!.GetValue<string>());

        // The right that came with the event changes it for everybody, once.
        var update = new { atall = 1, agentid = Corp.AgentId, response_code = request.Element("ResponseCode"), template_card = new { card_type = "text_notice", main_title = new { title = "完" }, card_action = new { type = 1, url = "https://a.example/" } } };
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/message/update_template_card", update)));
        Assert.Equal("完", Text((await MessagesAsync(AppChat("bob")))[^1], "text"));
        Assert.Equal(60140, Code(await CallAsync("/cgi-bin/message/update_template_card", update)));
    }

    [Fact]
    public async Task Buttons_turn_grey_and_a_right_ends_after_three_days()
    {
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = "http://127.0.0.1:9/none", verify = false });
        var sent = await SendCardAsync(ButtonCard("t-grey", "yes"));
        object Grey(string code) => new { userids = new[] { "alice", "carol" }, agentid = Corp.AgentId, response_code = code, button = new { replace_name = "已处理" } };
        var answer = await CallAsync("/cgi-bin/message/update_template_card", Grey(Text(sent, "response_code")));
        Assert.Equal((0, "carol"), (Code(answer), answer["invaliduser"]![0]!.GetValue<string>()));
        Assert.Equal("已处理", Text((await MessagesAsync(AppChat("alice")))[^1], "replaced_by"));
        Assert.Contains("grey", await RefusedActionAsync(new { platform = "wecom", @as = "alice", @do = "click", key = "yes" }), StringComparison.Ordinal);

        var late = Text(await SendCardAsync(ButtonCard("t-late", "yes")), "response_code");
        await Emulator.AdvanceAsync(TimeSpan.FromHours(72));
        Assert.Equal(60140, Code(await PostAsync("/cgi-bin/message/update_template_card?access_token=" + await TokenAsync(), Grey(late))));
    }

    [Fact]
    public async Task A_vote_sends_what_was_chosen()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        await receiver.NextAsync();
        await SendCardAsync(new
        {
            card_type = "vote_interaction", main_title = new { title = "午餐" }, task_id = "t-vote", submit_button = new { text = "提交", key = "go" },
            checkbox = new { question_key = "food", mode = 1, option_list = new[] { new { id = "rice", text = "饭" }, new { id = "noodles", text = "面" }, new { id = "soup", text = "汤" } } },
        });
        Assert.Contains("food", await RefusedActionAsync(new { platform = "wecom", @as = "alice", @do = "click" }), StringComparison.Ordinal);
        Assert.Contains("pizza", await RefusedActionAsync(new { platform = "wecom", @as = "alice", @do = "click", select = new { food = "pizza" } }), StringComparison.Ordinal);
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "click", select = new { food = new[] { "rice", "soup" } } });
        var request = await receiver.NextAsync();
        Assert.Equal("go", request.Element("EventKey"));
        Assert.Contains("<QuestionKey><![CDATA[food]]></QuestionKey><OptionIds><OptionId><![CDATA[rice]]></OptionId><OptionId><![CDATA[soup]]></OptionId></OptionIds>", request.Text, StringComparison.Ordinal);
    }
}
