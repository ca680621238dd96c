using Larkspur.WeCom.Approvals;
using Larkspur.WeCom.Callbacks;
using Larkspur.WeCom.Media;

namespace Larkspur.WeCom.Tests.Approvals;

/// <summary>Approvals from the SDK's side of the emulated platform.</summary>
public sealed class EmulatedApprovalTests
{
    private const string Payment = "3WLarkspurPayment0000000000000000000001";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ApprovalApplication Application(ApprovalTemplate template, string reason = "办公椅") => new()
    {
        CreatorUserId = "alice", TemplateId = Payment, Summary = [reason], Form = new ApprovalForm(template).Set("Text-1700000001", new TextValue(reason)).Set("Money-1700000002", new MoneyValue(1280.50m)),
    };

    [Fact]
    public async Task A_form_is_read_filled_submitted_decided_and_read_again()
    {
        await using EmulatedWeCom corp = await EmulatedWeCom.StartAsync();
        WeComClient wecom = corp.Client();
        ApprovalTemplate template = await wecom.Approvals.TemplateAsync(Payment, Cancel);
        Assert.Equal(["Text", "Money", "Date", "Selector", "File", "Table"], template.Controls.Select(c => c.Kind));
        Assert.Equal("Cash", Assert.IsType<SelectorConfig>(template.Controls[3].Config).Options[1].Text![1].Text);
        UploadedMedia file = await wecom.Media.UploadAsync(MediaKind.File, new WeComFile("quote.pdf", "quotation"u8.ToArray()), Cancel);
        ApprovalApplication application = Application(template);
        application.Form
            .Set("Date-1700000003", new DateValue(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), IsDay: true)).Set("Selector-1700000004", SelectorValue.One("option-1"))
            .Set("File-1700000005", new FilesValue([file.MediaId])).AddRow("Table-1700000006", ("Text-1700000007", new TextValue("椅子")), ("Number-1700000008", new NumberValue(2)));
        string number = await wecom.Approvals.SubmitAsync(application, Cancel);
        ApprovalChanged asked = await corp.HeardAsync<ApprovalChanged>();
        Assert.Equal((number, ApprovalStatus.Pending, ApprovalEventKind.Submitted, "alice", "2"), (asked.Number, asked.Status, asked.EventKind, asked.ApplicantUserId, asked.ApplicantDepartment));

        await corp.ActAsync(new { platform = "wecom", @as = "bob", @do = "approve", sp_no = number, text = "可以" });
        ApprovalChanged agreed = await corp.HeardAsync<ApprovalChanged>();
        Assert.Equal((ApprovalStatus.Pending, ApprovalEventKind.Agreed), (agreed.Status, agreed.EventKind));
        Assert.Equal([ApprovalStep.Agreed, ApprovalStep.Pending], agreed.Records.Select(r => r.Status));
        Assert.Equal(("bob", "可以"), (agreed.Nodes[0].People[0].UserId, agreed.Nodes[0].People[0].Speech));
        await corp.ActAsync(new { platform = "wecom", @as = "alice", @do = "comment", sp_no = number, text = "很急" });
        Assert.Equal("很急", Assert.Single((await corp.HeardAsync<ApprovalChanged>()).Comments).Text);
        await corp.ActAsync(new { platform = "wecom", @as = "carol", @do = "approve", sp_no = number });
        Assert.Equal(ApprovalStatus.Passed, (await corp.HeardAsync<ApprovalChanged>()).Status);

