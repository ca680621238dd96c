using Larkspur.DingTalk.Contacts;
using Larkspur.DingTalk.Workflow;
using Larkspur.DingTalk.WorkNotices;

namespace Larkspur.DingTalk.Tests.Work;

public sealed class WorkTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_work_notice_that_succeeds_may_have_reached_nobody_and_its_result_says_so()
    {
        var clock = new ManualTimeProvider();
        int asked = 0;
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, r.Path.Split('/')[^1] switch
        {
            "asyncsend_v2" => """{"errcode":0,"errmsg":"ok","task_id":77}""",
            "getsendprogress" => "{\"errcode\":0,\"progress\":{\"progress_in_percent\":50,\"status\":" + (++asked < 3 ? 1 : 2) + "}}",
            "getsendresult" => """{"errcode":0,"send_result":{"forbidden_user_id_list":["bob"],"unread_user_id_list":["alice"],"forbidden_list":[{"code":"143105","count":1,"userid":"bob"}]}}""",
            _ => """{"errcode":0}""",
        });
        DingTalkWorkNotices notices = _stub.Client(clock: clock).WorkNotices;
        long task = await notices.SendAsync(WorkNoticeContent.Markdown("t", "x"), ["alice", "bob"], [1, 2], Cancel);
        Assert.Equal("""{"agent_id":4711,"userid_list":"alice,bob","dept_id_list":"1,2","msg":{"msgtype":"markdown","markdown":{"title":"t","text":"x"}}}""", _stub.Calls.Single().Body);
        Task<WorkNoticeResult?> waiting = notices.WaitForResultAsync(task, TimeSpan.FromMinutes(1), Cancel);
        long started = Environment.TickCount64;
        while (!waiting.IsCompleted)
        {
            Assert.True(Environment.TickCount64 - started < 60_000, "It did not end within a minute.");
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, Cancel);
        }

        WorkNoticeResult result = (await waiting)!;
        Assert.False(result.ReachedEverybody);
        Assert.Equal(("143105", "bob"), (result.ForbiddenList[0].Code, result.ForbiddenList[0].Userid));
        await notices.RecallAsync(task, Cancel);
        Assert.Equal("""{"agent_id":4711,"msg_task_id":77}""", _stub.Calls.Last().Body);
    }

    [Fact]
    public async Task A_work_notice_beyond_the_bounds_is_not_sent()
    {
        DingTalkWorkNotices notices = _stub.Client().WorkNotices;
        Assert.Throws<ArgumentException>(() => WorkNoticeContent.Text(new string('x', 2048)));
        await Assert.ThrowsAsync<ArgumentException>(() => notices.SendAsync(WorkNoticeContent.Text("x"), cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => notices.SendAsync(WorkNoticeContent.Text("x"), ["a,b"], cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => notices.SendAsync(WorkNoticeContent.Text("x"), [.. Enumerable.Range(0, 101).Select(i => $"u{i}")], cancellationToken: Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stub.Client(o => o.AgentId = null).WorkNotices.SendAsync(WorkNoticeContent.Text("x"), ["a"], cancellationToken: Cancel));
        Assert.Empty(_stub.Calls);
    }

    [Fact]
    public async Task People_are_found_and_listed_for_free_whatever_types_the_answers_have()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, r.Path switch
        {
            "/topapi/v2/user/get" => """{"errcode":0,"result":{"userid":"alice","name":"A","active":"true","admin":false,"dept_id_list":["1",2]}}""",
            "/topapi/v2/user/getbymobile" => """{"errcode":0,"result":{"userid":"alice"}}""",
            "/topapi/user/getbyunionid" => """{"errcode":60121,"errmsg":"找不到该用户"}""",
            "/topapi/v2/user/list" => r.Json.GetProperty("cursor").GetInt64() == 0
                ? """{"errcode":0,"result":{"has_more":true,"next_cursor":100,"list":[{"userid":"alice"}]}}""" : """{"errcode":0,"result":{"has_more":"false","list":[{"userid":"bob"}]}}""",
            _ => """{"errcode":0,"result":[{"dept_id":2,"name":"IT","parent_id":1}]}""",
        });
        DingTalkClient client = _stub.Client();
        DingTalkPerson alice = await client.Contacts.GetAsync("alice", Cancel);
        Assert.True(alice.Active);
        Assert.Equal([1, 2], alice.DeptIdList);
        Assert.Null(alice.Mobile);
        Assert.Equal("alice", await client.Contacts.FindByMobileAsync("138", Cancel));
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<DingTalkApiException>(() => client.Contacts.FindByUnionIdAsync("u", Cancel))).FailureKind);
        var listed = new List<string>();
        await foreach (DingTalkPerson person in client.Contacts.ListAsync(cancellationToken: Cancel)) listed.Add(person.Userid);
        Assert.Equal(["alice", "bob"], listed);
        Assert.Equal(2, Assert.Single(await client.Contacts.ListDepartmentsAsync(cancellationToken: Cancel)).DeptId);
        Assert.Equal(0, client.Usage[DingTalkUseKind.Call]);
    }

    [Fact]
    public async Task An_approval_is_started_read_decided_commented_and_withdrawn()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, (r.Method, r.Path) switch
        {
            ("POST", "/v1.0/workflow/processInstances") => """{"instanceId":"pi1"}""",
            ("GET", "/v1.0/workflow/processInstances") => """{"result":{"title":"t","status":"RUNNING","result":"","tasks":[{"taskId":99,"userId":"bob","status":"RUNNING","result":"NONE"}],"formComponentValues":[{"name":"Amount","value":"12","componentType":"MoneyField"}]}}""",
            ("POST", "/v1.0/workflow/processes/instanceIds/query") => r.Json.GetProperty("nextToken").GetInt64() == 0 ? """{"result":{"list":["pi1"],"nextToken":"20"}}""" : """{"result":{"list":["pi2"]}}""",
            _ => """{"result":true,"success":true}""",
        });
        DingTalkWorkflow workflow = _stub.Client().Workflow;
        string id = await workflow.StartAsync("PROC-1", "alice", new Dictionary<string, string> { ["Amount"] = "12" }, cancellationToken: Cancel);
        Assert.Equal("""{"processCode":"PROC-1","originatorUserId":"alice","deptId":-1,"formComponentValues":[{"name":"Amount","value":"12"}]}""", _stub.Calls.Last().Body);
        ApprovalInstance instance = await workflow.GetAsync(id, Cancel);
        await workflow.DecideAsync(id, instance.Tasks[0].TaskId!, "bob", agree: true, "fine", cancellationToken: Cancel);
        Assert.Equal("""{"processInstanceId":"pi1","taskId":99,"result":"agree","actionerUserId":"bob","remark":"fine"}""", _stub.Calls.Last().Body);
        await workflow.CommentAsync(id, "bob", "hm", cancellationToken: Cancel);
        await workflow.TerminateAsync(id, null, cancellationToken: Cancel);
        Assert.Equal("""{"processInstanceId":"pi1","isSystem":true}""", _stub.Calls.Last().Body);
        var ids = new List<string>();
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        await foreach (string one in workflow.ListAsync("PROC-1", now.AddDays(-30), now, cancellationToken: Cancel)) ids.Add(one);
        Assert.Equal(["pi1", "pi2"], ids);
        Assert.Throws<ArgumentException>(() => workflow.ListAsync("PROC-1", now, now, cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => workflow.DecideAsync(id, "x", "bob", true, cancellationToken: Cancel));
        _stub.Answers("""{"success":false}""");
        await Assert.ThrowsAsync<DingTalkApiException>(() => workflow.CommentAsync(id, "bob", "hm", cancellationToken: Cancel));
    }
}
