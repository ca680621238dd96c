using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly string _id = $"test.v1.{Guid.NewGuid():N}.create";
    private readonly ConcurrentQueue<(string Name, string Labels, double Value)> _measured = new();
    private StubPlatform _platform = null!;
    private MeterListener _listener = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await StubPlatform.StartAsync();
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == LarkspurTelemetry.Name && instrument.Name.StartsWith("larkspur.feishu.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return _platform.DisposeAsync();
    }

    [Fact]
    public async Task Calls_are_counted_by_outcome_and_retries_by_reason()
    {
        _platform.OnCall = (c, n) => n switch
        {
            1 => StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow"}"""),
            2 => StubPlatform.Json(c, 400, """{"code":99991663,"msg":"Invalid access token"}"""),
            3 => StubPlatform.Json(c, 200, """{"code":0}"""),
            _ => StubPlatform.Json(c, 400, """{"code":99992402,"msg":"bad"}"""),
        };
        FeishuClient client = _platform.Client();
        await client.SendAsync(Request(), cancellationToken: Cancel);
        await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(Request(), cancellationToken: Cancel));

        Assert.Equal(
            ["retries reason=rate_limited", "retries reason=token", "calls outcome=ok", "calls outcome=invalid"],
            _measured.Select(m => $"{m.Name} {m.Labels}"));
    }

    [Fact]
    public async Task Waiting_for_a_turn_is_measured_in_seconds()
    {
        var clock = new ManualTimeProvider();
        FeishuClient client = _platform.Client(clock: clock);
        var request = new FeishuRequest(Request().Endpoint with { PerSecond = 1 });
        await client.SendAsync(request, cancellationToken: Cancel);
        Task second = client.SendAsync(request, cancellationToken: Cancel);
        clock.Advance(TimeSpan.FromSeconds(1.02));
        await second.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        (string name, string _, double value) = Assert.Single(_measured, m => m.Name != "calls");
        Assert.Equal("rate_limit.wait", name);
        Assert.Equal(1.02, value, 3);
    }

    [Fact]
    public async Task A_call_is_one_activity_with_endpoint_tries_status_and_log_id()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LarkspurTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        _platform.OnCall = (c, n) =>
        {
            c.Response.Headers["X-Tt-Logid"] = $"log-{n}";
            return n == 1 ? StubPlatform.Json(c, 200, """{"code":0}""") : StubPlatform.Json(c, 403, """{"code":230006,"msg":"no bot"}""");
        };
        FeishuClient client = _platform.Client();
        await client.SendAsync(Request(), cancellationToken: Cancel);
        await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(Request(), cancellationToken: Cancel));

        Activity[] mine = [.. ended.Where(a => a.GetTagItem("feishu.endpoint") as string == _id)];
        Assert.Equal(
            [("feishu.call", ActivityStatusCode.Unset, null, "log-1", 1, 200), ("feishu.call", ActivityStatusCode.Error, "permission", "log-2", 1, 403)],
            mine.Select(a => (a.OperationName, a.Status, a.StatusDescription, (string?)a.GetTagItem("feishu.log_id"),
                (int)a.GetTagItem("feishu.attempts")!, (int)a.GetTagItem("http.response.status_code")!)));
        Assert.All(mine, a => Assert.Equal(ActivityKind.Client, a.Kind));
    }

    private FeishuRequest Request() => new(Endpoints.Create with { Id = _id });

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0 || tags[0].Value as string != _id) return;
        _measured.Enqueue((instrument.Name["larkspur.feishu.".Length..], string.Join(' ', tags[1..].ToArray().Select(t => $"{t.Key}={t.Value}")), value));
    }
}
