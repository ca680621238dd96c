using System.Diagnostics;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class TokenUseTests : IAsyncLifetime
{
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_token_refused_on_an_upload_that_cannot_be_repeated_is_not_used_again()
    {
        _platform.OnCall = (c, n) => StubPlatform.Json(c, n == 1 ? 400 : 200, n == 1 ? """{"code":99991663,"msg":"Invalid access token"}""" : """{"code":0}""");
        FeishuClient client = _platform.Client();
        await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(Upload(), cancellationToken: Cancel));
        await client.SendAsync(Upload(), cancellationToken: Cancel);
        Assert.Equal(["t-1", "t-2"], _platform.Calls.Select(c => c.Bearer));
    }

    [Fact]
    public async Task Turns_are_counted_from_when_calls_leave_and_not_from_before_they_had_a_token()
    {
        var clock = new ManualTimeProvider();
        var release = new TaskCompletionSource();
        _platform.OnToken = async (c, _) =>
        {
            await release.Task;
            await StubPlatform.AnswerTokenAsync(c, 1);
        };
        FeishuClient client = _platform.Client(clock: clock);
        FeishuEndpoint limited = Endpoints.Create with { PerSecond = 2 };
        Task[] sending = [.. Enumerable.Range(0, 4).Select(_ => client.SendAsync(new FeishuRequest(limited), cancellationToken: Cancel))];
        await Until(() => _platform.TokenCalls.Any());
        clock.Advance(TimeSpan.FromSeconds(0.9));
        release.SetResult();
        await Until(() => _platform.Calls.Count() == 2 && clock.PendingTimers >= 3);

        clock.Advance(TimeSpan.FromSeconds(0.3));
        await Until(() => sending.Count(s => s.IsCompleted) >= 2);
        // Calls of another endpoint go and come back: whatever was free to leave before them has arrived.
        for (int i = 0; i < 20; i++) await client.SendAsync(Endpoints.GetThing(), cancellationToken: Cancel);
        Assert.Equal(2, _platform.Calls.Count(c => c.Method == "POST"));

        clock.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(sending).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    [Fact]
    public async Task A_token_that_does_not_come_is_a_time_out_and_not_the_caller_s_cancellation()
    {
        var clock = new ManualTimeProvider();
        var store = new StuckTickets();
        var client = new FeishuClient(_platform.Options(o => o.Kind = FeishuAppKind.Store), clock: clock, tickets: store);
        Task sending = client.SendAsync(Endpoints.GetThing(), new() { TenantKey = "one", Timeout = TimeSpan.FromMinutes(5) }, Cancel);
        await store.Asked.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        clock.Advance(TimeSpan.FromSeconds(40));

        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => sending.WaitAsync(TimeSpan.FromSeconds(60), Cancel));
        Assert.True(lost.TimedOut);
        Assert.False(lost.EffectUnknown);
    }

    private static FeishuRequest Upload()
        => new(Endpoints.Create) { Body = new FeishuForm().With("file", new FeishuFile(new OneWayStream("bytes"u8.ToArray()), "a.txt")) };

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

    private sealed class StuckTickets : IAppTicketStore
    {
        public TaskCompletionSource Asked { get; } = new();

        public async ValueTask<string?> GetAsync(string appId, CancellationToken cancellationToken = default)
        {
            Asked.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return null;
        }

        public ValueTask SetAsync(string appId, string ticket, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
