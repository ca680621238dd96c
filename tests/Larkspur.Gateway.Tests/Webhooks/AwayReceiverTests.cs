using System.Text.Json;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>A business system that is away is told as that: the platforms' figures go on, and a test finds out when it is back.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AwayReceiverTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;

    public async ValueTask InitializeAsync() => (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task What_waits_for_it_is_counted_but_ages_no_platforms_messages_and_blanks_no_latency()
    {
        _erp.AnswerWith(503);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), clock: _clock);
        // The bot answers, and the event is forwarded too.
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"));
        await gateway.CountsAtLeastAsync(1, "larkspur_webhook_failures_total");
        await gateway.CountsAtLeastAsync(1, "larkspur_event_effect_seconds_count");

        _clock.Advance(TimeSpan.FromMinutes(6));
        await gateway.UntilAsync(async () => (await gateway.GetRestAsync("/status")).Body.GetProperty("backlog").GetProperty("outbox").GetProperty("open").GetInt64() == 1);
        var status = (await gateway.GetRestAsync("/status")).Body;
        Assert.Equal(JsonValueKind.Null, status.GetProperty("backlog").GetProperty("outbox").GetProperty("oldest_seconds").ValueKind);
        Assert.DoesNotContain("waited too long", status.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_goes_out_although_it_was_away_and_once_it_is_taken_what_waits_flows()
    {
        _erp.AnswerWith(503);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), clock: _clock);
        for (var i = 0; i < 6; i++) await _push.ProbeAsync(gateway, "b" + i, "oc_" + i);
        // After three failures in a row the queue too tries one at a time, with pauses of the clock between.
        await _clock.PassUntilAsync(TimeSpan.FromMilliseconds(500), async () => await CircuitAsync(gateway) == "open");
        var before = _erp.Calls.Count;

        var failed = await TestAsync(gateway);
        Assert.Equal(("failed", "http_503"), (failed.Text("state"), failed.Text("reason")));
        Assert.Equal(before + 1, _erp.Calls.Count);
        Assert.Equal("open", await CircuitAsync(gateway));

        _erp.Answer = null;
        var taken = await TestAsync(gateway);
        Assert.Equal("delivered", taken.Text("state"));
        Assert.Equal("closed", await CircuitAsync(gateway));
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(5), async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") == 7);
    }

    /// <summary>The answer looks for the attempt's end by the clock.</summary>
    private async Task<RestAnswer> TestAsync(GatewayApp gateway)
    {
        var test = gateway.PostRestAsync("/webhooks/erp/test", new { });
        await _clock.PassUntilAsync(TimeSpan.FromMilliseconds(200), () => Task.FromResult(test.IsCompleted));
        return await test;
    }

    private static async Task<string?> CircuitAsync(GatewayApp gateway) => (await gateway.GetRestAsync("/webhooks/erp")).Body.GetProperty("circuit").GetString();
}
