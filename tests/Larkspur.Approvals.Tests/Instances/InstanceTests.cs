using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Instances;

public sealed class InstanceTests : EmulatorTests
{
    [Fact]
    public async Task An_instance_is_made_decided_and_read_typed()
    {
        string code = await PaidAsync();
        ApprovalInstanceDetail pending = await GetAsync(code);
        Assert.Equal((code, Payment, ApprovalInstanceState.Pending, "PENDING", Alice.Id), (pending.InstanceCode, pending.ApprovalCode, pending.State, pending.StateText, pending.OpenId));
        Assert.Null(pending.EndedAt);
        Assert.NotNull(pending.StartedAt);
        Assert.Equal(new ApprovalTextValue("青云科技"), pending.Form["payee"]);
        Assert.Equal(new ApprovalNumberValue(1280.5m, "CNY"), pending.Form["金额"]);
        var method = Assert.IsType<ApprovalOptionsValue>(pending.Form["method"]);
        Assert.Equal("银行转账 transfer", $"{method.Texts.Single()} {method.Keys.Single()}");
        Assert.Null(pending.Form["reason"]);

        await Feishu.Approvals.Tasks.ApproveAsync(await OpenAsync(code, Bob), "可以", cancellationToken: Stop);
        await Feishu.Approvals.Tasks.ApproveAsync(await OpenAsync(code, Carol), cancellationToken: Stop);
        ApprovalInstanceDetail done = await GetAsync(code);
        Assert.Equal((ApprovalInstanceState.Approved, true), (done.State, done.State.IsDecided));
        Assert.NotNull(done.EndedAt);
        Assert.Equal([ApprovalTaskState.Approved, ApprovalTaskState.Approved], done.Tasks.Select(t => t.State));
        Assert.Equal(["manager", "finance"], done.Tasks.Select(t => t.CustomNodeId!));
        Assert.Equal(["START", "PASS", "PASS"], done.Timeline.Select(t => t.Type));
        Assert.Equal(("可以", Bob.Id), (done.Timeline[1].Comment, done.Timeline[1].OpenId));
    }

