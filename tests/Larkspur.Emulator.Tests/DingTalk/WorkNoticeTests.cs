using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class WorkNoticeTests : DingTalkTest
{
    private const string Root = "/topapi/message/corpconversation/";

    [Fact]
    public async Task A_notice_reaches_people_and_departments_and_its_result_is_asked_for()
    {
        var department = (await OldAsync("/topapi/v2/user/get", new { userid = "carol" })).Json["result"]!["dept_id_list"]![0]!.GetValue<long>();
        var sent = await SendAsync(new { agent_id = App.AgentId, userid_list = "alice,mallory", dept_id_list = $"{department},77", msg = Text("hello") });
        Assert.Equal(2, (await MessagesAsync()).Length);
        await ActAsync(new { platform = "dingtalk", @as = "alice", @do = "read", chat = (await MessagesAsync())[0]["chat_id"]!.GetValue<string>() });
        var task = sent.Json["task_id"]!.GetValue<long>();
        Assert.Equal(2, (await OldAsync(Root + "getsendprogress", new { agent_id = App.AgentId, task_id = task })).Json["progress"]!["status"]!.GetValue<int>());
        var result = await ResultAsync(task);
        Assert.Equal(("""["mallory"]""", """["alice"]""", """["carol"]""", "[77]"), (Said("invalid_user_id_list"), Said("read_user_id_list"), Said("unread_user_id_list"), Said("invalid_dept_id_list")));
        Assert.Equal(0, (await OldAsync(Root + "recall", new { agent_id = App.AgentId, msg_task_id = task })).ErrCode);
        Assert.All(await MessagesAsync(), m => Assert.True(m["recalled"]!.GetValue<bool>()));
        await Emulator.AdvanceAsync(TimeSpan.FromHours(25));
        ForgetToken();
        Assert.Equal(40035, (await OldAsync(Root + "getsendresult", new { agent_id = App.AgentId, task_id = task })).ErrCode);

        string Said(string name) => result[name]!.ToJsonString();
    }

    [Fact]
    public async Task The_same_words_come_once_a_day_and_the_send_succeeds_all_the_same()
    {
        await SendAsync(new { agent_id = App.AgentId, userid_list = "alice", msg = Text("hello") });
        var again = await SendAsync(new { agent_id = App.AgentId, userid_list = "alice", msg = Text("hello") });
        Assert.Equal(0, again.ErrCode);
        Assert.Single(await MessagesAsync());
        var result = await ResultAsync(again.Json["task_id"]!.GetValue<long>());
        var forbidden = Assert.Single(result["forbidden_list"]!.AsArray())!;
        Assert.Equal(("alice", "143106"), (forbidden["userid"]!.GetValue<string>(), forbidden["code"]!.GetValue<string>()));
        await Emulator.AdvanceAsync(TimeSpan.FromHours(24));
        ForgetToken();
        await SendAsync(new { agent_id = App.AgentId, userid_list = "alice", msg = Text("hello") });
        Assert.Equal(2, (await MessagesAsync()).Length);
    }

    [Fact]
    public async Task Everybody_is_written_to_three_times_a_day_at_most()
    {
        for (var i = 0; i < 4; i++) await SendAsync(new { agent_id = App.AgentId, to_all_user = true, msg = Text("hello " + i) });
        Assert.Equal(9, (await MessagesAsync()).Length);
    }

    [Fact]
    public async Task The_status_bar_of_an_oa_notice_changes_for_a_week()
    {
        var oa = new { msgtype = "oa", oa = new { message_url = "https://a.example", body = new { title = "Payment" }, status_bar = new { status_value = "open", status_bg = "0xFF78C06E" } } };
        var task = (await SendAsync(new { agent_id = App.AgentId, userid_list = "alice,bob", msg = oa })).Json["task_id"]!.GetValue<long>();
        Assert.All(await MessagesAsync(), m => Assert.Equal("open", m["status"]!["value"]!.GetValue<string>()));
        Assert.Equal(0, (await StatusAsync(task, "done")).ErrCode);
        Assert.All(await MessagesAsync(), m => Assert.Equal(("done", "0xFFF65E5E"), (m["status"]!["value"]!.GetValue<string>(), m["status"]!["colour"]!.GetValue<string>())));
        await Emulator.AdvanceAsync(TimeSpan.FromDays(6));
        ForgetToken();
        Assert.Equal(0, (await StatusAsync(task, "closed")).ErrCode);
        Assert.Equal(0, (await OldAsync(Root + "getsendprogress", new { agent_id = App.AgentId, task_id = task })).ErrCode);
        Assert.Equal(40035, (await OldAsync(Root + "getsendresult", new { agent_id = App.AgentId, task_id = task })).ErrCode);
        Assert.Equal(400002, (await OldAsync(Root + "recall", new { agent_id = App.AgentId, msg_task_id = task })).ErrCode);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(2));
        ForgetToken();
        Assert.Equal(40035, (await StatusAsync(task, "late")).ErrCode);
    }

    [Fact]
    public async Task A_status_bar_is_for_oa_notices_to_five_people()
    {
        var oa = new { msgtype = "oa", oa = new { message_url = "https://a.example", body = new { title = "Payment" }, status_bar = new { status_value = "open" } } };
        Assert.Equal(40035, (await SendAsync(new { agent_id = App.AgentId, to_all_user = true, msg = oa })).ErrCode);
        Assert.Equal(40035, (await SendAsync(new { agent_id = App.AgentId, dept_id_list = "1", msg = oa })).ErrCode);
        Assert.Equal(40035, (await SendAsync(new { agent_id = App.AgentId, userid_list = "alice,bob,carol,d,e,f", msg = oa })).ErrCode);
        var text = (await SendAsync(new { agent_id = App.AgentId, userid_list = "alice", msg = Text("x") })).Json["task_id"]!.GetValue<long>();
        Assert.Equal(40035, (await StatusAsync(text, "done")).ErrCode);
        Assert.Equal(40035, (await StatusAsync(1, "done")).ErrCode);
        Assert.Equal(40056, (await OldAsync(Root + "status_bar/update", new { agent_id = 1, task_id = text, status_value = "x" })).ErrCode);
    }

    [Theory]
    [InlineData("""{"msgtype":"text"}""")]
    [InlineData("""{"msgtype":"none","none":{}}""")]
    [InlineData("""{"msgtype":"action_card","action_card":{"title":"t","markdown":"m","single_title":"this title is longer than twenty","single_url":"u"}}""")]
    [InlineData("""{"msgtype":"action_card","action_card":{"title":"t","markdown":"m","btn_json_list":[{"title":"x"}]}}""")]
    [InlineData("""{"msgtype":"oa","oa":{"message_url":"u","body":{"form":[{},{},{},{},{},{},{}]}}}""")]
    public async Task What_cannot_be_sent_is_refused(string msg)
    {
        Assert.Equal(40035, (await SendAsync(new { agent_id = App.AgentId, userid_list = "alice", msg = JsonNode.Parse(msg) })).ErrCode);
        Assert.Empty(await MessagesAsync());
    }

    [Fact]
    public async Task Bounds_are_kept_and_forms_are_read_too()
    {
        Assert.Equal(40035, (await SendAsync(new { agent_id = App.AgentId, userid_list = "alice", msg = Text(new string('你', 683)) })).ErrCode);
        Assert.Equal(40035, (await SendAsync(new { agent_id = 1, userid_list = "alice", msg = Text("x") })).ErrCode);
        Assert.Equal(40035, (await SendAsync(new { agent_id = App.AgentId, msg = Text("x") })).ErrCode);
        Assert.Equal(40035, (await SendAsync(new { agent_id = App.AgentId, userid_list = string.Join(',', Enumerable.Range(0, 101)), msg = Text("x") })).ErrCode);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["agent_id"] = App.AgentId.ToString(System.Globalization.CultureInfo.InvariantCulture), ["userid_list"] = "alice", ["msg"] = """{"msgtype":"text","text":{"content":"form"}}""" });
        Assert.Equal(0, (await base.SendAsync(HttpMethod.Post, $"{Root}asyncsend_v2?access_token={await TokenAsync()}", form)).ErrCode);
        Assert.Equal("form", Assert.Single(await MessagesAsync())["text"]!.GetValue<string>());
    }

    private Task<DingTalkReply> StatusAsync(long task, string value) => OldAsync(Root + "status_bar/update", new { agent_id = App.AgentId, task_id = task, status_value = value, status_bg = "0xFFF65E5E" });

    private Task<DingTalkReply> SendAsync(object body) => OldAsync(Root + "asyncsend_v2", body);

    private async Task<JsonNode> ResultAsync(long task) => (await OldAsync(Root + "getsendresult", new { agent_id = App.AgentId, task_id = task })).Json["send_result"]!;

    private static object Text(string content) => new { msgtype = "text", text = new { content } };
}
