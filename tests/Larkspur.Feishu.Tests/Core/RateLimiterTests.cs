using System.Diagnostics;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Core;

public sealed class RateLimiterTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RateLimiter _rateLimiter;

    public RateLimiterTests() => _rateLimiter = new RateLimiter(_clock);

    [Fact]
    public async Task Starts_never_exceed_either_window_and_come_close_to_the_ideal()
    {
        var limit = new RateLimit(5, 60);
        List<TimeSpan> starts = await RunAsync(limit, calls: 180, upTo: TimeSpan.FromMinutes(4));

        Assert.Equal(180, starts.Count);
        AssertWindow(starts, TimeSpan.FromSeconds(1), 5);
        AssertWindow(starts, TimeSpan.FromMinutes(1), 60);
        // 60 at once, then 60 a minute: the last 60 begin after the second minute and take 12 s at 5/s.
        Assert.InRange(starts[^1].TotalSeconds, 120, (120 + 12) * 1.03);
    }

    [Fact]
    public async Task A_per_second_limit_is_used_to_the_full()
    {
        List<TimeSpan> starts = await RunAsync(new RateLimit(50, null), calls: 1_000, upTo: TimeSpan.FromSeconds(25));
        AssertWindow(starts, TimeSpan.FromSeconds(1), 50);
        Assert.InRange(starts[^1].TotalSeconds, 18.9, 20 * 1.03);
    }

    [Fact]
    public async Task Waiting_calls_are_spread_over_the_window()
    {
        List<TimeSpan> starts = await RunAsync(new RateLimit(10, null), calls: 30, upTo: TimeSpan.FromSeconds(5));
        Assert.All(starts.Skip(10).Zip(starts.Skip(11)), pair => Assert.InRange((pair.Second - pair.First).TotalMilliseconds, 90, 115));
    }

    [Fact]
    public async Task First_come_is_first_served()
    {
        var order = new List<int>();
        var limit = new RateLimit(1, null);
        Task[] calls = [.. Enumerable.Range(0, 5).Select(async i =>
        {
            await _rateLimiter.WaitAsync("k", limit, TestContext.Current.CancellationToken);
            lock (order) order.Add(i);
        })];
        for (int i = 1; i <= 5; i++)
        {
            await Until(() => Count(order) == i);
            _clock.Advance(TimeSpan.FromSeconds(1.1));
        }

        await Task.WhenAll(calls);
        Assert.Equal([0, 1, 2, 3, 4], order);
    }

    [Fact]
    public async Task One_who_cancels_costs_the_others_no_time()
    {
        var limit = new RateLimit(1, null);
        await Wait(limit);
        using var cancel = new CancellationTokenSource();
        Task<TimeSpan> leaving = _rateLimiter.WaitAsync("k", limit, cancel.Token).AsTask();
        Task<TimeSpan> staying = Wait(limit);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        _clock.Advance(TimeSpan.FromSeconds(1.05));
        Assert.InRange((await staying.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).TotalSeconds, 1, 1.05);
    }

    [Fact]
    public async Task A_pause_holds_the_key_even_without_a_limit()
    {
        _rateLimiter.Pause("k", TimeSpan.FromSeconds(7));
        Task<TimeSpan> waiting = Wait(default);
        _clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await waiting.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Keys_do_not_wait_for_each_other()
    {
        var limit = new RateLimit(1, null);
        await Wait(limit);
        Assert.True(_rateLimiter.WaitAsync("other", limit, TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_limit_that_changes_is_no_new_budget()
    {
        for (int i = 0; i < 5; i++) Assert.True(Wait(new(5, null)).IsCompletedSuccessfully);
        Task<TimeSpan> lower = Wait(new(2, null));
        Assert.False(lower.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        await lower.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        // One call of the last second stands: three more have room under four.
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(Wait(new(4, null)).IsCompletedSuccessfully));
        Assert.False(Wait(new(4, null)).IsCompleted);
    }

    [Fact]
    public void A_limit_that_was_lifted_holds_nobody()
    {
        Assert.True(Wait(new(1, null)).IsCompletedSuccessfully);
        Assert.True(Wait(default).IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(RateLimit.Most + 1)]
    public async Task A_limit_that_cannot_be_kept_is_told_as_wrong_use(int calls)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Wait(new(calls, null)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Wait(new(null, calls)));
    }

    [Fact]
    public void Thousands_of_idle_keys_are_forgotten_and_none_loses_its_count()
    {
        var limit = new RateLimit(1, null);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 2_000; i++) Assert.True(_rateLimiter.WaitAsync($"k{i}", limit, TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully);
            Assert.False(_rateLimiter.WaitAsync("k1999", limit, TestContext.Current.CancellationToken).AsTask().IsCompleted);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public void Back_off_doubles_its_ceiling_up_to_the_longest_and_jitters_fully()
    {
        var longest = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), new Fixed(0.999_999));
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(1, 5).Select(n => (int)Math.Round(longest.Next(n).TotalSeconds)));
        var shortest = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), new Fixed(0));
        Assert.Equal(TimeSpan.Zero, shortest.Next(5));
        Assert.True(longest.Next(1_000) <= TimeSpan.FromSeconds(5));
    }

    private Task<TimeSpan> Wait(RateLimit limit) => _rateLimiter.WaitAsync("k", limit, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Queues all calls at once and notes when each may start; time moves only when everything that may run has run.</summary>
    private async Task<List<TimeSpan>> RunAsync(RateLimit limit, int calls, TimeSpan upTo)
    {
        DateTimeOffset begin = _clock.GetUtcNow();
        Task<TimeSpan>[] waits = [.. Enumerable.Range(0, calls).Select(_ => Wait(limit))];
        for (TimeSpan t = TimeSpan.Zero; t < upTo; t += TimeSpan.FromSeconds(1)) _clock.Advance(TimeSpan.FromSeconds(1));
        TimeSpan[] waited = await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(_clock.GetUtcNow() > begin);
        return [.. waited.Order()];
    }

    private static void AssertWindow(List<TimeSpan> starts, TimeSpan window, int most)
    {
        for (int i = 0; i + most < starts.Count; i++)
        {
            Assert.True(starts[i + most] - starts[i] > window, $"{most + 1} starts within {starts[i + most] - starts[i]} from {starts[i]}");
        }
    }

    private static int Count(List<int> list)
    {
        lock (list) return list.Count;
    }

    private static async Task Until(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "the awaited state did not come");
            await Task.Yield();
        }
    }

    private sealed class Fixed(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
