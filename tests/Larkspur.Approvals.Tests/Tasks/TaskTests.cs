using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Tasks;

public sealed class TaskTests : EmulatorTests
{
    [Fact]
    public async Task A_refusal_ends_it()
    {
        string code = await PaidAsync();
        ApprovalTaskRef task = await OpenAsync(code, Bob);
        await Feishu.Approvals.Tasks.RejectAsync(task, "太贵", cancellationToken: Stop);
        ApprovalInstanceDetail refused = await GetAsync(code);
        Assert.Equal((ApprovalInstanceState.Rejected, ApprovalTaskState.Rejected, "太贵"), (refused.State, refused.Tasks[0].State, refused.Timeline[^1].Comment));
        Assert.NotNull((await RefusedAsync(Feishu.Approvals.Tasks.ApproveAsync(task, cancellationToken: Stop))).Explanation);
    }

    [Fact]
    public async Task A_task_is_handed_on()
    {
        string code = await PaidAsync();
        await Feishu.Approvals.Tasks.TransferAsync(await OpenAsync(code, Bob), Carol, "请看", cancellationToken: Stop);
        Assert.Equal([(Bob.Id, ApprovalTaskState.Transferred), (Carol.Id, ApprovalTaskState.Pending)], (await GetAsync(code)).Tasks.Select(t => (t.OpenId, t.State)));
        ApprovalTaskRef carols = await OpenAsync(code, Carol);
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Approvals.Tasks.TransferAsync(carols, ApprovalPerson.UserId("bob"), cancellationToken: Stop));
        Assert.Equal(1390004, (await RefusedAsync(Feishu.Approvals.Tasks.TransferAsync(carols, ApprovalPerson.OpenId("ou_nobody"), cancellationToken: Stop))).Code);
    }

    [Fact]
    public async Task It_goes_back_to_a_step_that_was_passed()
    {
        string code = await PaidAsync();
        await Feishu.Approvals.Tasks.ApproveAsync(await OpenAsync(code, Bob), cancellationToken: Stop);
        string passed = (await GetAsync(code)).Timeline.Last(t => t.Type == "PASS").NodeKey;
        Assert.NotEmpty(passed);
        await Feishu.Approvals.Tasks.RollBackAsync((await OpenAsync(code, Carol)).TaskId, Carol, [passed], "金额不对", cancellationToken: Stop);
        Assert.Equal(Bob.Id, (await GetAsync(code)).Tasks.Single(t => t.State == ApprovalTaskState.Pending).OpenId);
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Approvals.Tasks.RollBackAsync("1", Carol, [], cancellationToken: Stop));
    }

    [Fact]
    public async Task Back_at_who_asked_it_is_submitted_again()
    {
        string code = await PaidAsync();
        await Feishu.Approvals.Tasks.RollBackAsync((await OpenAsync(code, Bob)).TaskId, Bob, ["START"], "请改金额", cancellationToken: Stop);
        ApprovalSubmission changed = await PaymentAsync(990m);
        await Feishu.Approvals.Tasks.ResubmitAsync(await OpenAsync(code, Alice), changed.Form, "已改", cancellationToken: Stop);
        ApprovalInstanceDetail again = await GetAsync(code);
        Assert.Equal(new ApprovalNumberValue(990m, "CNY"), again.Form["amount"]);
        Assert.Equal(Bob.Id, again.Tasks.Single(t => t.State == ApprovalTaskState.Pending).OpenId);
    }

    [Theory]
    [InlineData(ApprovalAddedPlace.Before)]
    [InlineData(ApprovalAddedPlace.After)]
    [InlineData(ApprovalAddedPlace.Beside)]
    public async Task Further_people_decide(ApprovalAddedPlace place)
    {
        string code = await PaidAsync();
        await Feishu.Approvals.Tasks.AddSignAsync(await OpenByUserIdAsync(code, "bob"), [ApprovalPerson.UserId("carol")], place, oneIsEnough: true, comment: "一起看", cancellationToken: Stop);
        Assert.Contains((await GetAsync(code)).Tasks, t => t.OpenId == Carol.Id && t.State == ApprovalTaskState.Pending);
    }

    [Fact]
    public async Task Adding_people_takes_user_ids_alone()
    {
        string code = await PaidAsync();
        ApprovalTaskRef byOpenId = await OpenAsync(code, Bob);
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Approvals.Tasks.AddSignAsync(byOpenId, [ApprovalPerson.UserId("carol")], ApprovalAddedPlace.Beside, cancellationToken: Stop));
        ApprovalTaskRef byUserId = byOpenId with { Person = ApprovalPerson.UserId("bob") };
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Approvals.Tasks.AddSignAsync(byUserId, [Carol], ApprovalAddedPlace.Beside, cancellationToken: Stop));
    }
}
