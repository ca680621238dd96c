using Larkspur.DingTalk.WorkNotices;

namespace Larkspur.DingTalk.Tests.Work;

public sealed class WorkNoticeTests : IAsyncLifetime
{
    private static readonly OaNotice Payment = new()
    {
        Url = new Uri("https://a.example/1"), Title = "Payment", Rows = [new("Amount", "12")], Figure = ("12", "元"), StatusBar = new NoticeStatusBar("open", "78c06e"),
    };

    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Body => _stub.Calls.Last().Body;

    public async ValueTask InitializeAsync()
    {
        _stub = await DingTalkStub.StartAsync();
        _stub.Answers("""{"errcode":0,"task_id":77}""");
    }

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_form_goes_out_and_its_status_bar_changes()
    {
        DingTalkWorkNotices notices = _stub.Client().WorkNotices;
        await notices.SendAsync(WorkNoticeContent.Form(Payment), ["alice"], cancellationToken: Cancel);
        Assert.Equal(
            """{"agent_id":4711,"userid_list":"alice","msg":{"msgtype":"oa","oa":{"message_url":"https://a.example/1","head":{"bgcolor":"FFBBBBBB","text":"Payment"},"status_bar":{"status_value":"open","status_bg":"0xFF78C06E"},"body":{"title":"Payment","form":[{"key":"Amount","value":"12"}],"rich":{"num":"12","unit":"元"}}}}}""",
            Body);
        await notices.UpdateStatusAsync(77, new NoticeStatusBar("done"), Cancel);
        Assert.Equal(("/topapi/message/corpconversation/status_bar/update", """{"agent_id":4711,"task_id":77,"status_value":"done"}"""), (_stub.Calls.Last().Path, Body));
        _stub.Answers("""{"errcode":41052,"errmsg":"本次发送人数过多,不再返回发送结果"}""");
        Assert.Equal(FailureKind.Invalid, (await Assert.ThrowsAsync<DingTalkApiException>(() => notices.UpdateStatusAsync(77, new NoticeStatusBar("done"), Cancel))).FailureKind);
    }

    [Fact]
    public async Task Everybody_can_be_told_and_progress_asked_for()
    {
        DingTalkWorkNotices notices = _stub.Client().WorkNotices;
        Assert.Equal(77, await notices.SendToEverybodyAsync(WorkNoticeContent.ActionCard("t", "m", [("a", "https://a.example"), ("b", "https://b.example")], sideBySide: true), Cancel));
        Assert.Equal("""{"agent_id":4711,"to_all_user":true,"msg":{"msgtype":"action_card","action_card":{"title":"t","markdown":"m","btn_orientation":"1","btn_json_list":[{"title":"a","action_url":"https://a.example"},{"title":"b","action_url":"https://b.example"}]}}}""", Body);
        _stub.Answers("""{"errcode":0,"progress":{"progress_in_percent":"50","status":1}}""");
        Assert.Equal(new WorkNoticeProgress(50, false), await notices.GetProgressAsync(77, Cancel));
        _stub.Answers("""{"errcode":0}""");
        await Assert.ThrowsAsync<DingTalkApiException>(() => notices.GetProgressAsync(77, Cancel));
    }

    [Fact]
    public async Task A_status_bar_is_for_five_people_by_their_userids()
    {
        DingTalkWorkNotices notices = _stub.Client().WorkNotices;
        WorkNoticeContent form = WorkNoticeContent.Form(Payment);
        await Assert.ThrowsAsync<ArgumentException>(() => notices.SendAsync(form, ["a", "b", "c", "d", "e", "f"], cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => notices.SendAsync(form, ["a"], [1], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => notices.SendToEverybodyAsync(form, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => notices.UpdateStatusAsync(77, new NoticeStatusBar(" "), Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => notices.UpdateStatusAsync(77, new NoticeStatusBar("x", "red"), Cancel));
        Assert.Throws<ArgumentException>(() => WorkNoticeContent.Form(Payment with { Rows = [.. Enumerable.Repeat(new KeyValuePair<string, string>("k", "v"), 7)] }));
        Assert.Throws<ArgumentException>(() => WorkNoticeContent.Form(Payment with { HeadColour = "0xFFBBBBBB" }));
        Assert.Empty(_stub.Calls);
    }
}
