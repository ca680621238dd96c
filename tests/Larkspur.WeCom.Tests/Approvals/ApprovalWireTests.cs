using System.Text.Json;
using Larkspur.WeCom.Approvals;

namespace Larkspur.WeCom.Tests.Approvals;

/// <summary>Approvals over the wire: what is sent, what is judged before, and answers that a platform should not give.</summary>
public sealed class ApprovalWireTests : IAsyncLifetime
{
    private StubWeCom _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WeComApprovals Approvals => _platform.Client().Approvals;

    public async ValueTask InitializeAsync() => _platform = await StubWeCom.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    private static ApprovalApplication Application(ApprovalForm form) => new() { CreatorUserId = "alice", TemplateId = "T", Form = form, Summary = ["一行"] };

    private async Task<ApprovalDetail> DetailAsync(string info)
    {
        _platform.Post("/cgi-bin/oa/getapprovaldetail", _ => """{"errcode":0,"errmsg":"ok","info":""" + info + "}");
        return await Approvals.DetailAsync("1", Cancel);
    }

    [Fact]
    public async Task Numbers_and_times_travel_as_strings_and_the_process_as_its_numbers()
    {
        _platform.Post("/cgi-bin/oa/applyevent", _ => """{"errcode":0,"errmsg":"ok","sp_no":"202511210001"}""");
        ApprovalForm form = new ApprovalForm().Set("Number-1", new NumberValue(3.50m)).Set("Date-2", new DateValue(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), IsDay: false))
            .Set("Vacation-3", new VacationValue(new SelectedOption("2"), new AttendanceValue(AbsenceKind.Leave, new DateRangeValue(DateTimeOffset.FromUnixTimeSeconds(10), DateTimeOffset.FromUnixTimeSeconds(20), TimeSpan.FromSeconds(5), IsHalfDay: true))))
            .Set("Formula-4", new FormulaValue("9")).Set("Hologram-5", new RawValue(JsonDocument.Parse("""{"x":1}""").RootElement));
        Assert.Equal("202511210001", await Approvals.SubmitAsync(Application(form) with { Process = [ProcessNode.Any("bob"), ProcessNode.InTurn("carol", "dave"), ProcessNode.Notify("erin")], Department = 7 }, Cancel));
        Assert.Equal(
            """
            {"creator_userid":"alice","template_id":"T","use_template_approver":0,"choose_department":7,"process":{"node_list":[{"type":1,"apv_rel":2,"userid":["bob"]},{"type":1,"apv_rel":3,"userid":["carol","dave"]},{"type":2,"userid":["erin"]}]},"apply_data":{"contents":[{"control":"Number","id":"Number-1","value":{"new_number":"3.50"}},{"control":"Date","id":"Date-2","value":{"date":{"type":"hour","s_timestamp":"1700000000"}}},{"control":"Vacation","id":"Vacation-3","value":{"vacation":{"selector":{"type":"single","options":[{"key":"2"}]},"attendance":{"date_range":{"type":"halfday","new_begin":10,"new_end":20,"new_duration":5},"type":1}}}},{"control":"Hologram","id":"Hologram-5","value":{"x":1}}]},"summary_list":[{"summary_info":[{"text":"一行","lang":"zh_CN"}]}]}
            """.Trim(), _platform.Calls.Last().Text);
    }

    [Fact]
    public async Task What_does_not_fit_its_form_is_not_sent_and_all_of_it_is_named()
    {
        var template = new ApprovalTemplate(["请假"],
        [
            ApprovalControl.Of("Text", "Text-1", "事由", required: true), ApprovalControl.Of("Date", "Date-2", "日期", config: new DateConfig(IsDay: true)),
            ApprovalControl.Of("Selector", "Selector-3", "类型", config: new SelectorConfig(IsMultiple: false, [new("a")])), ApprovalControl.Of("Table", "Table-4", "明细", config: new TableConfig([ApprovalControl.Of("Money", "Money-5", "金额", required: true)])),
            ApprovalControl.Of("Contact", "Contact-6", "人", config: new ContactConfig(IsMultiple: false)),
        ]);
        ApprovalForm form = new ApprovalForm(template).Set("Date-2", new DateValue(DateTimeOffset.UnixEpoch, IsDay: false)).Set("Selector-3", SelectorValue.One("z")).AddRow("Table-4").Set("Contact-6", new MembersValue([new("a"), new("b")]))
            .Set("Elsewhere-9", new TextValue("x")).Set("Text-99", new TextValue("x"));
        WeComContentException judged = await Assert.ThrowsAsync<WeComContentException>(() => Approvals.SubmitAsync(Application(form) with { Summary = [], Process = [ProcessNode.Notify("bob"), ProcessNode.Any()] }, Cancel));
        foreach (string part in new[] { "summary_list", "Date-2", "Selector-3", "Money-5 is required", "Contact-6", "Elsewhere-9", "Text-99", "Text-1 is required", "node without people" }) Assert.Contains(judged.Problems, p => p.Contains(part, StringComparison.Ordinal));
        await Assert.ThrowsAsync<WeComContentException>(() => Approvals.SubmitAsync(Application(new ApprovalForm().Set("File-1", new FilesValue(["1", "2", "3", "4"])).AddRow("Table-2", ("File-3", new FilesValue(["5", "6", "7"])))), Cancel));
        Assert.Empty(_platform.Requests);
    }

    [Fact]
    public async Task Forms_that_break_a_rule_are_not_sent()
    {
        ApprovalControl text = ApprovalControl.Of("Text", "Text-1", "标题");
        ApprovalTemplate[] broken =
        [
            new([], [text]), new(["名"], []), new([new string('长', 41)], [text]), new([new LocalizedText("x", "zh-CN")], [text]), new(["名"], [text, text]), new(["名"], [text with { Id = "Text-x" }]), new(["名"], [text with { Id = "Number-1" }]),
            new(["名"], [text with { Title = [] }]), new(["名"], [text with { Placeholder = [new string('x', 81)] }]), new(["名"], [ApprovalControl.Of("Selector", "Selector-1", "选")]),
            new(["名"], [ApprovalControl.Of("Selector", "Selector-1", "选", config: new SelectorConfig(false, [new("a"), new("a")]))]), new(["名"], [ApprovalControl.Of("Table", "Table-1", "表", config: new TableConfig([]))]),
            new(["名"], [ApprovalControl.Of("Vacation", "Vacation-1", "假"), ApprovalControl.Of("Attendance", "Attendance-2", "勤")]),
        ];
        foreach (ApprovalTemplate template in broken) await Assert.ThrowsAsync<WeComContentException>(() => Approvals.CreateTemplateAsync(template, Cancel));
        Assert.Empty(_platform.Requests);
    }

    [Fact]
    public async Task A_lost_answer_to_a_submission_is_not_followed_by_another_try()
    {
        _platform.On("POST", "/cgi-bin/oa/applyevent", c =>
        {
            c.Http.Abort();
            return Task.CompletedTask;
        });
        PlatformNetworkException lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => Approvals.SubmitAsync(Application(new ApprovalForm()), Cancel));
        Assert.True(lost.EffectUnknown);
        Assert.Single(_platform.Calls);
    }

    [Theory]
    [InlineData("""{"control":"Money","id":"Money-1","value":{"new_money":"a lot"}}""")]
    [InlineData("""{"control":"Money","id":"Money-1","value":{"new_money":{"x":1}}}""")]
    [InlineData("""{"control":"Date","id":"Date-1","value":{"date":{"type":"day","s_timestamp":"99999999999999999"}}}""")]
    [InlineData("""{"control":"Selector","id":"Selector-1","value":{"selector":{"type":"single","options":"none"}}}""")]
    [InlineData("""{"control":"Table","id":"Table-1","value":{"children":[{"list":[{"id":"no control"}]}]}}""")]
    [InlineData("""{"control":"DateRange","id":"DateRange-1","value":{"date_range":{"type":"hour","new_begin":-99999999999999,"new_end":2}}}""")]
    [InlineData("""{"control":"DateRange","id":"DateRange-1","value":{"date_range":{"type":"hour","new_begin":1,"new_end":2,"new_duration":9223372036854775807}}}""")]
    [InlineData("""{"control":"Hologram","id":"Hologram-1","value":{"x":[1,2]}}""")]
    [InlineData("""{"control":"Text","id":"Text-1","value":"bare"}""")]
    [InlineData("""{"control":"Text","id":"Text-1"}""")]
    [InlineData("""{"control":"File","id":"File-1","value":{"files":[null]}}""")]
    [InlineData("""{"control":"Contact","id":"Contact-1","value":{"members":[{"userid":null}]}}""")]
    [InlineData("""{"control":"Table","id":"Table-1","value":{"children":[{"list":[null]}]}}""")]
    [InlineData("""{"control":"Selector","id":"Selector-1","value":{"selector":{"type":"single","options":[null]}}}""")]
    public async Task A_value_of_an_unknown_shape_is_kept_as_it_is(string content)
    {
        ApprovalDetail detail = await DetailAsync("""{"sp_no":"1","sp_status":99,"template_id":"T","apply_time":1700000000,"apply_data":{"contents":[""" + content + "]}}");
        Assert.Equal((ApprovalStatus)99, detail.Status);
        Assert.IsType<RawValue>(Assert.Single(detail.Contents).Value);
    }

    [Fact]
    public async Task A_detail_without_its_number_or_with_a_list_for_a_text_is_an_error_and_missing_parts_are_empty()
    {
        await Assert.ThrowsAsync<WeComApiException>(() => DetailAsync("""{"sp_status":2}"""));
        await Assert.ThrowsAsync<WeComApiException>(() => DetailAsync("""{"sp_no":["1"],"sp_status":2}"""));
        await Assert.ThrowsAsync<WeComApiException>(() => DetailAsync("null"));
        await Assert.ThrowsAsync<WeComApiException>(() => DetailAsync("""{"sp_no":null,"sp_status":2}"""));
        ApprovalDetail holes = await DetailAsync("""{"sp_no":"1","sp_status":2,"sp_record":[null,{"details":[null]}],"notifyer":[null],"apply_data":{"contents":[null]},"comments":[null],"process_list":{"node_list":[null,{"sub_node_list":[null]}]}}""");
        Assert.Empty(holes.Contents);
        ApprovalDetail bare = await DetailAsync("""{"sp_no":"1","sp_status":2,"apply_time":-5,"batch_applyer":{"userid":"x"},"sp_record":[{"sp_status":1,"approverattr":1}],"comments":[{"commenttime":99999999999999}]}""");
        Assert.Equal((DateTimeOffset.UnixEpoch, false, null), (bare.AppliedAt, bare.Records[0].NeedsAll, bare.Comments[0].At));
        Assert.Empty(bare.Contents);
    }

    [Fact]
    public async Task Cursors_that_go_round_end_in_an_error_and_a_second_key_is_not_sent()
    {
        int page = 0;
        _platform.Post("/cgi-bin/oa/getapprovalinfo", _ => $$"""{"errcode":0,"errmsg":"ok","sp_no_list":["{{page}}"],"new_next_cursor":"{{page++ % 3}}"}""");
        await Assert.ThrowsAsync<WeComApiException>(async () => { await foreach (string _ in Approvals.ListAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), cancellationToken: Cancel)) { } });
        Assert.Equal(4, _platform.Calls.Count());
        await Assert.ThrowsAsync<WeComContentException>(async () => { await foreach (string _ in Approvals.ListAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), [ApprovalFilter.Creator("a"), ApprovalFilter.Creator("b")], Cancel)) { } });
    }

    [Fact]
    public async Task An_approval_of_the_embedded_engine_is_read_whatever_the_case_of_its_names()
    {
        _platform.Post("/cgi-bin/corp/getopenapprovaldata", c => c.Json.GetProperty("thirdNo").GetString() == "N1"
            ? """
              {"errcode":0,"errmsg":"ok","data":{"ThirdNo":"N1","OpenTemplateId":"T2","OpenSpName":"付款","OpenSpstatus":2,"ApplyTime":1700000000,"ApplyUsername":"艾丽丝","ApplyUserParty":"采购部","ApplyUserId":"alice","ApproverStep":1,
               "ApprovalNodes":{"ApprovalNode":[{"NodeStatus":2,"NodeAttr":2,"NodeType":1,"Items":{"Item":[{"ItemName":"鲍勃","ItemUserId":"bob","ItemParty":"采购部","ItemStatus":2,"ItemSpeech":"好","ItemOpTime":1700000100}]}}]},
               "NotifyNodes":{"NotifyNode":{"ItemName":"卡罗尔","ItemUserid":"carol"}}}}
              """ : """{"errcode":0,"errmsg":"ok","data":[1]}""");
        EmbeddedApproval approval = await Approvals.EmbeddedAsync("N1", Cancel);
        Assert.Equal(("N1", "付款", ApprovalStatus.Passed, "alice", "艾丽丝", 1), (approval.ThirdNumber, approval.Name, approval.Status, approval.ApplicantUserId, approval.ApplicantName, approval.Step));
        Assert.Equal(new EmbeddedPerson("bob", "鲍勃", "采购部", ApprovalStep.Agreed, "好", DateTimeOffset.FromUnixTimeSeconds(1_700_000_100)), Assert.Single(Assert.Single(approval.Nodes).People));
        Assert.Equal("carol", Assert.Single(approval.Notified).UserId);
        Assert.Empty((await Approvals.EmbeddedAsync("N2", Cancel)).ThirdNumber);
    }
}
