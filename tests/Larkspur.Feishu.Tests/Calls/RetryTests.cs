using System.Diagnostics;
using Larkspur.Testing;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class RetryTests : IAsyncLifetime
{
    private const string Good = """{"code":0,"data":{}}""";

    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData(429, 99991400)]
    [InlineData(400, 99991400)]
    [InlineData(400, 230020)]
    [InlineData(200, 1254290)]
    [InlineData(200, 1254291)]
    [InlineData(200, 1254607)]
    [InlineData(200, 11232)]
    public async Task A_refusal_without_effect_is_retried_even_for_a_write(int status, int code)
    {
        FailFirst(1, c => StubPlatform.Json(c, status, $$"""{"code":{{code}},"msg":"later"}"""));
        await _platform.Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel);
        Assert.Equal(2, _platform.Calls.Count());
    }

    [Theory]
    [InlineData("GET", null, 2)]
    [InlineData("PUT", null, 2)]
    [InlineData("DELETE", null, 2)]
    [InlineData("POST", null, 1)]
    [InlineData("PATCH", null, 1)]
    [InlineData("POST", "uuid-1", 2)]
    [InlineData("PATCH", "uuid-1", 2)]
    public async Task A_server_error_is_retried_only_where_that_is_safe(string method, string? key, int calls)
    {
        FailFirst(1, c => StubPlatform.Json(c, 500, """{"code":2200,"msg":"internal error"}"""));
        var request = new FeishuRequest(Endpoints.Create with { Method = new HttpMethod(method) }) { IdempotencyKey = key };
        Task sending = _platform.Client().SendAsync(request, cancellationToken: Cancel);
        if (calls == 2) await sending;
        else await Assert.ThrowsAsync<FeishuApiException>(() => sending);
        Assert.Equal(calls, _platform.Calls.Count());
    }

    [Theory]
    [InlineData("GET", null, 2)]
    [InlineData("POST", null, 1)]
    [InlineData("POST", "uuid-1", 2)]
    public async Task A_lost_answer_is_retried_only_where_that_is_safe(string method, string? key, int calls)
    {
        FailFirst(1, c =>
        {
            c.Abort();
            return Task.CompletedTask;
        });
        var request = new FeishuRequest(Endpoints.Create with { Method = new HttpMethod(method) }) { IdempotencyKey = key };
        Task sending = _platform.Client().SendAsync(request, cancellationToken: Cancel);
        if (calls == 2) await sending;
        else Assert.True((await Assert.ThrowsAsync<PlatformNetworkException>(() => sending)).EffectUnknown);
        Assert.Equal(calls, _platform.Calls.Count());
    }

    [Fact]
    public async Task A_connection_that_was_never_made_leaves_no_doubt()
    {
        FeishuClient client = _platform.Client(o =>
        {
            o.BaseUrl = new Uri("http://127.0.0.1:1");
            o.MaxAttempts = 2;
        });
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(
            () => client.SendAsync(new FeishuRequest(Endpoints.Create with { Tokens = FeishuTokenKinds.None }), cancellationToken: Cancel));
        Assert.False(lost.EffectUnknown);
        Assert.False(lost.TimedOut);
    }

    [Fact]
    public async Task Tries_end_at_the_limit_with_the_last_error()
    {
        FailFirst(100, c => StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}"""));
        FeishuApiException refused = await Assert.ThrowsAsync<FeishuApiException>(
            () => _platform.Client().SendAsync(Endpoints.GetThing(), new() { MaxAttempts = 3 }, Cancel));
        Assert.Equal(FailureKind.RateLimited, refused.FailureKind);
        Assert.Equal(3, _platform.Calls.Count());
    }

    [Fact]
    public async Task Errors_that_will_not_pass_are_not_retried()
    {
        FailFirst(100, c => StubPlatform.Json(c, 400, """{"code":99992402,"msg":"bad"}"""));
        await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));
        Assert.Single(_platform.Calls);
    }

    [Fact]
    public async Task The_reset_header_is_honoured_by_all_calls_of_the_endpoint()
    {
        var clock = new ManualTimeProvider();
        FailFirst(1, c =>
        {
            c.Response.Headers["x-ogw-ratelimit-reset"] = "7";
            return StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}""");
        });
        FeishuClient client = _platform.Client(clock: clock);
        Task first = client.SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel);
        await Until(() => _platform.Calls.Count() == 1 && clock.PendingTimers >= 2);
        Task second = client.SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel);

        clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(_platform.Calls);
        Assert.False(first.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(0.2));
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal(3, _platform.Calls.Count());
    }

    [Fact]
    public async Task A_reset_beyond_the_deadline_fails_at_once()
    {
        FailFirst(1, c =>
        {
            c.Response.Headers["x-ogw-ratelimit-reset"] = "52";
            return StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}""");
        });
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));
        Assert.Equal(TimeSpan.FromSeconds(52), refused.RetryAfter);
        Assert.Single(_platform.Calls);
    }

    [Fact]
    public async Task A_reset_that_no_limit_can_mean_does_not_close_the_endpoint_for_hours()
    {
        var clock = new ManualTimeProvider();
        FailFirst(1, c =>
        {
            c.Response.Headers["x-ogw-ratelimit-reset"] = "86400";
            return StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}""");
        });
        FeishuClient client = _platform.Client(clock: clock);
        await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));
        clock.Advance(TimeSpan.FromSeconds(61));
        await client.SendAsync(Endpoints.GetThing(), cancellationToken: Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    [Theory]
    [InlineData(230049)]
    [InlineData(18121)]
    [InlineData(1254608)]
    public async Task A_write_that_is_still_being_done_under_its_key_is_asked_for_again(int code)
    {
        FailFirst(1, c => StubPlatform.Json(c, 400, $$"""{"code":{{code}},"msg":"in progress"}"""));
        await _platform.Client().SendAsync(Endpoints.CreateThing("uuid-1"), cancellationToken: Cancel);
        Assert.Equal(2, _platform.Calls.Count());

        FailFirst(3, c => StubPlatform.Json(c, 400, $$"""{"code":{{code}},"msg":"in progress"}"""));
        await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel));
        Assert.Equal(3, _platform.Calls.Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_limit_that_is_none_is_told_as_wrong_use(int perSecond)
    {
        var request = new FeishuRequest(Endpoints.Create with { PerSecond = perSecond, Tokens = FeishuTokenKinds.None });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _platform.Client().SendAsync(request, cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_stream_that_cannot_rewind_is_sent_once_and_one_that_can_is_sent_again_whole()
    {
        FailFirst(1, c => StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}"""));
        await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Upload(new OneWayStream("bytes"u8.ToArray())), cancellationToken: Cancel));
        Assert.Single(_platform.Calls);

        using var stream = new MemoryStream("..bytes"u8.ToArray()) { Position = 2 };
        FailFirst(2, c => StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}"""));
        await _platform.Client().SendAsync(Upload(stream), cancellationToken: Cancel);
        Assert.Equal(3, _platform.Calls.Count());
        Assert.All(_platform.Calls, c => Assert.Contains("\r\n\r\nbytes\r\n", c.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_deadline_is_for_all_tries_together()
    {
        var clock = new ManualTimeProvider();
        _platform.OnCall = (c, _) => Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        Task sending = _platform.Client(clock: clock).SendAsync(Endpoints.CreateThing(), new() { Timeout = TimeSpan.FromSeconds(5) }, Cancel);
        await Until(() => _platform.Calls.Any());
        clock.Advance(TimeSpan.FromSeconds(5));
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => sending);
        Assert.True(lost.TimedOut);
        Assert.True(lost.EffectUnknown);
    }

    [Fact]
    public async Task A_slow_try_gives_way_to_another_within_the_deadline()
    {
        var clock = new ManualTimeProvider();
        _platform.OnCall = (c, n) => n == 1
            ? Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default)
            : StubPlatform.Json(c, 200, Good);
        Task sending = _platform.Client(clock: clock).SendAsync(Endpoints.GetThing(), cancellationToken: Cancel);
        await Until(() => _platform.Calls.Any());
        clock.Advance(TimeSpan.FromSeconds(10));
        await sending.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.Equal(2, _platform.Calls.Count());
    }

    [Fact]
    public async Task Cancellation_is_the_caller_s_and_looks_like_it()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _platform.OnCall = (c, _) => Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        Task sending = _platform.Client().SendAsync(Endpoints.GetThing(), cancellationToken: cancel.Token);
        await Until(() => _platform.Calls.Any());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData(99991663)]
    [InlineData(99991664)]
    [InlineData(99991665)]
    [InlineData(99991671)]
    [InlineData(99991668)]
    [InlineData(99991677)]
    public async Task A_refused_app_token_is_renewed_once(int code)
    {
        FailFirst(1, c => StubPlatform.Json(c, 400, $$"""{"code":{{code}},"msg":"Invalid access token"}"""));
        await _platform.Client(o => o.MaxAttempts = 1).SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel);
        Assert.Equal(["t-1", "t-2"], _platform.Calls.Select(c => c.Bearer));

        FailFirst(100, c => StubPlatform.Json(c, 400, $$"""{"code":{{code}},"msg":"Invalid access token"}"""));
        await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel));
        Assert.Equal(4, _platform.Calls.Count());
    }

    [Fact]
    public async Task The_documented_limit_shapes_the_calls()
    {
        var clock = new ManualTimeProvider();
        FeishuClient client = _platform.Client(clock: clock);
        FeishuEndpoint limited = Endpoints.Create with { PerSecond = 5 };
        Task[] sending = [.. Enumerable.Range(0, 12).Select(_ => client.SendAsync(new FeishuRequest(limited), cancellationToken: Cancel))];

        await Until(() => _platform.Calls.Count() == 5);
        clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(5, _platform.Calls.Count());
        // Five in each of the first two seconds, so the last leave in the third.
        Assert.InRange(await EndsAtAsync(sending, clock), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_share_of_the_documented_limit_shapes_the_calls_to_less()
    {
        var clock = new ManualTimeProvider();
        FeishuClient client = _platform.Client(o => o.RateFactor = 0.4, clock);
        FeishuEndpoint limited = Endpoints.Create with { PerSecond = 5 };
        Task[] sending = [.. Enumerable.Range(0, 4).Select(_ => client.SendAsync(new FeishuRequest(limited), cancellationToken: Cancel))];

        await Until(() => _platform.Calls.Count() == 2);
        clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(2, _platform.Calls.Count());
        Assert.InRange(await EndsAtAsync(sending, clock), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    /// <summary>Moves the clock to when the next call may leave, again and again: on a busy machine a call may be counted, or begin to wait,
    /// only after the clock has been moved.</summary>
    /// <returns>How far the clock has come since the test began.</returns>
    private static async Task<TimeSpan> EndsAtAsync(Task[] sending, ManualTimeProvider clock)
    {
        Task all = Task.WhenAll(sending);
        await Until(() =>
        {
            // Timers further away are the deadlines of calls under way.
            if (clock.NextDue is { } left && left <= TimeSpan.FromSeconds(2)) clock.Advance(left);
            return all.IsCompleted;
        });
        await all;
        return clock.GetUtcNow() - new ManualTimeProvider().GetUtcNow();
    }

    private static FeishuRequest Upload(Stream stream) => new(Endpoints.Create) { Body = new FeishuForm().With("file", new FeishuFile(stream, "a.txt")), IdempotencyKey = "k" };

    private void FailFirst(int count, Func<HttpContext, Task> fail)
    {
        _platform.OnCall = (c, n) => n <= count ? fail(c) : StubPlatform.Json(c, 200, Good);
    }

    /// <summary>Waits for work that runs on real threads; bounded, and without a clock in the verdict.</summary>
    private static async Task Until(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "the awaited state did not come");
            await Task.Yield();
        }
    }

    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
