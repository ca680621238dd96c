using Larkspur.DingTalk.Workflow;

namespace Larkspur.DingTalk.Tests.Work;

public sealed class ProcessCentreTests : IAsyncLifetime
{
    private static readonly Uri Page = new("https://erp.example/1");
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private StubRequest Last => _stub.Calls.Last();

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task An_approval_of_another_system_is_shown_and_ends()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, (r.Method, r.Path.Split('/')[^1]) switch
        {
            (_, "schemas" or "processCodes") => """{"result":{"processCode":"PROC-1"}}""",
            ("POST", "instances") => """{"result":{"processInstanceId":"pi1"}}""",
            ("POST", "tasks") => """{"success":true,"result":[{"taskId":7,"userId":"bob"}]}""",
            _ => """{"success":true}""",
        });
        DingTalkProcessCentre centre = _stub.Client().Workflow.ProcessCentre;
        Assert.Equal("PROC-1", await centre.SaveTemplateAsync(new FormTemplate { Name = "报销", Components = [FormComponent.Text("事由")] }, features: new { features = new[] { new { name = "TASK_EXECUTE", runType = "REDIRECT" } } }, cancellationToken: Cancel));
        Assert.Equal("""{"name":"报销","formComponents":[{"componentType":"TextField","props":{"label":"事由"}}],"processFeatureConfig":{"features":[{"name":"TASK_EXECUTE","runType":"REDIRECT"}]}}""", Last.Body);
        Assert.Equal("PROC-1", await centre.FindTemplateAsync("报销", Cancel));
        Assert.Equal("pi1", await centre.StartAsync(new CentreApproval { ProcessCode = "PROC-1", OriginatorUserId = "alice", Url = Page, Title = "t", Values = new Dictionary<string, string> { ["事由"] = "x" }, CopyTo = ["carol"], CopyAt = CopyTime.Start }, Cancel));
        Assert.Equal("""{"processCode":"PROC-1","originatorUserId":"alice","title":"t","url":"https://erp.example/1","formComponentValueList":[{"name":"事由","value":"x"}],"notifiers":[{"userid":"carol","position":"start"}]}""", Last.Body);
        CentreTaskState task = Assert.Single(await centre.AddTasksAsync("pi1", [new CentreTask("bob", Page, DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000))], "first", Cancel));
        Assert.Equal("""{"processInstanceId":"pi1","activityId":"first","tasks":[{"userId":"bob","url":"https://erp.example/1","dueTimestamp":1800000000000}]}""", Last.Body);
        await centre.EndTasksAsync("pi1", [new CentreTaskEnded(task.TaskId!, true), new CentreTaskEnded("8", null)], Cancel);
        Assert.Equal("""{"processInstanceId":"pi1","tasks":[{"taskId":7,"status":"COMPLETED","result":"AGREE"},{"taskId":8,"status":"CANCELED"}]}""", Last.Body);
        await centre.CancelTasksAsync("pi1", ["first", "second"], Cancel);
        Assert.Equal("""{"processInstanceId":"pi1","activityId":"first","activityIds":["first","second"]}""", Last.Body);
        await centre.EndAsync(new CentreEnded("pi1", CentreEnd.Agreed, ["carol"]), Cancel);
        Assert.Equal("""{"processInstanceId":"pi1","status":"COMPLETED","result":"agree","notifiers":[{"userId":"carol"}]}""", Last.Body);
        await centre.EndAsync([new CentreEnded("pi1", CentreEnd.Withdrawn), new CentreEnded("pi2", CentreEnd.Refused)], Cancel);
        Assert.Equal(("PUT", """{"updateProcessInstanceRequests":[{"processInstanceId":"pi1","status":"TERMINATED","result":"refuse"},{"processInstanceId":"pi2","status":"COMPLETED","result":"refuse"}]}"""), (Last.Method, Last.Body));
        await centre.DeleteTemplateAsync("PROC-1", cleanRunningTasks: true, Cancel);
        Assert.Equal(("DELETE", "PROC-1", "true"), (Last.Method, Last.Query["processCode"], Last.Query["cleanRunningTask"]));
    }

    [Fact]
    public async Task Open_tasks_are_listed_by_pages_that_end()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, r.Query["pageNumber"] switch
        {
            "1" => """{"taskPage":{"hasMore":true,"list":[{"taskId":1,"userId":"bob","status":"RUNNING"}]}}""",
            "2" => """{"taskPage":{"hasMore":true,"list":[{"taskId":2}]}}""",
            _ => """{"taskPage":{"hasMore":true,"list":[]}}""",
        });
        var tasks = new List<string?>();
        await foreach (CentreTaskState task in _stub.Client().Workflow.ProcessCentre.ListToDoAsync("bob", Cancel)) tasks.Add(task.TaskId);
        Assert.Equal(["1", "2"], tasks);
        Assert.Equal(3, _stub.Calls.Count());
    }

    [Fact]
    public async Task What_is_not_there_and_what_happens_at_once_is_told_apart()
    {
        _stub.Answers("""{"code":"process.error","message":"模板不存在"}""", 400);
        Assert.Null(await _stub.Client().Workflow.ProcessCentre.FindTemplateAsync("x", Cancel));
        _stub.Answers("""{"code":"integrated.concurrency.error","message":"不支持并发创建任务和实例，请稍后再试"}""", 400);
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client(o => o.MaxAttempts = 1).Workflow.ProcessCentre.AddTasksAsync("pi1", [new CentreTask("bob", Page)], cancellationToken: Cancel));
        Assert.Equal((FailureKind.Conflict, true), (refused.FailureKind, refused.NothingHappened));
    }

    [Fact]
    public async Task Bounds_are_kept_before_anything_is_sent()
    {
        DingTalkProcessCentre centre = _stub.Client().Workflow.ProcessCentre;
        await Assert.ThrowsAsync<ArgumentException>(() => centre.AddTasksAsync("pi1", [], cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => centre.AddTasksAsync("pi1", [.. Enumerable.Repeat(new CentreTask("bob", Page), 21)], cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => centre.AddTasksAsync("pi1", [new CentreTask("bob", new Uri("/1", UriKind.Relative))], cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => centre.EndTasksAsync("pi1", [new CentreTaskEnded("x", true)], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => centre.CancelTasksAsync("pi1", [" "], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => centre.EndAsync([.. Enumerable.Repeat(new CentreEnded("pi1", CentreEnd.Agreed), 51)], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => centre.StartAsync(new CentreApproval { ProcessCode = "P", OriginatorUserId = "a", Url = Page, Title = new string('x', 65) }, Cancel));
        Assert.Empty(_stub.Calls);
    }
}
