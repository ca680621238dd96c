using System.Diagnostics.Metrics;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Core;

public sealed class TokenCacheTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TokenCache _cache;
    private int _fetches;
    private Func<int, CancellationToken, Task<AccessToken>> _fetch;

    public TokenCacheTests()
    {
        _cache = new TokenCache(_clock);
        _fetch = (n, _) => Task.FromResult(Token(n));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_callers_at_once_cost_one_fetch()
    {
        var gate = new TaskCompletionSource();
        _fetch = async (n, _) =>
        {
            await gate.Task;
            return Token(n);
        };
        Task<AccessToken>[] callers = [.. Enumerable.Range(0, 100).Select(_ => Task.Run(() => Get("a"), Cancel))];
        await Task.Yield();
        gate.SetResult();

        Assert.All(await Task.WhenAll(callers), t => Assert.Equal("token-1", t.Value));
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Keys_are_apart()
    {
        await Get("a");
        await Get("b");
        Assert.Equal(2, _fetches);
    }

    [Fact]
    public async Task A_good_token_is_read_without_a_fetch_until_the_last_30_minutes()
    {
        await Get("a");
        _clock.Advance(TimeSpan.FromMinutes(89.9));
        Assert.Equal("token-1", (await Get("a")).Value);
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task In_the_last_30_minutes_one_fetch_runs_behind_while_the_old_token_serves()
    {
        await Get("a");
        _clock.Advance(TimeSpan.FromMinutes(91));
        var gate = new TaskCompletionSource();
        var fetched = new TaskCompletionSource();
        _fetch = async (n, _) =>
        {
            fetched.SetResult();
            await gate.Task;
            return Token(n);
        };

        for (int i = 0; i < 20; i++) Assert.Equal("token-1", (await Get("a")).Value);
        await fetched.Task.WaitAsync(Cancel);
        Assert.Equal(2, _fetches);

        gate.SetResult();
        while ((await Get("a")).Value != "token-2") await Task.Yield();
        Assert.Equal(2, _fetches);
    }

    [Fact]
    public async Task A_failing_fetch_behind_leaves_the_old_token_and_pauses()
    {
        var year = TimeSpan.FromDays(365);
        var cache = new TokenCache(_clock) { RefreshWindow = year / 2 };
        _fetch = (n, _) => Task.FromResult(new AccessToken($"token-{n}", _clock.GetUtcNow() + year));
        await Get("a", cache: cache);
        _clock.Advance(year / 2 + TimeSpan.FromMinutes(1));
        _fetch = (_, _) => Task.FromException<AccessToken>(new InvalidOperationException("down"));
        await Get("a", cache: cache);
        while (Volatile.Read(ref _fetches) < 2) await Task.Yield();
        for (int i = 0; i < 20; i++) Assert.Equal("token-1", (await Get("a", cache: cache)).Value);
        Assert.Equal(2, _fetches);

        // The pause begins when the fetch behind has ended, which a busy machine may put off; the token outlives any number of looks.
        while (Volatile.Read(ref _fetches) < 3)
        {
            Cancel.ThrowIfCancellationRequested();
            _clock.Advance(cache.FailurePause + TimeSpan.FromSeconds(1));
            await Get("a", cache: cache);
            await Task.Yield();
        }    }

    [Fact]
    public async Task A_token_at_its_end_is_not_handed_out()
    {
        await Get("a");
        _clock.Advance(TimeSpan.FromMinutes(119.9));
        Assert.Equal("token-2", (await Get("a")).Value);
    }

    [Fact]
    public async Task A_failed_fetch_is_told_to_its_waiters_and_not_cached()
    {
        _fetch = (n, _) => n == 1 ? Task.FromException<AccessToken>(new InvalidOperationException("down")) : Task.FromResult(Token(n));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Get("a"));
        Assert.Equal("token-2", (await Get("a")).Value);
    }

    [Fact]
    public async Task One_caller_s_cancellation_is_nobody_else_s()
    {
        var gate = new TaskCompletionSource();
        _fetch = async (n, cancellation) =>
        {
            await gate.Task.WaitAsync(cancellation);
            return Token(n);
        };
        using var cancel = new CancellationTokenSource();
        Task<AccessToken> first = Get("a", cancel.Token);
        Task<AccessToken> second = Get("a");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        gate.SetResult();
        Assert.Equal("token-1", (await second).Value);
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Invalidating_forgets_the_refused_token_and_spares_a_newer_one()
    {
        await Get("a");
        _cache.Invalidate("a", "another");
        Assert.Equal("token-1", (await Get("a")).Value);
        _cache.Invalidate("a", "token-1");
        Assert.Equal("token-2", (await Get("a")).Value);
        _cache.Invalidate("a", "token-1");
        Assert.Equal("token-2", (await Get("a")).Value);
        Assert.Equal(2, _fetches);
    }

    [Fact]
    public async Task A_token_that_lives_shorter_than_the_window_is_not_fetched_on_every_read()
    {
        _fetch = (n, _) => Task.FromResult(new AccessToken($"token-{n}", _clock.GetUtcNow().AddMinutes(10)));
        for (int i = 0; i < 20; i++) await Get("a");
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task A_fetch_that_hangs_ends_at_its_own_time_out()
    {
        _fetch = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellation);
            throw new InvalidOperationException();
        };
        Task<AccessToken> waiting = Get("a");
        while (_clock.PendingTimers < 1) await Task.Yield();
        _clock.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_warm_read_allocates_nothing()
    {
        await Get("a");
        await ReadAsync(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        await ReadAsync(1000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);

        async Task ReadAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await _cache.GetAsync("a", 0, static (_, _) => Task.FromException<AccessToken>(new InvalidOperationException()), CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Hits_and_misses_are_counted_by_kind_and_never_by_tenant()
    {
        int thread = -1, hits = 0, misses = 0;
        var kinds = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "larkspur.tokens.reads") l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId != thread) return;
            kinds.Add((string)tags[1].Value!);
            if ((string)tags[0].Value! == "hit") hits += (int)value;
            else misses += (int)value;
        });
        listener.Start();

        await Get("app");
        thread = Environment.CurrentManagedThreadId;
        _ = Get("tenant:2ed263bf32cf1651");
        _ = Get("app");
        _ = Get("app");
        Assert.Equal((2, 1), (hits, misses));
        Assert.Equal(["tenant", "app", "app"], kinds);
    }

    private AccessToken Token(int n) => new($"token-{n}", _clock.GetUtcNow().AddHours(2));

    private Task<AccessToken> Get(string key, CancellationToken? cancel = null, TokenCache? cache = null)
        => (cache ?? _cache).GetAsync(key, this, static (self, ct) => self._fetch(Interlocked.Increment(ref self._fetches), ct), cancel ?? Cancel).AsTask();
}