    [Fact]
    public async Task Under_one_key_there_is_one_instance_however_often_it_is_made()
    {
        ApprovalSubmission payment = await PaymentAsync();
        CreatedInstance first = await Feishu.Approvals.Instances.CreateOnceAsync(payment, "PAY-2026-1", cancellationToken: Stop);
        CreatedInstance second = await Feishu.Approvals.Instances.CreateOnceAsync(payment, "PAY-2026-1", cancellationToken: Stop);
        Assert.Equal((first.InstanceCode, false, true), (second.InstanceCode, first.WasThere, second.WasThere));
        CreatedInstance[] at_once = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Feishu.Approvals.Instances.CreateOnceAsync(payment, "PAY-2026-2", cancellationToken: Stop)));
        Assert.Single(at_once.Select(c => c.InstanceCode).Distinct());
        Assert.Single(at_once, c => !c.WasThere);
        Assert.Equal(first.InstanceCode, (await GetAsync("PAY-2026-1")).InstanceCode);
        Assert.Equal(2, (await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, Time.GetUtcNow().AddDays(-1), Time.GetUtcNow().AddDays(1), cancellationToken: Stop))).Count);

        FeishuApiException taken = await RefusedAsync(Feishu.Approvals.Instances.CreateAsync(payment, "PAY-2026-1", cancellationToken: Stop));
        Assert.Equal((60012, "这个 uuid 已经用于另一个审批实例。"), (taken.Code, taken.Explanation!.Chinese));
    }

    [Fact]
    public async Task A_key_of_another_definition_is_not_taken_for_this_one()
    {
        await Feishu.Approvals.Instances.CreateAsync(await PaymentAsync(), "SHARED", cancellationToken: Stop);
        string other = await Feishu.Approvals.Definitions.PutAsync(Definitions.DraftTests.Leave(), cancellationToken: Stop);
        ApprovalForm form = (await Feishu.Approvals.Definitions.GetAsync(other, cancellationToken: Stop)).NewForm().SetText("why", "x").SetOption("kind", "k1");
        var leave = new ApprovalSubmission(form, Alice);
        var nobody = await Assert.ThrowsAsync<ApprovalFormException>(() => Feishu.Approvals.Instances.CreateOnceAsync(leave, "SHARED", cancellationToken: Stop));
        Assert.Equal((ApprovalFormFault.MissingApprover, "自选"), (nobody.Problems.Single().Fault, nobody.Problems.Single().ControlName));
        leave = leave with { Approvers = new Dictionary<string, IReadOnlyList<ApprovalPerson>> { [nobody.Problems[0].ControlId] = [Carol] } };
        Assert.Equal(60012, (await RefusedAsync(Feishu.Approvals.Instances.CreateOnceAsync(leave, "SHARED", cancellationToken: Stop))).Code);
    }

    [Fact]
    public async Task A_lost_answer_makes_no_second_instance()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", drop = true, count = 1 });
        CreatedInstance made = await Feishu.Approvals.Instances.CreateOnceAsync(await PaymentAsync(), "PAY-LOST", cancellationToken: Stop);
        Assert.Equal(made.InstanceCode, (await GetAsync("PAY-LOST")).InstanceCode);
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", drop = true, count = 1 });
        string other = await PaidAsync();
        var at = (await GetAsync(other)).StartedAt!.Value;
        Assert.Equal(2, (await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, at.AddHours(-1), at.AddHours(1), cancellationToken: Stop))).Count);
    }

    [Fact]
    public async Task No_window_is_longer_than_ten_hours_and_none_leaves_a_gap()
    {
        await using Wire wire = await Wire.StartAsync();
        wire.Say("""{"instance_code_list":["A"],"has_more":false}""");
        DateTimeOffset from = new(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8));
        // One that stands in every window, which no real one does, is given once all the same.
        Assert.Equal(["A"], await ListAsync(wire.Client(o => o.RateFactor = 100).Approvals.Instances.ListCodesAsync("P", from, from.AddHours(25), cancellationToken: Stop)));
        (long Start, long End)[] windows = [.. wire.Calls.Select(c => System.Web.HttpUtility.ParseQueryString(c.Query)).Select(q => (long.Parse(q["start_time"]!), long.Parse(q["end_time"]!)))];
        Assert.Equal(from.ToUnixTimeMilliseconds(), windows[0].Start);
        Assert.Equal(from.AddHours(25).ToUnixTimeMilliseconds(), windows[^1].End);
        Assert.All(windows, w => Assert.InRange(w.End - w.Start, 0, TimeSpan.FromHours(10).TotalMilliseconds));
        Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.True(pair.Second.Start <= pair.First.End));
        Assert.Equal(3, windows.Length);
    }

    [Fact]
    public async Task A_month_is_listed_in_windows_each_code_once()
    {
        List<string> made = [];
        for (int day = 0; day < 4; day++)
        {
            made.Add(await PaidAsync());
            await Emulator.AdvanceAsync(TimeSpan.FromHours(10));
        }

        var start = (await GetAsync(made[0])).StartedAt!.Value;
        Assert.Equal(made, await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, start, start.AddHours(30), cancellationToken: Stop)));
        Assert.Equal(made[1..3], await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, start.AddHours(1), start.AddHours(29), cancellationToken: Stop)));
        Assert.Equal([made[0]], await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, start, start, cancellationToken: Stop)));
        Assert.Empty(await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, start.AddDays(-30), start.AddDays(-1), cancellationToken: Stop)));
        Assert.Throws<ArgumentException>(() => Feishu.Approvals.Instances.ListCodesAsync(Payment, start, start.AddTicks(-1), cancellationToken: Stop));
    }

    [Fact]
    public async Task More_than_a_page_in_one_window_is_listed()
    {
        ApprovalSubmission payment = await PaymentAsync();
        List<string> made = [];
        for (int i = 0; i < 120; i++) made.Add(await Feishu.Approvals.Instances.CreateAsync(payment, cancellationToken: Stop));
        var at = (await GetAsync(made[0])).StartedAt!.Value;
        Assert.Equal(made.Order(), (await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, at.AddHours(-5), at.AddHours(5), cancellationToken: Stop))).Order());
    }

    [Fact]
    public async Task Who_asked_takes_back_and_nobody_else()
    {
        string code = await PaidAsync();
        FeishuApiException anothers = await RefusedAsync(Feishu.Approvals.Instances.CancelAsync(Payment, code, Bob, cancellationToken: Stop));
        Assert.NotNull(anothers.Explanation);
        await Feishu.Approvals.Instances.CancelAsync(Payment, code, Alice, cancellationToken: Stop);
        ApprovalInstanceDetail canceled = await GetAsync(code);
        Assert.Equal((ApprovalInstanceState.Canceled, true, false), (canceled.State, canceled.State.IsOver, canceled.State.IsDecided));
    }

    [Fact]
    public async Task Copies_go_to_people_by_one_kind_of_id()
    {
        string code = await PaidAsync();
        await Feishu.Approvals.Instances.CopyAsync(Payment, code, Alice, [Carol], "请知悉", cancellationToken: Stop);
        Assert.Contains((await GetAsync(code)).Timeline, t => t.Type == "CC" && t.OpenIds.Contains(Carol.Id));
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Approvals.Instances.CopyAsync(Payment, code, Alice, [ApprovalPerson.UserId("carol")], cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Approvals.Instances.CopyAsync(Payment, code, Alice, [], cancellationToken: Stop));
    }

    [Fact]
    public async Task A_look_ahead_makes_nothing()
    {
        IReadOnlyList<ApprovalPreviewStep> steps = await Feishu.Approvals.Instances.PreviewAsync(await PaymentAsync(), cancellationToken: Stop);
        Assert.Equal([Bob.Id, Carol.Id], steps.SelectMany(s => s.Approvers));
        Assert.Empty(await ListAsync(Feishu.Approvals.Instances.ListCodesAsync(Payment, Time.GetUtcNow().AddDays(-1), Time.GetUtcNow().AddDays(1), cancellationToken: Stop)));
    }

    [Fact]
    public async Task A_wrong_form_is_told_before_any_call()
    {
        ApprovalDefinition definition = await Feishu.Approvals.Definitions.GetAsync(Payment, cancellationToken: Stop);
        var wrong = await Assert.ThrowsAsync<ApprovalFormException>(() => Feishu.Approvals.Instances.CreateOnceAsync(new(definition.NewForm().SetAmount("amount", 1, "XYZ"), Alice), "K", cancellationToken: Stop));
        Assert.Equal([ApprovalFormFault.WrongValue, ApprovalFormFault.Missing], wrong.Problems.Select(p => p.Fault));
        Assert.Equal(1390003, (await RefusedAsync(GetAsync("K"))).Code);
    }

    [Fact]
    public async Task What_is_not_there_is_told_in_words()
    {
        FeishuApiException unknown = await RefusedAsync(Feishu.Approvals.Definitions.GetAsync("NO-SUCH", cancellationToken: Stop));
        Assert.Equal((1390002, FailureKind.NotFound), (unknown.Code, unknown.FailureKind));
        Assert.Contains("approval_code", unknown.Explanation!.Chinese, StringComparison.Ordinal);
        Assert.Equal((1390003, FailureKind.NotFound), await RefusedAsync(GetAsync("NO-SUCH")) is var missing ? (missing.Code, missing.FailureKind) : default);
        await Assert.ThrowsAsync<ArgumentNullException>(() => Feishu.Approvals.Instances.CreateOnceAsync(null!, "x", cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Feishu.Approvals.Instances.CreateOnceAsync(await PaymentAsync(), new string('x', 65), cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Feishu.Approvals.Instances.CreateOnceAsync(await PaymentAsync(), "", cancellationToken: Stop));
    }
}
