using System.Text;
using System.Text.Json.Nodes;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Workflow;
using Larkspur.DingTalk.WorkNotices;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>The SDK against the emulator, which share no code: approvals with their files, approvals of other systems, notices with a status bar.</summary>
public sealed class PlatformDingTalkWorkTests(ChromiumFixture chromium)
{
    private static readonly Uri Erp = new("https://erp.example/orders/1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_approval_with_a_file_is_handed_over_commented_and_agreed_to()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var workflow = App(fixture).Workflow;
        var code = await workflow.Forms.CreateAsync(new FormTemplate { Name = "采购", Components = [FormComponent.Money("金额") with { Required = true }, FormComponent.Files("附件")] }, Cancel);
        var schema = await workflow.Forms.GetAsync(code, Cancel);
        Assert.Equal([("MoneyField", "金额", true), ("DDAttachment", "附件", false)], schema.Fields.Select(f => (f.ComponentName!, f.Label!, f.Required)));
        Assert.Contains(code, await ListAsync(workflow.Forms.ListAsync("alice", Cancel), t => t.ProcessCode!));

        var space = await workflow.Files.GetSpaceAsync("alice", Cancel);
        var uploaded = await fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "upload_approval_file", name = "offer.pdf", base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes("the offer")) });
        var offer = new ApprovalAttachment(Said(uploaded, "spaceId"), Said(uploaded, "fileId"), Said(uploaded, "fileName"), Said(uploaded, "fileSize"), Said(uploaded, "fileType"));
        Assert.Equal($"{space}", offer.SpaceId);
        var id = await workflow.StartAsync(new ApprovalStart
        {
            ProcessCode = code, OriginatorUserId = "alice", Values = new Dictionary<string, string> { ["金额"] = "12", ["附件"] = ApprovalAttachment.FieldValue([offer]) },
            Approvers = [new ApproverStep(ApproverMode.Single, ["bob"])], CopyTo = ["carol"],
        }, Cancel);
        var task = Assert.Single((await workflow.GetAsync(id, Cancel)).Tasks).TaskId!;
        await workflow.RedirectAsync(task, "bob", "carol", "on holiday", cancellationToken: Cancel);
        Assert.Equal((0, 1), (await workflow.CountToDoAsync("bob", Cancel), await workflow.CountToDoAsync("carol", Cancel)));
        await workflow.CommentAsync(id, "alice", "see the offer", new ApprovalEnclosure([offer]), Cancel);
        var read = await workflow.GetAsync(id, Cancel);
        Assert.Equal(offer, Assert.Single(read.Attachments));
        Assert.Equal(["START_PROCESS_INSTANCE", "REDIRECT_TASK", "ADD_REMARK"], read.OperationRecords.Select(r => r.Type!));
        using var copy = new MemoryStream();
        await workflow.Files.DownloadAsync(id, offer.FileId!, copy, cancellationToken: Cancel);
        Assert.Equal("the offer", Encoding.UTF8.GetString(copy.ToArray()));
        await workflow.Files.AllowPreviewAsync(id, "carol", [offer.FileId!], cancellationToken: Cancel);
        await workflow.Files.AllowDownloadAsync("bob", [offer], Cancel);
        await workflow.DecideAsync(id, read.Tasks[^1].TaskId!, "carol", agree: true, cancellationToken: Cancel);
        Assert.Equal("agree", (await workflow.GetAsync(id, Cancel)).Result);

        var now = fixture.Emulator.State.Clock.GetUtcNow();
        Assert.Equal([id], await ListAsync(workflow.ListAsync(code, now.AddDays(-300), now.AddDays(1), new InstanceFilter { OriginatorUserIds = ["alice"], Statuses = ["COMPLETED"] }, Cancel), i => i));
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => workflow.RedirectAsync(task, "bob", "carol", cancellationToken: Cancel));
        Assert.Equal("instance.status.error", refused.ErrorCode);
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<DingTalkApiException>(() => workflow.Forms.GetAsync("PROC-none", Cancel))).FailureKind);
    }

    [Fact]
    public async Task A_templates_own_way_is_foretold_and_taken_with_the_person_who_was_chosen()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var workflow = App(fixture).Workflow;
        var code = await workflow.Forms.CreateAsync(new FormTemplate { Name = "用章", Components = [FormComponent.Text("事由")] }, Cancel);
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @do = "add_approval_step", process_code = code, choose = true, anew = true });
        var values = new Dictionary<string, string> { ["事由"] = "contract" };
        var step = Assert.Single(await workflow.ForecastAsync(code, "alice", values, cancellationToken: Cancel));
        Assert.True(step.IsTargetSelect);
        await Assert.ThrowsAsync<DingTalkApiException>(() => workflow.StartAsync(code, "alice", values, cancellationToken: Cancel));
        var id = await workflow.StartAsync(new ApprovalStart { ProcessCode = code, OriginatorUserId = "alice", Values = values, Chosen = new Dictionary<string, IReadOnlyList<string>> { [step.ActorKey!] = ["carol"] } }, Cancel);
        Assert.Equal("carol", Assert.Single((await workflow.GetAsync(id, Cancel)).Tasks).UserId);
    }

    [Fact]
    public async Task An_approval_of_another_system_stands_in_peoples_lists_until_it_ends()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var centre = App(fixture).Workflow.ProcessCentre;
        var code = await centre.SaveTemplateAsync(new FormTemplate { Name = "报销", Components = [FormComponent.Text("事由")] }, cancellationToken: Cancel);
        Assert.Equal((code, null), (await centre.FindTemplateAsync("报销", Cancel), await centre.FindTemplateAsync("用章", Cancel)));
        var id = await centre.StartAsync(new CentreApproval { ProcessCode = code, OriginatorUserId = "alice", Url = Erp, Values = new Dictionary<string, string> { ["事由"] = "x" } }, Cancel);
        var tasks = await centre.AddTasksAsync(id, [new CentreTask("bob", Erp), new CentreTask("carol", Erp)], "first", Cancel);
        Assert.Equal([tasks[0].TaskId], await ListAsync(centre.ListToDoAsync("bob", Cancel), t => t.TaskId));
        await centre.EndTasksAsync(id, [new CentreTaskEnded(tasks[0].TaskId!, true)], Cancel);
        await centre.CancelTasksAsync(id, ["first"], Cancel);
        Assert.Empty(await ListAsync(centre.ListToDoAsync("carol", Cancel), t => t.TaskId));
        await centre.EndAsync([new CentreEnded(id, CentreEnd.Agreed)], Cancel);
        Assert.Equal(["AGREE", ""], (await fixture.StateAsync("dingtalk"))["process_centre"]!["tasks"]!.AsArray().Select(t => t!["result"]!.GetValue<string>()));
        await centre.DeleteTemplateAsync(code, cancellationToken: Cancel);
    }

    [Fact]
    public async Task The_status_bar_of_a_notice_changes_before_the_reader()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var notices = App(fixture).WorkNotices;
        var task = await notices.SendAsync(WorkNoticeContent.Form(new OaNotice { Url = Erp, Title = "付款申请", Rows = [new("金额", "12.00"), new("供应商", "Northwind")], StatusBar = new NoticeStatusBar("审批中") }), ["alice"], cancellationToken: Cancel);
        var chat = (await fixture.StateAsync("dingtalk"))["messages"]!.AsArray().Single()!["chat_id"]!.GetValue<string>();
        var page = await fixture.DingTalkAsync("alice", chat, "zh");
        await Expect(page.Locator(".notice-status")).ToHaveTextAsync("审批中");
        await notices.UpdateStatusAsync(task, new NoticeStatusBar("已同意 <b>", "78C06E"), Cancel);
        await Expect(page.Locator(".notice-status .stage-finished")).ToHaveTextAsync("已同意 <b>");
        await WebClientFixture.PictureAsync(page, "dingtalk-notice-status");
        Assert.True((await notices.GetProgressAsync(task, Cancel)).IsDone);
        Assert.Equal(["alice"], [.. (await notices.GetResultAsync(task, Cancel)).ReadUserIdList, .. (await notices.GetResultAsync(task, Cancel)).UnreadUserIdList]);
        await notices.RecallAsync(task, Cancel);
        await Expect(page.Locator(".notice-status")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    private static DingTalkClient App(PlatformFixture fixture) => new(new DingTalkOptions
    {
        ClientId = PlatformFixture.Org.ClientId, ClientSecret = PlatformFixture.Org.ClientSecret, AgentId = PlatformFixture.Org.AgentId, BaseUrl = fixture.Emulator.BaseUrl,
    });

    private static string Said(JsonObject from, string name) => from[name]!.GetValue<string>();

    private static async Task<List<TOut>> ListAsync<TIn, TOut>(IAsyncEnumerable<TIn> all, Func<TIn, TOut> select)
    {
        var list = new List<TOut>();
        await foreach (var one in all) list.Add(select(one));
        return list;
    }
}
