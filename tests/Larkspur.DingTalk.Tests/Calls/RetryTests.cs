namespace Larkspur.DingTalk.Tests.Calls;

public sealed class RetryTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Theory]
    [InlineData(DingTalkForm.Old, 200, """{"errcode":90002,"errmsg":"slow"}""")]
    [InlineData(DingTalkForm.New, 403, """{"code":"Forbidden.AccessDenied.QpsLimitForApi","message":"slow"}""")]
    public async Task Too_fast_is_repeated_even_for_a_write(DingTalkForm form, int status, string refusal)
    {
        FailFirst(1, status, refusal);
        await _stub.Client().SendAsync(Endpoints.Call(form), cancellationToken: Cancel);
        Assert.Equal(2, _stub.Calls.Count());
    }

    [Theory]
    [InlineData(DingTalkForm.Old, 200, """{"errcode":90018,"errmsg":"slow"}""")]
    [InlineData(DingTalkForm.New, 403, """{"code":"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi","message":"slow"}""")]
    public async Task The_app_s_limit_of_an_api_holds_up_everybody_who_calls_it_for_a_second(DingTalkForm form, int status, string refusal)
    {
        var clock = new ManualTimeProvider();
        FailFirst(1, status, refusal);
        DingTalkClient client = _stub.Client(clock: clock);
        Task first = client.SendAsync(Endpoints.Call(form), cancellationToken: Cancel);
        await Wait.Until(() => _stub.Calls.Count() == 1 && clock.PendingTimers >= 2);
        Task second = client.SendAsync(Endpoints.Call(form), cancellationToken: Cancel);
        clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Single(_stub.Calls);
        clock.Advance(TimeSpan.FromSeconds(0.3));
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(3, _stub.Calls.Count());
    }

    [Theory]
    [InlineData(DingTalkForm.Old, 200, """{"errcode":90020,"errmsg":"month"}""")]
    [InlineData(DingTalkForm.New, 403, """{"code":"Forbidden.AccessDenied.ApiCountLimitForOrg","message":"month"}""")]
    public async Task A_month_that_is_used_up_is_not_asked_again(DingTalkForm form, int status, string refusal)
    {
        FailFirst(9, status, refusal);
        var refused = await Assert.ThrowsAsync<DingTalkQuotaExceededException>(() => _stub.Client().SendAsync(Endpoints.Read(form), cancellationToken: Cancel));
        Assert.False(refused.IsTransient);
        Assert.Single(_stub.Calls);
    }

    [Theory]
    [InlineData("""{"errcode":-1,"errmsg":"系统繁忙"}""")]
    [InlineData("""{"errcode":15,"errmsg":"Remote service error","sub_code":"isp.top-remote-connection-timeout"}""")]
    public async Task A_busy_platform_is_asked_three_times_and_a_write_once(string refusal)
    {
        FailFirst(9, 200, refusal);
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Read(DingTalkForm.Old), cancellationToken: Cancel));
        Assert.Equal(3, _stub.Calls.Count());
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.Old), cancellationToken: Cancel));
        Assert.Equal((4, FailureKind.Transient, false), (_stub.Calls.Count(), refused.FailureKind, refused.NothingHappened));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("key-1", 2)]
    public async Task A_lost_answer_is_asked_for_again_only_under_the_platform_s_own_key(string? key, int calls)
    {
        _stub.OnCall = (c, _, n) =>
        {
            if (n > 1) return DingTalkStub.Json(c, 200, "{}");
            c.Abort();
            return Task.CompletedTask;
        };
        Task sending = _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.New, key), cancellationToken: Cancel);
        if (calls == 2) await sending;
        else Assert.True((await Assert.ThrowsAsync<PlatformNetworkException>(() => sending)).EffectUnknown);
        Assert.Equal(calls, _stub.Calls.Count());
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("key-1", 2)]
    public async Task A_gateway_time_out_may_have_worked(string? key, int calls)
    {
        FailFirst(1, 504, """{"code":"Gateway.Timeout","message":"late"}""");
        Task sending = _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.New, key), cancellationToken: Cancel);
        if (calls == 2) await sending;
        else await Assert.ThrowsAsync<DingTalkApiException>(() => sending);
        Assert.Equal(calls, _stub.Calls.Count());
    }

    [Fact]
    public async Task Calls_of_an_api_start_at_twenty_a_second()
    {
        var clock = new ManualTimeProvider();
        DingTalkClient client = _stub.Client(clock: clock);
        Task[] sending = [.. Enumerable.Range(0, 21).Select(_ => client.SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel))];
        await Wait.Until(() => sending.Count(s => s.IsCompletedSuccessfully) == 20);
        Assert.Equal(20, _stub.Calls.Count());
        clock.Advance(TimeSpan.FromSeconds(1.1));
        await Task.WhenAll(sending).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private void FailFirst(int times, int status, string refusal)
        => _stub.OnCall = (c, r, n) => n <= times ? DingTalkStub.Json(c, status, refusal) : DingTalkStub.Json(c, 200, """{"errcode":0}""");
}
