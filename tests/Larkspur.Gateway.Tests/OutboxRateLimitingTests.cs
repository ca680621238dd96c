using Larkspur.Gateway.Outbox;
using Larkspur.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Gateway.Tests;

/// <summary>When permits come, by a clock that a test moves.</summary>
public sealed class OutboxRateLimitingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ManualTimeProvider _clock = new();
    private readonly FixedRandom _random = new();

    [Fact]
    public void A_lane_takes_five_starts_in_any_second_however_long_they_take()
    {
        var lanes = new LaneRateLimiter(_clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(TimeSpan.Zero, lanes.OpensIn("a"));
            lanes.Started("a", 5);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(520), lanes.OpensIn("a"));
        Assert.Equal(TimeSpan.Zero, lanes.OpensIn("b"));
        _clock.Advance(TimeSpan.FromMilliseconds(520));
        Assert.Equal(TimeSpan.Zero, lanes.OpensIn("a"));
        lanes.Started("a", 5);
        Assert.Equal(TimeSpan.FromMilliseconds(100), lanes.OpensIn("a"));
    }

    [Fact]
    public void One_failure_is_the_messages_and_three_in_a_row_are_the_platforms()
    {
        var health = new CircuitBreaker(_clock, _random);
        health.Failed(_clock.GetTimestamp());
        health.Failed(_clock.GetTimestamp());
        health.Succeeded();
        health.Failed(_clock.GetTimestamp());
        health.Failed(_clock.GetTimestamp());
        Assert.False(health.IsProbing);

        var before = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        health.Failed(before);
        Assert.True(health.IsProbing);
        var pause = health.OpensIn;
        Assert.Equal(TimeSpan.FromMilliseconds(500), pause);
        // What was on its way when the pause began does not lengthen it.
        health.Failed(before);
        Assert.Equal(pause, health.OpensIn);
        _clock.Advance(pause);
        Assert.Equal(TimeSpan.Zero, health.OpensIn);
        health.Failed(_clock.GetTimestamp());
        Assert.Equal(TimeSpan.FromSeconds(1), health.OpensIn);
        health.Succeeded();
        Assert.False(health.IsProbing);
    }

    [Fact]
    public async Task Notices_are_spread_over_the_minute_and_an_answer_takes_the_next_permit()
    {
        var queue = Queue(new RateLimit(50, 600));
        var notifications = Enumerable.Range(1, 3).Select(id => Entry(id, OutboxPriority.Bulk)).ToList();
        notifications.ForEach(queue.Enter);
        Assert.True(await queue.TakeAsync(notifications[0]).WaitAsync(Patience, TestContext.Current.CancellationToken));
        var second = queue.TakeAsync(notifications[1]);
        var third = queue.TakeAsync(notifications[2]);
        await UntilAsync(() => _clock.PendingTimers > 0);
        Assert.False(second.IsCompleted);

        var answer = Entry(9, OutboxPriority.Answer);
        queue.Enter(answer);
        Assert.True(await queue.TakeAsync(answer).WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(second.IsCompleted);
        // 600 a minute is one in 102 ms with the window's reserve; two permits are gone, and what is late may catch up by 100 ms.
        await AdvanceUntilAsync(() => second.IsCompleted, TimeSpan.FromMilliseconds(10), atMost: 30);
        Assert.False(third.IsCompleted);
        await AdvanceUntilAsync(() => third.IsCompleted, TimeSpan.FromMilliseconds(10), atMost: 30);
        Assert.True(await third);
    }

    [Fact]
    public async Task Who_is_called_back_gives_its_permit_to_the_next()
    {
        var queue = Queue(new RateLimit(1, null));
        var first = Entry(1, OutboxPriority.Answer);
        var gone = Entry(2, OutboxPriority.Answer);
        var next = Entry(3, OutboxPriority.Answer);
        foreach (var entry in new[] { first, gone, next }) queue.Enter(entry);
        Assert.True(await queue.TakeAsync(first).WaitAsync(Patience, TestContext.Current.CancellationToken));
        var recalled = queue.TakeAsync(gone);
        var waiting = queue.TakeAsync(next);
        queue.Recall(gone);
        Assert.False(await recalled.WaitAsync(Patience, TestContext.Current.CancellationToken));
        queue.Leave(gone);
        await AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromMilliseconds(50), atMost: 30);
        Assert.True(await waiting);
        // Its permit is taken: it cannot come back any more.
        queue.Recall(next);
        queue.Leave(next);
    }

    [Fact]
    public async Task While_the_platform_does_not_serve_one_call_at_a_time_finds_out()
    {
        var queue = Queue(new RateLimit(null, null));
        for (var id = 1; id <= 3; id++)
        {
            var failing = Entry(id, OutboxPriority.Answer);
            queue.Enter(failing);
            Assert.True(await queue.TakeAsync(failing).WaitAsync(Patience, TestContext.Current.CancellationToken));
            queue.Tell(failing, serves: false);
            queue.Leave(failing);
        }

        var probe = Entry(4, OutboxPriority.Answer);
        var behind = Entry(5, OutboxPriority.Answer);
        queue.Enter(probe);
        queue.Enter(behind);
        var probing = queue.TakeAsync(probe);
        var after = queue.TakeAsync(behind);
        await UntilAsync(() => _clock.PendingTimers > 0);
        Assert.False(probing.IsCompleted);
        await AdvanceUntilAsync(() => probing.IsCompleted, TimeSpan.FromMilliseconds(100), atMost: 20);
        Assert.False(after.IsCompleted);
        queue.Tell(probe, serves: true);
        queue.Leave(probe);
        Assert.True(await after.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_queue_has_room_for_a_few_of_each_class_that_is_not_less_urgent()
    {
        var queue = Queue(new RateLimit(1, null));
        for (var id = 1; id <= 4; id++) queue.Enter(Entry(id, OutboxPriority.Bulk));
        Assert.False(queue.HasRoom((int)OutboxPriority.Bulk));
        Assert.True(queue.HasRoom((int)OutboxPriority.Answer));
        for (var id = 5; id <= 8; id++) queue.Enter(Entry(id, OutboxPriority.Answer));
        Assert.False(queue.HasRoom((int)OutboxPriority.Answer));
        queue.Leave(Entry(5, OutboxPriority.Answer));
        Assert.True(queue.HasRoom((int)OutboxPriority.Answer));
    }

    [Fact]
    public void A_budget_that_gets_another_key_while_a_call_is_under_way_gets_its_place_back()
    {
        var channel = new PacedChannel(new RateLimiter(_clock), new RateLimit(50, null));
        var queues = new PermitQueues(new Dictionary<string, IChannel> { ["test"] = channel }, most: 1, _clock, _random, NullLogger.Instance);
        var choice = new OutboxScheduler(queues, new EverythingGoes(), _clock);
        var entry = Entry(1, OutboxPriority.Bulk);
        choice.Begins(entry);
        // As when the app learns its tenant, or its limits are read anew.
        channel.Key = "another key";
        choice.Ended(entry);
        channel.Key = "key";
        Assert.True(queues.For(entry).HasRoom((int)OutboxPriority.Bulk));
    }

    private PermitQueue Queue(RateLimit limit) =>
        new(new PacedChannel(new RateLimiter(_clock), limit), most: 64, _clock, _random, NullLogger.Instance);

    private static OutboxEntry Entry(long id, OutboxPriority priority) => new()
    {
        Id = id, Platform = "test", App = "app", Message = OutboxMessage.ToChat($"oc_{id}", "text", "{}") with { Priority = priority }, IdempotencyKey = $"lk{id}",
        InboxId = 0, Reference = "r", CreatedAt = default, NotBefore = default, Partition = 0,
    };

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!holds()) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    /// <summary>Moves the clock in steps, each once the queue has gone to sleep, until it holds.</summary>
    private async Task AdvanceUntilAsync(Func<bool> holds, TimeSpan step, int atMost)
    {
        for (var i = 0; i < atMost; i++)
        {
            await UntilAsync(() => holds() || _clock.PendingTimers > 0);
            if (holds()) return;
            _clock.Advance(step);
        }

        await UntilAsync(holds);
    }

    private sealed class PacedChannel(IRateLimiter rateLimiter, RateLimit limit) : IChannel
    {
        public string Platform => "test";

        public IReadOnlyCollection<OutboxOperation> Operations => [MessageOperations.Create];

        public string Key { get; set; } = "key";

        public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

        public ChannelPace? PaceOf(OutboxEntry entry) => new ChannelPace(rateLimiter, Key, limit);

        public Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class EverythingGoes : ISendPolicy
    {
        public SendDecision Decide(string platform, string app, OutboxPriority priority) => SendDecision.Go;
    }

    private sealed class FixedRandom : Random
    {
        public override double NextDouble() => 0.5;
    }
}
