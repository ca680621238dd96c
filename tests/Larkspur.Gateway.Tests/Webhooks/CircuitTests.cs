using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>A webhook that is away is left alone, and found again.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class CircuitTests
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_opens_after_five_failures_lets_one_find_out_and_closes_with_the_first_success()
    {
        var told = new List<string>();
        var circuit = new WebhookCircuit(TimeSpan.FromSeconds(15), _clock, pause => told.Add("open " + pause), () => told.Add("closed"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(circuit.HoldBack());
            await FailAsync(circuit, "http_503");
        }

        Assert.Equal(CircuitState.Open, circuit.State);
        Assert.Equal(TimeSpan.FromSeconds(30), circuit.HoldBack());
        var late = await Assert.ThrowsAsync<ChannelException>(async () => await circuit.RunAsync(_ => throw new InvalidOperationException("must not run"), TestContext.Current.CancellationToken));
        Assert.True(late.NotTried);

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(circuit.HoldBack());
        Assert.Equal(TimeSpan.FromSeconds(1), circuit.HoldBack());
        await FailAsync(circuit, "timed_out");
        Assert.Equal(TimeSpan.FromMinutes(1), circuit.HoldBack());

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(circuit.HoldBack());
        await circuit.RunAsync(_ => default, TestContext.Current.CancellationToken);
        Assert.Null(circuit.HoldBack());
        Assert.Null(circuit.HoldBack());
        Assert.Equal(CircuitState.Closed, circuit.State);
        Assert.Equal(["open 00:00:30", "open 00:01:00", "closed"], told);
    }

    [Fact]
    public async Task A_test_goes_while_it_is_open_and_closes_it_when_it_is_taken()
    {
        var told = new List<string>();
        var circuit = new WebhookCircuit(TimeSpan.FromSeconds(15), _clock, pause => told.Add("open " + pause), () => told.Add("closed"));
        for (var i = 0; i < 5; i++) await FailAsync(circuit, "http_503");
        await Assert.ThrowsAsync<ChannelException>(async () => await circuit.TestAsync(_ => throw new ChannelException("http_503", "no", transient: true), Cancel));
        Assert.Equal((CircuitState.Open, TimeSpan.FromSeconds(30)), (circuit.State, circuit.HoldBack()));

        await circuit.TestAsync(_ => default, Cancel);
        Assert.Equal(CircuitState.Closed, circuit.State);
        Assert.Null(circuit.HoldBack());
        Assert.Equal(["open 00:00:30", "closed"], told);
    }

    [Fact]
    public async Task One_that_went_to_find_out_and_never_came_back_is_followed_by_another()
    {
        var circuit = new WebhookCircuit(TimeSpan.FromSeconds(15), _clock, _ => { }, () => { });
        for (var i = 0; i < 5; i++) await FailAsync(circuit, "no_connection");
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(circuit.HoldBack());
        _clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Null(circuit.HoldBack());
    }

    [Fact]
    public async Task A_clock_that_is_set_back_lengthens_no_pause()
    {
        var circuit = new WebhookCircuit(TimeSpan.FromSeconds(15), _clock, _ => { }, () => { });
        for (var i = 0; i < 5; i++) await FailAsync(circuit, "no_connection");
        _clock.MoveHands(TimeSpan.FromHours(-1));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(circuit.HoldBack());
        await circuit.RunAsync(_ => default, TestContext.Current.CancellationToken);
        Assert.Equal(CircuitState.Closed, circuit.State);
        circuit.Quiet(TimeSpan.FromSeconds(5));
        _clock.MoveHands(TimeSpan.FromHours(-1));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(circuit.HoldBack());
    }

    [Fact]
    public async Task Refusals_of_single_bodies_do_not_open_it()
    {
        var circuit = new WebhookCircuit(TimeSpan.FromSeconds(15), _clock, _ => { }, () => { });
        for (var i = 0; i < 50; i++) await FailAsync(circuit, "http_422");
        Assert.Null(circuit.HoldBack());
    }

    [Fact]
    public void A_wish_for_quiet_is_kept_within_bounds()
    {
        var circuit = new WebhookCircuit(TimeSpan.FromSeconds(15), _clock, _ => { }, () => { });
        circuit.Quiet(TimeSpan.FromDays(365));
        Assert.Equal(TimeSpan.FromMinutes(10), circuit.HoldBack());
        circuit.SwitchOff();
        Assert.Null(circuit.HoldBack());
    }

    [Fact]
    public void The_schedule_covers_a_day_and_chance_moves_each_pause_by_a_tenth_at_most()
    {
        var random = new Random(7);
        var total = TimeSpan.Zero;
        for (var failures = 0; failures < WebhookRetrySchedule.Pauses.Count; failures++)
        {
            var pause = WebhookRetrySchedule.Policy.PauseAfter(failures, random)!.Value;
            Assert.InRange(pause / WebhookRetrySchedule.Pauses[failures], 0.9, 1.1);
            total += pause;
        }

        Assert.InRange(total, TimeSpan.FromHours(21), TimeSpan.FromHours(27));
        Assert.Null(WebhookRetrySchedule.Policy.PauseAfter(WebhookRetrySchedule.Pauses.Count, random));
    }

    [Fact]
    public async Task While_it_is_open_webhooks_wait_untried_and_all_arrive_once_it_is_closed()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var erp = await WebhookReceiver.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, erp.Settings(), clock: _clock);
        var push = new FeishuPush();
        erp.AnswerWith(503);
        for (var i = 0; i < 5; i++) await push.ProbeAsync(gateway, "n" + i);
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_webhook_circuit_state", "erp") == (int)CircuitState.Open);
        var tried = erp.Calls.Count;
        for (var i = 0; i < 20; i++) await push.ProbeAsync(gateway, "waits" + i);
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_inbox_ended_total") == 25);
        Assert.InRange(erp.Calls.Count, tried, 8);

        erp.Answer = null;
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(10), async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") == 25);
        Assert.Equal(25, erp.Calls.Select(c => c.Id).Distinct().Count());
        await gateway.CountsAsync((int)CircuitState.Closed, "larkspur_webhook_circuit_state", "erp");
        await gateway.CountsAsync(1, "larkspur_webhook_circuit_opened_total", "erp");
        Assert.Equal(0, await gateway.CounterAsync("larkspur_outbox_dead_total"));
    }

    private static async Task FailAsync(WebhookCircuit circuit, string reason) => Assert.Equal(reason,
        (await Assert.ThrowsAsync<ChannelException>(async () => await circuit.RunAsync(_ => throw new ChannelException(reason, "no", transient: true), TestContext.Current.CancellationToken))).Reason);
}
