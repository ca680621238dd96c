using System.Collections.Concurrent;
using Larkspur.Testing;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Feishu.Tests.Calls;

/// <summary>Permits that others give or take, and what refusals teach.</summary>
public sealed class PacingTests : IAsyncLifetime
{
    private const string Good = """{"code":0,"data":{}}""";

    private static readonly FeishuEndpoint Limited = Endpoints.Create with { PerSecond = 50 };

    private readonly ManualTimeProvider _clock = new();
    private readonly RecordingRateLimiter _rateLimiter = new();
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_given_rate_limiter_gives_the_permits_under_keys_that_name_endpoint_app_and_tenant()
    {
        await Client().SendAsync(new FeishuRequest(Limited), cancellationToken: Cancel);
        Assert.Contains(("feishu cli_a1 test.v1.thing.create", new RateLimit(50, null)), _rateLimiter.Permits);

        FeishuClient store = Client(o => o.Kind = FeishuAppKind.Store);
        string[] keys = [.. new[] { null, "t1", "t2" }.Select(tenant => store.BudgetOf(Limited, tenant).Key)];
        Assert.Equal(["feishu cli_a1 test.v1.thing.create", "feishu cli_a1 test.v1.thing.create t1", "feishu cli_a1 test.v1.thing.create t2"], keys);
        Assert.NotEqual(keys[0], Client(o => o.AppId = "cli_b2").BudgetOf(Limited).Key);
        Assert.Equal(keys[0], Client().BudgetOf(Limited, "self-built apps live in one tenant").Key);
    }

    [Fact]
    public async Task A_permit_that_the_caller_took_is_not_taken_again_but_every_further_try_takes_one()
    {
        Answer(1, 429, """{"code":99991400,"msg":"slow"}""");
        FeishuClient client = Client();
        await client.SendAsync(new FeishuRequest(Limited), new() { PermitAcquired = true }, Cancel);

        Assert.Equal(2, _platform.Calls.Count());
        Assert.Single(_rateLimiter.Permits, t => t.Key == client.BudgetOf(Limited).Key);
        Assert.Single(_rateLimiter.Pauses);
    }

    [Fact]
    public async Task A_lower_ceiling_that_a_refusal_announces_is_the_pace_from_then_on()
    {
        Answer(1, 429, """{"code":99991400,"msg":"slow"}""", limit: "20", reset: "1");
        FeishuClient client = Client();
        await client.SendAsync(new FeishuRequest(Limited), cancellationToken: Cancel);

        Assert.Equal([50, 20], _rateLimiter.Permits.Where(t => t.Key == client.BudgetOf(Limited).Key).Select(t => t.Limit.PerSecond!.Value));
        Assert.Equal(new(20, null), client.BudgetOf(Limited).Limit);
        _clock.Advance(LearnedRates.Patience);
        Assert.Equal(new(50, null), client.BudgetOf(Limited).Limit);
    }

    [Theory]
    [InlineData(400, """{"code":99991400,"msg":"slow"}""")]
    [InlineData(429, "<html>too many requests</html>")]
    [InlineData(429, """{"code":777,"msg":"unheard of"}""")]
    [InlineData(200, """{"code":11232,"msg":"overloaded"}""")]
    public async Task An_endpoints_limit_slows_the_endpoint(int status, string body)
    {
        Answer(1, status, body);
        FeishuClient client = Client(o => o.MaxAttempts = 1);
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(new FeishuRequest(Limited), cancellationToken: Cancel));
        Assert.Equal(RateLimitScope.Endpoint, refused.LimitScope);
        Assert.Equal(35, client.BudgetOf(Limited).Limit.PerSecond);
        Assert.Equal(client.BudgetOf(Limited).Key, Assert.Single(_rateLimiter.Pauses).Key);
    }

    [Theory]
    [InlineData(400, 230020)]
    [InlineData(429, 230020)]
    [InlineData(200, 1254290)]
    [InlineData(200, 1254291)]
    [InlineData(400, 232019)]
    public async Task A_targets_limit_is_told_and_slows_nothing_else(int status, int code)
    {
        Answer(1, status, $$"""{"code":{{code}},"msg":"slow"}""", limit: "5", reset: "1");
        FeishuClient client = Client(o => o.MaxAttempts = 1);
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(new FeishuRequest(Limited), cancellationToken: Cancel));
        Assert.Equal(RateLimitScope.Target, refused.LimitScope);
        Assert.Equal(new(50, null), client.BudgetOf(Limited).Limit);
        Assert.Empty(_rateLimiter.Pauses);
    }

    [Fact]
    public async Task Other_refusals_are_no_limits()
    {
        Answer(1, 400, """{"code":99992402,"msg":"bad"}""");
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => Client().SendAsync(new FeishuRequest(Limited), cancellationToken: Cancel));
        Assert.Equal(RateLimitScope.None, refused.LimitScope);

        Answer(_platform.Calls.Count() + 1, 429, """{"code":99991403,"msg":"This month's API call quota has been exceeded"}""");
        var quota = await Assert.ThrowsAsync<FeishuQuotaExceededException>(() => Client().SendAsync(new FeishuRequest(Limited), cancellationToken: Cancel));
        Assert.Equal((RateLimitScope.None, true), (quota.LimitScope, quota.NothingHappened));
        Assert.Empty(_rateLimiter.Pauses);
    }

    [Theory]
    [InlineData(0.5, 25)]
    [InlineData(2, 100)]
    [InlineData(100, 5000)]
    public void The_rate_factor_stands_for_every_endpoint(double factor, int perSecond)
        => Assert.Equal(new(perSecond, null), Client(o => o.RateFactor = factor).BudgetOf(Limited).Limit);

    [Theory]
    [InlineData(0)]
    [InlineData(0.009)]
    [InlineData(101)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_rate_factor_out_of_bounds_is_refused(double factor)
        => Assert.Contains("RateFactor", Assert.Throws<ArgumentException>(() => Client(o => o.RateFactor = factor)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tenants_minute_may_differ_from_its_second()
    {
        var endpoint = Limited with { PerMinute = 1000 };
        Assert.Equal(new(50, 3000), Client(o => o.MinuteRateFactor = 3).BudgetOf(endpoint).Limit);
        Assert.Equal(new(25, 1000), Client(o => (o.RateFactor, o.MinuteRateFactor) = (0.5, 1)).BudgetOf(endpoint).Limit);
        Assert.Equal(new(50, null), Client(o => o.MinuteRateFactor = 3).BudgetOf(Limited).Limit);
        Assert.Contains("MinuteRateFactor", Assert.Throws<ArgumentException>(() => Client(o => o.MinuteRateFactor = 0)).Message, StringComparison.Ordinal);
    }

    private FeishuClient Client(Action<FeishuOptions>? change = null)
        => new(_platform.Options(change), clock: _clock, random: new NoJitter(), rateLimiter: _rateLimiter);

    /// <summary>Answers one call so, all others well.</summary>
    private void Answer(int call, int status, string body, string? limit = null, string? reset = null) => _platform.OnCall = (context, n) =>
    {
        if (n != call) return StubPlatform.Json(context, 200, Good);
        if (limit is not null) context.Response.Headers["x-ogw-ratelimit-limit"] = limit;
        if (reset is not null) context.Response.Headers["x-ogw-ratelimit-reset"] = reset;
        return StubPlatform.Json(context, status, body);
    };
}
