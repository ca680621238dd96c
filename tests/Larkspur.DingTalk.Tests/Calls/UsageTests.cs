using System.Collections.Concurrent;

namespace Larkspur.DingTalk.Tests.Calls;

public sealed class UsageTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Calls_that_the_platform_counts_are_counted_and_told()
    {
        var told = new Told();
        DingTalkClient client = _stub.Client(observer: told);
        await client.SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel);
        await client.SendAsync(new DingTalkRequest(Endpoints.Old with { IsCounted = false }), cancellationToken: Cancel);
        _stub.Answers("""{"code":"too.many.people","message":"refused"}""", 400);
        await Assert.ThrowsAsync<DingTalkApiException>(() => client.SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel));
        _stub.Answers("""{"code":"Forbidden.AccessDenied.QpsLimitForApi","message":"slow"}""", 403);
        await Assert.ThrowsAsync<DingTalkApiException>(() => client.SendAsync(Endpoints.Call(DingTalkForm.New), new() { MaxAttempts = 1 }, Cancel));
        Assert.Equal(2, client.Usage[DingTalkUseKind.Call]);
        Assert.Equal([1, 2], told.Uses.Select(u => u.Count));
        Assert.All(told.Uses, u => Assert.Equal((DingTalkStub.ClientId, DingTalkUseKind.Call, "test.new", 5000), (u.ClientId, u.Kind, u.What, u.Allowed)));
    }

    [Fact]
    public async Task A_call_that_never_left_is_not_counted()
    {
        DingTalkClient client = _stub.Client(o => o.BaseUrl = new Uri("http://127.0.0.1:1"));
        await Assert.ThrowsAsync<PlatformNetworkException>(
            () => client.SendAsync(new DingTalkRequest(Endpoints.New with { Token = DingTalkTokenKind.None }), new() { MaxAttempts = 1 }, Cancel));
        Assert.Equal(0, client.Usage[DingTalkUseKind.Call]);
    }

    [Fact]
    public async Task The_month_turns_in_china()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 31, 15, 59, 0, TimeSpan.Zero));
        DingTalkClient client = _stub.Client(clock: clock);
        client.Usage.Restore(new DateOnly(2026, 1, 1), DingTalkUseKind.Call, 4000);
        client.Usage.Restore(new DateOnly(2025, 12, 1), DingTalkUseKind.Call, 7);
        await client.SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel);
        Assert.Equal(4001, client.Usage[DingTalkUseKind.Call]);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, client.Usage[DingTalkUseKind.Call]);
        Assert.Equal(new DateOnly(2026, 2, 1), client.Usage.Month);
    }

    [Fact]
    public async Task An_observer_that_fails_costs_no_call()
    {
        DingTalkClient client = _stub.Client(observer: new Told { Fails = true });
        await client.SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel);
    }
}

/// <summary>Remembers what it was told.</summary>
internal sealed class Told : IDingTalkUsageObserver
{
    public ConcurrentQueue<DingTalkUse> Uses { get; } = new();

    public bool Fails { get; init; }

    public void OnUsed(in DingTalkUse use)
    {
        Uses.Enqueue(use);
        if (Fails) throw new InvalidOperationException("the book is full");
    }
}
