using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>What should have ended and did not is found, said once, and listed.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class WatchdogTests : IAsyncLifetime
{
    // The clock that is moved here is the leases' too: they are not to run out at a jump.
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Larkspur:Dispatch:HandlerTimeout"] = "1.00:00:00",
        ["Larkspur:Outbox:PerLane"] = "1000",
        ["Larkspur:Leases:Lifetime"] = "10.00:00:00",
        ["Larkspur:Leases:Interval"] = "1.00:00:00",
    };

    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task An_event_that_is_open_for_too_long_is_reported_once_counted_and_listed_until_it_ends()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var release = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Settings, clock: clock,
            configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.stuck", async (_, cancellation) =>
            {
                await release.Task.WaitAsync(cancellation);
                return Reaction.Ignore("done");
            })));
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "test.stuck", """{"chat_id":"oc_stuck"}""", eventId);
        var id = await gateway.RowIdAsync(eventId);
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Empty(await gateway.ListAsync("/inbox?status=overdue"));

        clock.Advance(TimeSpan.FromMinutes(2));
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_watchdog_found_total", "inbox") == 1);
        var row = Assert.Single(await gateway.ListAsync("/inbox?status=overdue"));
        Assert.Equal(id, row.GetProperty("id").GetInt64());
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, row.GetProperty("overdue_at").ValueKind);
        await gateway.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return await gateway.CounterAsync("larkspur_watchdog_overdue", "inbox") == 1;
        });

        release.SetResult();
        await gateway.OutcomeAsync(eventId);
        Assert.Empty(await gateway.ListAsync("/inbox?status=overdue"));
        await gateway.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return await gateway.CounterAsync("larkspur_watchdog_overdue", "inbox") == 0;
        });
        Assert.Single(gateway.Logs.Lines, l => l.Message.StartsWith($"Inbox row {id} (test.stuck", StringComparison.Ordinal) && l.Message.Contains("is open since", StringComparison.Ordinal));
        await gateway.CountsAsync(1, "larkspur_watchdog_found_total");
    }

    [Fact]
    public async Task An_event_whose_answer_did_not_leave_is_listed_and_its_message_reported()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Settings, clock: clock);
        _feishu.Fault = call => call.Content.Contains("dead", StringComparison.Ordinal) ? (400, """{"code":230002,"msg":"out of the chat"}""")
            : call.Content.Contains("waiting", StringComparison.Ordinal) ? (503, """{"code":2200,"msg":"internal"}""") : null;
        var dead = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("dead", "oc_dead"), dead);
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/outbox?status=dead")).Length == 1);
        var waiting = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("waiting", "oc_wait"), waiting);
        await gateway.OutcomeAsync(waiting);

        await gateway.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return await gateway.CounterAsync("larkspur_watchdog_found_total", "outbox") == 2;
        });
        long[] expected = [await gateway.RowIdAsync(waiting), await gateway.RowIdAsync(dead)];
        Assert.Equal(expected, (await gateway.ListAsync("/inbox?status=overdue")).Select(r => r.GetProperty("id").GetInt64()));
        Assert.Equal(2, (await gateway.ListAsync("/outbox?status=overdue")).Length);
        Assert.Single(gateway.Logs.Lines, l => l.Message.Contains("has not left since", StringComparison.Ordinal) && l.Message.Contains("230002", StringComparison.Ordinal));
        await gateway.UntilAsync(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return await gateway.CounterAsync("larkspur_watchdog_dead_letters", "outbox") == 1;
        });
        await gateway.CountsAsync(2, "larkspur_watchdog_found_total");
    }
}
