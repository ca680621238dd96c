using Larkspur.Feishu.AspNetCore;

namespace Larkspur.AspNetCore.Tests;

public sealed class RecentDeliveriesTests
{
    private static readonly byte[] Answer = "{\"toast\":{}}"u8.ToArray();

    [Fact]
    public async Task One_more_than_may_be_handled_at_once_is_not_taken()
    {
        var deliveries = new RecentDeliveries(mostAtOnce: 2, remembered: 10);
        var release = new TaskCompletionSource<byte[]?>();
        var first = deliveries.HandleOnce("e1", () => release.Task);
        var second = deliveries.HandleOnce("e2", () => release.Task);

        Assert.Null(deliveries.HandleOnce("e3", () => release.Task));

        release.SetResult(Answer);
        await Task.WhenAll(first!, second!);
        Assert.Same(Answer, await deliveries.HandleOnce("e3", () => Task.FromResult<byte[]?>(Answer))!);
    }

    [Fact]
    public async Task Arrivals_of_one_id_at_the_same_time_share_one_answer()
    {
        var deliveries = new RecentDeliveries(mostAtOnce: 1, remembered: 10);
        var release = new TaskCompletionSource<byte[]?>();
        var tries = 0;
        Task<byte[]?>[] arrivals = [.. Enumerable.Range(0, 50).Select(_ => deliveries.HandleOnce("e1", () =>
        {
            Interlocked.Increment(ref tries);
            return release.Task;
        })!)];

        release.SetResult(Answer);

        Assert.All(await Task.WhenAll(arrivals), answer => Assert.Same(Answer, answer));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task One_that_was_handled_is_acknowledged_and_one_that_failed_is_tried_again()
    {
        var deliveries = new RecentDeliveries(mostAtOnce: 1, remembered: 10);

        Assert.Null(await deliveries.HandleOnce("e1", () => Task.FromResult<byte[]?>(null))!);
        Assert.Same(Answer, await deliveries.HandleOnce("e1", () => Task.FromResult<byte[]?>(Answer))!);
        Assert.Equal("{}"u8.ToArray(), await deliveries.HandleOnce("e1", () => throw new InvalidOperationException("again"))!);
    }

    [Fact]
    public async Task The_oldest_is_forgotten_when_there_are_more_than_are_remembered()
    {
        var deliveries = new RecentDeliveries(mostAtOnce: 1, remembered: 2);
        foreach (var id in new[] { "e1", "e2", "e3" }) await deliveries.HandleOnce(id, () => Task.FromResult<byte[]?>(Answer))!;

        Assert.NotSame(Answer, await deliveries.HandleOnce("e3", () => Task.FromResult<byte[]?>(Answer))!);
        Assert.Same(Answer, await deliveries.HandleOnce("e1", () => Task.FromResult<byte[]?>(Answer))!);
    }
}
