using System.Text.Json;
using Larkspur.DingTalk.Workflow;

namespace Larkspur.DingTalk.Tests.Work;

public sealed class WorkflowTests : IAsyncLifetime
{
    private static readonly ApprovalAttachment Offer = new("3996", "26748", "offer.pdf", "1024", "pdf");
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Body => _stub.Calls.Last().Body;

    public async ValueTask InitializeAsync()
    {
        _stub = await DingTalkStub.StartAsync();
        _stub.Answers("""{"success":true,"result":true}""");
    }

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_time_of_more_than_120_days_is_asked_for_piece_by_piece_and_page_by_page()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, r.Json.GetProperty("nextToken").GetInt64() == 0
            ? $$"""{"result":{"list":["{{r.Json.GetProperty("startTime").GetInt64()}}"],"nextToken":"20"},"success":true}""" : """{"result":{"list":["x"]},"success":"true"}""");
        DateTimeOffset to = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), from = to.AddDays(-300);
        var ids = new List<string>();
        await foreach (string id in _stub.Client().Workflow.ListAsync("PROC-1", from, to, new InstanceFilter { OriginatorUserIds = ["alice"], Statuses = ["RUNNING"] }, Cancel)) ids.Add(id);
        long day = 86_400_000, start = from.ToUnixTimeMilliseconds();
        Assert.Equal([$"{start}", "x", $"{start + (120 * day) + 1}", "x", $"{start + (240 * day) + 2}", "x"], ids);
        (long Start, long End)[] asked = [.. _stub.Calls.Select(c => (c.Json.GetProperty("startTime").GetInt64(), c.Json.GetProperty("endTime").GetInt64())).Distinct()];
        Assert.All(asked, a => Assert.InRange(a.End - a.Start, 0, 120 * day));
        Assert.Equal(to.ToUnixTimeMilliseconds(), asked[^1].End);
        Assert.Equal("alice", _stub.Calls.First().Json.GetProperty("userIds")[0].GetString());
        Assert.Throws<ArgumentException>(() => _stub.Client().Workflow.ListAsync("PROC-1", from, to, new InstanceFilter { OriginatorUserIds = [.. Enumerable.Range(0, 11).Select(i => $"u{i}")] }, Cancel));
    }

    [Fact]
    public async Task A_page_that_comes_again_ends_the_list_with_an_error()
    {
        _stub.Answers("""{"result":{"list":["x"],"nextToken":"20"}}""");
        DateTimeOffset to = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        await Assert.ThrowsAsync<DingTalkApiException>(async () =>
        {
            await foreach (string id in _stub.Client().Workflow.ListAsync("PROC-1", to.AddDays(-1), to, cancellationToken: Cancel)) Assert.Equal("x", id);
        });
        Assert.Equal(2, _stub.Calls.Count());
    }

    [Fact]
    public async Task An_instance_goes_its_own_way_when_the_start_says_so()
    {
        _stub.Answers("""{"instanceId":"pi1"}""");
        await _stub.Client().Workflow.StartAsync(new ApprovalStart
        {
            ProcessCode = "PROC-1", OriginatorUserId = "alice", Values = new Dictionary<string, string> { ["附件"] = ApprovalAttachment.FieldValue([Offer]) }, AgentId = 4711,
            Approvers = [new ApproverStep(ApproverMode.Single, ["bob"]), new ApproverStep(ApproverMode.Any, ["carol", "dave"])], CopyTo = ["erin"], CopyAt = CopyTime.Both,
            Chosen = new Dictionary<string, IReadOnlyList<string>> { ["manual_1"] = ["frank"] },
        }, Cancel);
        Assert.Equal(
            """{"processCode":"PROC-1","originatorUserId":"alice","deptId":-1,"microappAgentId":4711,"approvers":[{"actionType":"NONE","userIds":["bob"]},{"actionType":"OR","userIds":["carol","dave"]}],"ccList":["erin"],"ccPosition":"START_FINISH","targetSelectActioners":[{"actionerKey":"manual_1","actionerUserIds":["frank"]}],"formComponentValues":[{"name":"附件","value":"[{\"spaceId\":\"3996\",\"fileId\":\"26748\",\"fileName\":\"offer.pdf\",\"fileSize\":\"1024\",\"fileType\":\"pdf\"}]"}]}""",
            Body);
        ApprovalStart bad = new() { ProcessCode = "P", OriginatorUserId = "a", Values = new Dictionary<string, string>() };
        await Assert.ThrowsAsync<ArgumentException>(() => _stub.Client().Workflow.StartAsync(bad with { Approvers = [new ApproverStep(ApproverMode.All, ["bob"])] }, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => _stub.Client().Workflow.StartAsync(bad with { CopyTo = [.. Enumerable.Range(0, 51).Select(i => $"u{i}")] }, Cancel));
    }

    [Fact]
    public async Task The_way_is_foretold_with_what_has_to_be_chosen()
    {
        _stub.Answers("""{"result":{"isForecastSuccess":true,"workflowActivityRules":[{"activityName":"a","isTargetSelect":false,"activityActioners":[{"userId":"bob","name":"B"}],"workflowActor":{"actorKey":"m0"}},{"activityName":"b","activityType":"target_select","isTargetSelect":true,"workflowActor":{"actorKey":"m1","actorSelectionType":"approvals","actorSelectionRange":{"approvals":[{"workNo":"carol","userName":"C"}]},"allowedMulti":true,"required":true}}]}}""");
        IReadOnlyList<ForecastStep> way = await _stub.Client().Workflow.ForecastAsync("PROC-1", "alice", new Dictionary<string, string> { ["金额"] = "12" }, cancellationToken: Cancel);
        Assert.Equal("""{"processCode":"PROC-1","deptId":-1,"userId":"alice","formComponentValues":[{"name":"金额","value":"12"}]}""", Body);
        Assert.Equal(("bob", "m1", "carol"), (way[0].ActivityActioners[0].UserId, Assert.Single(way, s => s.IsTargetSelect).ActorKey, way[1].WorkflowActor!.ActorSelectionRange!.Approvals![0].WorkNo));
        _stub.Answers("""{"result":{"isForecastSuccess":false}}""");
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().Workflow.ForecastAsync("PROC-1", "alice", new Dictionary<string, string>(), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_task_is_handed_over_and_remarks_enclose_files()
    {
        DingTalkWorkflow workflow = _stub.Client().Workflow;
        await workflow.RedirectAsync("99", "bob", "carol", "on holiday", cancellationToken: Cancel);
        Assert.Equal("""{"taskId":99,"operateUserId":"bob","toUserId":"carol","remark":"on holiday"}""", Body);
        await workflow.CommentAsync("pi1", "bob", "see", new ApprovalEnclosure([Offer], ["https://a.example/p.png"]), Cancel);
        Assert.Equal("""{"processInstanceId":"pi1","text":"see","commentUserId":"bob","file":{"photos":["https://a.example/p.png"],"attachments":[{"spaceId":"3996","fileId":"26748","fileName":"offer.pdf","fileSize":"1024","fileType":"pdf"}]}}""", Body);
        // Beside a success, the result tells how it was decided.
        _stub.Answers("""{"success":true,"result":false}""");
        await workflow.DecideAsync("pi1", "99", "bob", agree: false, cancellationToken: Cancel);
        _stub.Answers("""{"result":false}""");
        await Assert.ThrowsAsync<DingTalkApiException>(() => workflow.RedirectAsync("99", "bob", "carol", cancellationToken: Cancel));
        _stub.Answers("""{"code":"param.illegal.operator","message":"不合法的参数operateUserId"}""", 400);
        Assert.Equal(FailureKind.Invalid, (await Assert.ThrowsAsync<DingTalkApiException>(() => workflow.RedirectAsync("99", "bob", "carol", cancellationToken: Cancel))).FailureKind);
        int calls = _stub.Calls.Count();
        await Assert.ThrowsAsync<ArgumentException>(() => workflow.RedirectAsync("x", "bob", "carol", cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => workflow.RedirectAsync("99", "bob", "carol", new string('x', 257), cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => workflow.CommentAsync("pi1", "bob", "see", new ApprovalEnclosure([.. Enumerable.Repeat(Offer, 21)]), Cancel));
        Assert.Equal(calls, _stub.Calls.Count());
    }

    [Fact]
    public async Task An_instance_tells_its_files()
    {
        _stub.Answers("""{"result":{"status":"RUNNING","formComponentValues":[{"name":"附件","componentType":"DDAttachment","value":"[{\"spaceId\":3996,\"fileId\":\"26748\",\"fileName\":\"offer.pdf\",\"fileSize\":1024,\"fileType\":\"pdf\"}]"},{"name":"b","componentType":"DDAttachment","value":"none"},{"name":"c","componentType":"DDAttachment"}],"operationRecords":[{"userId":"bob","type":"ADD_REMARK","remark":"see","attachments":[{"fileId":"2"}],"images":["https://a.example/p.png"]}]}}""");
        ApprovalInstance instance = await _stub.Client().Workflow.GetAsync("pi1", Cancel);
        Assert.Equal(Offer, Assert.Single(instance.Attachments));
        Assert.Equal(("2", "https://a.example/p.png"), (instance.OperationRecords[0].Attachments[0].FileId, instance.OperationRecords[0].Images[0]));
        _stub.Answers("""{"result":3}""");
        Assert.Equal(3, await _stub.Client().Workflow.CountToDoAsync("bob", Cancel));
    }

    [Fact]
    public async Task Templates_are_made_changed_read_and_listed()
    {
        var template = new FormTemplate { Name = "采购", Components = [FormComponent.Money("金额") with { Id = "m1", Required = true }, FormComponent.Table("明细", FormComponent.Text("物品"))], Settings = new Dictionary<string, object> { ["hidden"] = false } };
        _stub.Answers("""{"result":{"processCode":"PROC-1"}}""");
        DingTalkForms forms = _stub.Client().Workflow.Forms;
        Assert.Equal("PROC-1", await forms.CreateAsync(template, Cancel));
        Assert.Equal("""{"name":"采购","formComponents":[{"componentType":"MoneyField","props":{"label":"金额","componentId":"m1","required":true}},{"componentType":"TableField","props":{"label":"明细"},"children":[{"componentType":"TextField","props":{"label":"物品"}}]}],"templateConfig":{"hidden":false}}""", Body);
        await forms.UpdateAsync("PROC-1", template with { Components = [FormComponent.Choice("类别", ["甲", "乙"])] }, Cancel);
        Assert.Equal("""[{"key":"option_0","value":"甲"},{"key":"option_1","value":"乙"}]""", JsonDocument.Parse(Body).RootElement.GetProperty("formComponents")[0].GetProperty("props").GetProperty("options").GetRawText());
        _stub.Answers("""{"result":{"formCode":"PROC-1","name":"采购","memo":"d","status":"PUBLISHED","schemaContent":{"title":"采购","items":[{"componentName":"TableField","props":{"id":"t","label":"明细","required":"true"},"children":[{"componentName":"TextField","props":{"id":"x","label":"物品"}}]}]}}}""");
        FormSchema schema = await forms.GetAsync("PROC-1", Cancel);
        Assert.Equal(("PROC-1", "明细", true, "x"), (schema.ProcessCode, schema.Fields[0].Label, schema.Fields[0].Required, schema.Fields[0].Children![0].Id));
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, r.Query["nextToken"] == "0" ? """{"result":{"processList":[{"name":"a","processCode":"P1"}],"nextToken":100}}""" : """{"result":{"processList":[{"name":"b","processCode":"P2"}]}}""");
        var codes = new List<string?>();
        await foreach (VisibleTemplate visible in forms.ListAsync("alice", Cancel)) codes.Add(visible.ProcessCode);
        Assert.Equal(["P1", "P2"], codes);
        await Assert.ThrowsAsync<ArgumentException>(() => forms.CreateAsync(template with { Name = new string('x', 201) }, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => forms.CreateAsync(template with { Components = [FormComponent.Table("t", [.. Enumerable.Repeat(FormComponent.Text("x"), 200)])] }, Cancel));
    }

    [Fact]
    public async Task Files_are_fetched_without_our_token_and_leave_is_given()
    {
        bool token = true;
        _stub.OnOther = async c =>
        {
            if (c.Request.Path != "/store/1") return false;
            token = c.Request.Headers.ContainsKey("x-acs-dingtalk-access-token");
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(c.Response, "the offer", Cancel);
            return true;
        };
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, $$"""{"result":{"spaceId":3996,"fileId":"1","downloadUri":"{{_stub.Address}}store/1"},"success":true}""");
        DingTalkApprovalFiles files = _stub.Client().Workflow.Files;
        Assert.Equal(3996, await files.GetSpaceAsync("alice", Cancel));
        Assert.Equal("""{"userId":"alice","agentId":4711}""", Body);
        using var target = new MemoryStream();
        Assert.Equal(9, await files.DownloadAsync("pi1", "1", target, withComments: true, cancellationToken: Cancel));
        Assert.Equal("""{"processInstanceId":"pi1","fileId":"1","withCommentAttatchment":true}""", Body);
        Assert.False(token);
        await Assert.ThrowsAsync<DingTalkApiException>(() => files.DownloadAsync("pi1", "1", target, maxBytes: 8, cancellationToken: Cancel));
        await files.AllowPreviewAsync("pi1", "bob", ["1", "2"], cancellationToken: Cancel);
        Assert.Equal("""{"userId":"bob","agentId":4711,"processInstanceId":"pi1","fileId":"1","fileIdList":["1","2"]}""", Body);
        await files.AllowDownloadAsync("bob", [Offer], Cancel);
        Assert.Equal("""{"userId":"bob","fileInfos":[{"fileId":"26748","spaceId":3996}]}""", Body);
        await Assert.ThrowsAsync<ArgumentException>(() => files.AllowPreviewAsync("pi1", "bob", [], cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => files.AllowDownloadAsync("bob", [Offer with { SpaceId = "x" }], Cancel));
        _stub.Answers("""{"result":{"downloadUri":"file:///etc/passwd"},"success":true}""");
        await Assert.ThrowsAsync<DingTalkApiException>(() => files.GetDownloadUrlAsync("pi1", "1", cancellationToken: Cancel));
    }
}
