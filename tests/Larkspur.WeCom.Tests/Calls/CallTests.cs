using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Larkspur.WeCom.Tests.Calls;

/// <summary>What is judged to be an error, what is tried again, and what never is.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private const string Good = """{"errcode":0,"errmsg":"ok"}""";

    private static readonly WeComEndpoint Write = WeComEndpoint.Write("thing.do", "/cgi-bin/thing/do");
    private static readonly WeComEndpoint Read = WeComEndpoint.Read("thing.list", "/cgi-bin/thing/do");

    private StubWeCom _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubWeCom.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData(45033, FailureKind.RateLimited)]
    [InlineData(6000, FailureKind.Conflict)]
    public async Task A_refusal_without_effect_is_retried_even_for_a_write(int code, FailureKind kind)
    {
        FailFirst(1, c => StubWeCom.Json(c, 200, $$"""{"errcode":{{code}},"errmsg":"later"}"""));
        await Send(Write);
        Assert.Equal(2, _platform.Calls.Count());
        Assert.True(kind is FailureKind.RateLimited or FailureKind.Conflict);
    }

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 2)]
    [InlineData(true, false, 2)]
    public async Task Busy_is_retried_only_where_a_repetition_does_no_harm(bool reads, bool idempotent, int calls)
    {
        FailFirst(1, c => StubWeCom.Json(c, 200, """{"errcode":-1,"errmsg":"system busy"}"""));
        Task sending = _platform.Client().SendAsync(new WeComRequest(reads ? Read : Write) { IsIdempotent = idempotent }, cancellationToken: Cancel);
        if (calls == 2) await sending;
        else Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<WeComApiException>(() => sending)).FailureKind);
        Assert.Equal(calls, _platform.Calls.Count());
    }

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 2)]
    [InlineData(true, false, 2)]
    public async Task A_lost_answer_is_retried_only_where_a_repetition_does_no_harm(bool reads, bool idempotent, int calls)
    {
        FailFirst(1, c =>
        {
            c.Abort();
            return Task.CompletedTask;
        });
        Task sending = _platform.Client().SendAsync(new WeComRequest(reads ? Read : Write) { IsIdempotent = idempotent }, cancellationToken: Cancel);
        if (calls == 2) await sending;
        else Assert.True((await Assert.ThrowsAsync<PlatformNetworkException>(() => sending)).EffectUnknown);
        Assert.Equal(calls, _platform.Calls.Count());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(200)]
    [InlineData(404)]
    public async Task A_page_instead_of_JSON_is_an_error_that_says_so(int status)
    {
        FailFirst(9, c => StubWeCom.Html(c, status));
        WeComApiException refused = await Assert.ThrowsAsync<WeComApiException>(() => Send(Write));
        Assert.Equal(0, refused.Code);
        Assert.Equal(status, refused.HttpStatus);
        Assert.Equal(status >= 500 ? FailureKind.Transient : FailureKind.Unknown, refused.FailureKind);
        Assert.Contains("not the platform's JSON", refused.Message, StringComparison.Ordinal);
        Assert.Single(_platform.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"errcode\":0")]
    [InlineData("{\"errmsg\":\"ok\"}")]
    [InlineData("{\"errcode\":0,\"errmsg\":\"ok\"} trailing")]
    public async Task What_is_no_envelope_is_no_success(string body)
    {
        FailFirst(9, c => StubWeCom.Json(c, 200, body));
        await Assert.ThrowsAsync<WeComApiException>(() => Send(Write));
        Assert.Single(_platform.Calls);
    }

    [Fact]
    public async Task HTTP_500_with_a_code_of_zero_is_no_success()
    {
        FailFirst(9, c => StubWeCom.Json(c, 500, Good));
        await Assert.ThrowsAsync<WeComApiException>(() => Send(Write));
    }

    [Fact]
    public async Task Too_frequent_names_the_minute_and_closes_the_endpoint_for_everybody()
    {
        var rateLimiter = new RecordingRateLimiter();
        FailFirst(1, c => StubWeCom.Json(c, 200, """{"errcode":45009,"errmsg":"api freq out of limit"}"""));
        WeComClient client = _platform.Client(rateLimiter: rateLimiter);
        WeComApiException refused = await Assert.ThrowsAsync<WeComApiException>(() => client.SendAsync(new WeComRequest(Write), cancellationToken: Cancel));
        Assert.Equal(FailureKind.RateLimited, refused.FailureKind);
        Assert.Equal(RateLimitScope.Endpoint, refused.LimitScope);
        Assert.Equal(TimeSpan.FromMinutes(1), refused.RetryAfter);
        Assert.Equal(($"wecom:{StubWeCom.CorpId}:thing.do", TimeSpan.FromMinutes(1)), Assert.Single(rateLimiter.Pauses));
        Assert.Equal(new RateLimit(null, 10_000), rateLimiter.Permits.Single(t => t.Key.EndsWith(":thing.do", StringComparison.Ordinal)).Limit);
        Assert.Single(_platform.Calls);
    }

    [Theory]
    [InlineData(40091, FailureKind.Authentication)]
    [InlineData(41001, FailureKind.Authentication)]
    [InlineData(48002, FailureKind.Permission)]
    [InlineData(60020, FailureKind.Permission)]
    [InlineData(301002, FailureKind.Permission)]
    [InlineData(43012, FailureKind.Permission)]
    [InlineData(60111, FailureKind.NotFound)]
    [InlineData(81013, FailureKind.Invalid)]
    [InlineData(82001, FailureKind.Invalid)]
    [InlineData(42031, FailureKind.Invalid)]
    [InlineData(42051, FailureKind.Invalid)]
    [InlineData(40007, FailureKind.NotFound)]
    [InlineData(60140, FailureKind.Invalid)]
    [InlineData(93000, FailureKind.NotFound)]
    [InlineData(95001, FailureKind.Invalid)]
    [InlineData(123456, FailureKind.Unknown)]
    public async Task Codes_have_their_kinds_and_are_not_retried(int code, FailureKind kind)
    {
        FailFirst(9, c => StubWeCom.Json(c, 200, $$"""{"errcode":{{code}},"errmsg":"no, hint: [1], from ip: 1.2.3.4"}"""));
        WeComApiException refused = await Assert.ThrowsAsync<WeComApiException>(() => Send(Write));
        Assert.Equal((code, kind, "wecom", "thing.do"), (refused.Code, refused.FailureKind, refused.Platform, refused.Endpoint));
        Assert.Single(_platform.Calls);
    }

    [Fact]
    public async Task A_call_that_waits_longer_than_its_time_says_so()
    {
        FailFirst(1, async c => await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        PlatformNetworkException lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => _platform.Client()
            .SendAsync(new WeComRequest(Write), new WeComCallOptions { Timeout = TimeSpan.FromSeconds(2) }, Cancel));
        Assert.True(lost.TimedOut);
    }

    [Fact]
    public async Task An_answer_of_another_shape_is_an_error()
    {
        FailFirst(9, c => StubWeCom.Json(c, 200, """{"errcode":0,"errmsg":"ok","count":"many"}"""));
        WeComApiException wrong = await Assert.ThrowsAsync<WeComApiException>(() => _platform.Client().SendAsync<Counted>(new WeComRequest(Read), cancellationToken: Cancel));
        Assert.Contains("does not have the shape", wrong.Message, StringComparison.Ordinal);
    }

    private Task Send(WeComEndpoint endpoint) => _platform.Client().SendAsync(new WeComRequest(endpoint), cancellationToken: Cancel);

    private void FailFirst(int times, Func<HttpContext, Task> fail)
    {
        int calls = 0;
        _platform.On("POST", "/cgi-bin/thing/do", c => Interlocked.Increment(ref calls) <= times ? fail(c.Http) : StubWeCom.Json(c.Http, 200, Good));
    }

    private sealed record Counted(int Count);
}
