using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Instances;

public sealed class SearchTests : EmulatorTests
{
    [Fact]
    public async Task Instances_tasks_and_copies_are_found()
    {
        string open = await PaidAsync(), refused = await PaidAsync();
        await Feishu.Approvals.Tasks.RejectAsync(await OpenAsync(refused, Bob), cancellationToken: Stop);
        await Feishu.Approvals.Instances.CopyAsync(Payment, open, Alice, [Carol], cancellationToken: Stop);

        List<FoundApproval> all = await ListAsync(Feishu.Approvals.Instances.SearchAsync(new() { ApprovalCode = Payment, Person = Alice }, cancellationToken: Stop));
        Assert.Equal([(open, ApprovalInstanceState.Pending), (refused, ApprovalInstanceState.Rejected)], all.Select(f => (f.InstanceCode, f.State)).OrderBy(f => f.Item1 == open ? 0 : 1));
        Assert.All(all, f => Assert.Equal((Payment, "付款申请", Alice.Id, false), (f.ApprovalCode, f.ApprovalName, f.UserId, f.IsExternal)));
        Assert.Equal([refused], (await ListAsync(Feishu.Approvals.Instances.SearchAsync(new() { ApprovalCode = Payment, Status = "REJECT" }, cancellationToken: Stop))).Select(f => f.InstanceCode));
        Assert.Empty(await ListAsync(Feishu.Approvals.Instances.SearchAsync(new() { ApprovalCode = Payment, To = all[0].StartedAt!.Value.AddDays(-1) }, cancellationToken: Stop)));

        Assert.Equal([(open, ApprovalTaskState.Pending)], (await ListAsync(Feishu.Approvals.Tasks.SearchAsync(new() { Person = Bob, Status = "PENDING" }, cancellationToken: Stop))).Select(t => (t.Instance.InstanceCode, t.State)));
        Assert.Equal([open], (await ListAsync(Feishu.Approvals.Tasks.OfPersonAsync(Bob, ApprovalTaskGroup.Open, cancellationToken: Stop))).Select(t => t.InstanceCode));
        Assert.Equal([refused], (await ListAsync(Feishu.Approvals.Tasks.OfPersonAsync(Bob, ApprovalTaskGroup.Done, cancellationToken: Stop))).Select(t => t.InstanceCode));
        Assert.Equal([open], (await ListAsync(Feishu.Approvals.Instances.SearchCopiesAsync(new() { Person = Carol, Status = "UNREAD" }, cancellationToken: Stop))).Select(f => f.InstanceCode));
    }

    [Fact]
    public async Task A_search_is_read_page_by_page()
    {
        for (var i = 0; i < 6; i++) await PaidAsync();
        var instances = Feishu.Approvals.Instances;
        ApprovalSearchPage first = await instances.SearchPageAsync(new() { ApprovalCode = Payment }, 5, cancellationToken: Stop);
        Assert.Equal(5, first.Items.Count);
        ApprovalSearchPage rest = await instances.SearchPageAsync(new() { ApprovalCode = Payment }, 5, first.NextPage, cancellationToken: Stop);
        Assert.DoesNotContain(Assert.Single(rest.Items), first.Items);
        Assert.Null(rest.NextPage);
    }
}