        ApprovalDetail detail = await wecom.Approvals.DetailAsync(number, Cancel);
        Assert.Equal((ApprovalStatus.Passed, "付款申请", Payment, "alice"), (detail.Status, detail.Name, detail.TemplateId, detail.ApplicantUserId));
        Assert.Equal(1280.50m, detail.Value<MoneyValue>("Money-1700000002")!.Amount);
        Assert.Equal(("option-1", "银行转账"), (detail.Value<SelectorValue>("Selector-1700000004")!.Options[0].Key, detail.Value<SelectorValue>("Selector-1700000004")!.Options[0].Text![0].Text));
        Assert.Equal(new NumberValue(2), detail.Value<TableValue>("Table-1700000006")!.Rows[0][1].Value);
        Assert.Equal([file.MediaId], detail.Value<FilesValue>("File-1700000005")!.MediaIds);
        Assert.Equal("付款事由", detail.Contents[0].Title[0].Text);
        Assert.Equal("很急", detail.Comments[0].Text);
        Assert.All(detail.Records, r => Assert.NotNull(r.Decisions[0].At));
    }

    [Fact]
    public async Task A_form_of_every_kind_is_made_changed_and_filled()
    {
        await using EmulatedWeCom corp = await EmulatedWeCom.StartAsync();
        WeComApprovals approvals = corp.Client().Approvals;
        var template = new ApprovalTemplate(["出差申请", new LocalizedText("Trip", "en")],
        [
            ApprovalControl.Of("Textarea", "Textarea-01", "事由", required: true), ApprovalControl.Of("DateRange", "DateRange-02", "时间", config: new DateRangeConfig(IsHalfDay: false)),
            ApprovalControl.Of("Contact", "Contact-03", "同行", config: new ContactConfig(IsMultiple: true)), ApprovalControl.Of("Contact", "Contact-04", "部门", config: new ContactConfig(IsMultiple: false, OfDepartments: true)),
            ApprovalControl.Of("Selector", "Selector-05", "交通", config: new SelectorConfig(IsMultiple: true, [new("train", ["火车"]), new("plane", ["飞机"])])),
            ApprovalControl.Of("Location", "Location-06", "地点"), ApprovalControl.Of("RelatedApproval", "RelatedApproval-07", "关联"), ApprovalControl.Of("Attendance", "Attendance-08", "出差"),
            ApprovalControl.Of("Table", "Table-09", "预算", config: new TableConfig([ApprovalControl.Of("Money", "Money-10", "金额", required: true)])), ApprovalControl.Of("BankAccount", "BankAccount-11", "账户"),
        ]);
        string id = await approvals.CreateTemplateAsync(template, Cancel);
        ApprovalTemplate read = await approvals.TemplateAsync(id, Cancel);
        Assert.Equal(template.Controls.Select(c => (c.Id, c.IsRequired)), read.Controls.Select(c => (c.Id, c.IsRequired)));
        Assert.Equal("飞机", Assert.IsType<SelectorConfig>(read.Controls[4].Config).Options[1].Text![0].Text);
        Assert.True(Assert.IsType<ContactConfig>(read.Controls[3].Config).OfDepartments);
        await approvals.UpdateTemplateAsync(id, template with { Names = ["差旅申请"] }, Cancel);
        Assert.Equal("差旅申请", (await approvals.TemplateAsync(id, Cancel)).Names[0].Text);

        DateTimeOffset from = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var range = new DateRangeValue(from, from.AddHours(30), TimeSpan.FromHours(16), IsHalfDay: false);
        ApprovalForm form = new ApprovalForm(read).Set("Textarea-01", new TextValue("拜访客户")).Set("DateRange-02", range).Set("Contact-03", new MembersValue([new("bob"), new("carol")]))
            .Set("Contact-04", new DepartmentsValue([new("2")])).Set("Selector-05", SelectorValue.Many("train", "plane")).Set("Location-06", new LocationValue(31.230416m, 121.473701m, "上海", "人民广场", from))
            .Set("RelatedApproval-07", new RelatedApprovalsValue(["202511210001"])).Set("Attendance-08", new AttendanceValue(AbsenceKind.BusinessTrip, range)).AddRow("Table-09", ("Money-10", new MoneyValue(300)))
            .Set("BankAccount-11", new BankAccountValue(new BankAccount { AccountType = 2, AccountName = "艾丽丝", AccountNumber = "6222000011112222", Bank = new Bank("工商银行", null, null, null, null, null, null, null) }));
        Assert.DoesNotContain("6222000011112222", form.Contents[^1].ToString(), StringComparison.Ordinal);
        string number = await approvals.SubmitAsync(new ApprovalApplication
        {
            CreatorUserId = "alice", TemplateId = id, Form = form, Summary = ["出差"], Process = [ProcessNode.All("bob", "carol"), ProcessNode.Notify("alice")],
        }, Cancel);
        ApprovalDetail detail = await approvals.DetailAsync(number, Cancel);
        Assert.Equal(form.Contents.Select(c => c.Value.GetType()), detail.Contents.Select(c => c.Value.GetType()));
        Assert.Equal(range, detail.Value<DateRangeValue>("DateRange-02"));
        Assert.Equal(("采购部", 2), (detail.Value<DepartmentsValue>("Contact-04")!.Departments[0].Name, detail.Value<MembersValue>("Contact-03")!.Members.Count));
        Assert.Equal((AbsenceKind.BusinessTrip, range), (detail.Value<AttendanceValue>("Attendance-08")!.Kind, detail.Value<AttendanceValue>("Attendance-08")!.Range));
        Assert.Equal("6222000011112222", detail.Value<BankAccountValue>("BankAccount-11")!.Account.AccountNumber);
        Assert.True(Assert.Single(detail.Records).NeedsAll);
        Assert.Equal([ApprovalNodeKind.Approve, ApprovalNodeKind.Notify], detail.Nodes.Select(n => n.Kind));
        Assert.Equal(["alice"], detail.NotifiedUserIds);
    }

    [Fact]
    public async Task A_long_period_is_read_in_parts_and_each_number_comes_once()
    {
        await using EmulatedWeCom corp = await EmulatedWeCom.StartAsync();
        WeComApprovals approvals = corp.Client().Approvals;
        ApprovalTemplate template = await approvals.TemplateAsync(Payment, Cancel);
        DateTimeOffset first = DateTimeOffset.UtcNow;
        var made = new List<string>();
        for (int month = 0; month < 3; month++)
        {
            for (int i = 0; i < 2; i++) made.Add(await approvals.SubmitAsync(Application(template), Cancel));
            await corp.Emulator.AdvanceAsync(TimeSpan.FromDays(30));
        }

        var listed = new List<string>();
        await foreach (string number in approvals.ListAsync(first.AddDays(-40), first.AddDays(100), [ApprovalFilter.Template(Payment), ApprovalFilter.Creator("alice")], Cancel)) listed.Add(number);
        Assert.Equal(made, listed);
        await corp.ActAsync(new { platform = "wecom", @as = "bob", @do = "reject", sp_no = made[3] });
        var rejected = new List<string>();
        await foreach (string number in approvals.ListAsync(first.AddDays(-1), first.AddDays(100), [ApprovalFilter.Status(ApprovalStatus.Rejected), ApprovalFilter.Department(2), ApprovalFilter.Department(3)], Cancel)) rejected.Add(number);
        Assert.Equal([made[3]], rejected);
    }
}
