using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class ObserverTests : IAsyncLifetime, IFeishuCallObserver
{
    private readonly ConcurrentQueue<FeishuRequestRecord> _seen = new();
    private StubPlatform _platform = null!;
    private bool _broken;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    void IFeishuCallObserver.OnRequest(in FeishuRequestRecord request)
    {
        _seen.Enqueue(request);
        if (_broken) throw new InvalidOperationException("the books are closed");
    }

    [Fact]
    public async Task Every_request_that_reached_the_platform_is_reported_with_its_end_tries_and_tokens_included()
    {
        _platform.OnCall = (c, n) => n switch
        {
            1 => StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}"""),
            2 => Abort(c),
            3 => StubPlatform.Json(c, 400, """{"code":99991663,"msg":"Invalid access token"}"""),
            4 => StubPlatform.Json(c, 200, """{"code":0}"""),
            _ => StubPlatform.Json(c, 200, """{"code":1254000,"msg":"bad"}"""),
        };
        FeishuClient client = Client();
        await client.SendAsync(Endpoints.CreateThing("uuid"), cancellationToken: Cancel);
        await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(Endpoints.CreateThing("uuid-2"), cancellationToken: Cancel));

        Assert.Equal(
            [
                ("auth.v3.tenant_access_token.internal", FeishuRequestOutcome.Done, 0, 200, true),
                ("test.v1.thing.create", FeishuRequestOutcome.Refused, 99991400, 429, false),
                ("test.v1.thing.create", FeishuRequestOutcome.Unanswered, 0, 0, false),
                ("test.v1.thing.create", FeishuRequestOutcome.Refused, 99991663, 400, false),
                ("auth.v3.tenant_access_token.internal", FeishuRequestOutcome.Done, 0, 200, true),
                ("test.v1.thing.create", FeishuRequestOutcome.Done, 0, 200, false),
                ("test.v1.thing.create", FeishuRequestOutcome.Refused, 1254000, 200, false),
            ],
            _seen.Select(r => (r.Endpoint, r.Outcome, r.Code, r.HttpStatus, r.FetchesToken)));
        Assert.All(_seen, r => Assert.Equal(("cli_a1", ""), (r.AppId, r.Tenant)));
    }

    [Fact]
    public async Task A_request_that_never_reached_the_platform_is_not_reported()
    {
        FeishuClient client = Client(o => o.BaseUrl = new Uri("http://127.0.0.1:1"));
        await Assert.ThrowsAsync<PlatformNetworkException>(
            () => client.SendAsync(new FeishuRequest(Endpoints.Create with { Tokens = FeishuTokenKinds.None }), cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(new FeishuRequest(Endpoints.Get), cancellationToken: Cancel));
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task A_call_that_its_caller_left_while_it_was_on_its_way_is_reported()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _platform.OnCall = async (c, _) =>
        {
            await leave.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c.RequestAborted);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client().SendAsync(Endpoints.CreateThing(), cancellationToken: leave.Token));
        Assert.Equal(FeishuRequestOutcome.Unanswered, Assert.Single(_seen, r => !r.FetchesToken).Outcome);
    }

    [Fact]
    public async Task An_observer_that_fails_changes_nothing_for_the_call()
    {
        _broken = true;
        await Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel);
        Assert.Equal(2, _seen.Count);
    }

    private FeishuClient Client(Action<FeishuOptions>? change = null) => new(_platform.Options(change), random: new NoJitter(), observer: this);

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
