namespace Larkspur.Feishu.Tests.Calls;

public sealed class CallTraceTests : IAsyncLifetime
{
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_call_that_works_leaves_its_log_id_and_its_tries()
    {
        _platform.OnCall = (c, n) =>
        {
            c.Response.Headers["X-Tt-Logid"] = $"log-{n}";
            return n == 1 ? StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}""") : StubPlatform.Json(c, 200, """{"code":0,"data":{}}""");
        };
        var trace = new FeishuCallTrace();
        await _platform.Client().SendAsync(Endpoints.CreateThing(), new() { Trace = trace }, Cancel);
        Assert.Equal(("log-2", 2, 200), (trace.LogId, trace.Attempts, trace.HttpStatus));
    }

    [Fact]
    public async Task A_refused_call_leaves_the_id_of_its_body_and_a_used_trace_starts_anew()
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 400, """{"code":99992402,"msg":"bad","error":{"log_id":"in-body"}}""");
        var trace = new FeishuCallTrace();
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), new() { Trace = trace }, Cancel));
            Assert.Equal(("in-body", 1, 400), (trace.LogId, trace.Attempts, trace.HttpStatus));
        }
    }

    [Fact]
    public async Task Without_an_answer_the_trace_names_none_but_counts_the_try()
    {
        _platform.OnCall = (c, _) =>
        {
            c.Abort();
            return Task.CompletedTask;
        };
        var trace = new FeishuCallTrace();
        await Assert.ThrowsAsync<PlatformNetworkException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), new() { Trace = trace }, Cancel));
        Assert.Equal((null, 1, 0), (trace.LogId, trace.Attempts, trace.HttpStatus));
    }
}
