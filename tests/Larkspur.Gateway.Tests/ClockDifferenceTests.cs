using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using static Larkspur.Gateway.Tests.CardAnswers;

namespace Larkspur.Gateway.Tests;

/// <summary>Two gateways on one PostgreSQL whose machines' clocks differ by more than anything that the gateway waits for.</summary>
public sealed class ClockDifferenceTests : SharedDatabaseFixture
{
    private readonly FeishuPush _push = new();

    public ClockDifferenceTests() => Settings["Larkspur:Outbox:FirstPause"] = "00:00:01";

    /// <summary>By its own clock the second would find that the platform has forgotten the key of the first attempt.</summary>
    [Fact]
    public async Task A_message_in_doubt_is_sent_again_by_a_process_that_is_two_hours_ahead()
    {
        Feishu.Fault = _ => (500, "{}");
        await using (var first = await StartAsync(TimeSpan.Zero))
        {
            await first.Services.GetRequiredService<IOutbox>().QueueAsync(
                new("feishu", "default", "doubt", OutboxMessage.ToChat("oc_doubt", "text", """{"text":"once"}""")),
                TestContext.Current.CancellationToken);
            await first.UntilAsync(async () => (await first.ListAsync("/outbox?status=open")) is [var open]
                && open.GetProperty("unsure_since").ValueKind != System.Text.Json.JsonValueKind.Null);
        }

        Feishu.Fault = null;
        await using var second = await StartAsync(TimeSpan.FromHours(2));
        Assert.Contains("once", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Empty(await second.ListAsync("/outbox?status=dead"));
        Assert.Contains(second.Logs.Lines, l => l.Message.Contains("s ahead of the database's", StringComparison.Ordinal));
    }

    /// <summary>By the holder's own clock nobody waits for the answer any more, or everybody still does.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_click_is_answered_in_the_response_whatever_the_holders_clock_says(int hours)
    {
        await using var first = await StartAsync(TimeSpan.Zero);
        await using var second = await StartAsync(TimeSpan.FromHours(hours), AnswerWithCard);
        await first.UntilAsync(() => Task.FromResult(Leases(first).Held.Size == 32 && Leases(second).Held.Size == 32));
        for (var i = 0; i < 5; i++)
        {
            var card = Enumerable.Range(i * 1000, 1000).Select(n => $"om_card_{n}")
                .First(c => Leases(second).Held.Contains(Partitions.Of("default", c)));
            var (status, answer) = await _push.SendAsync(first, "url.preview.get", $$$"""
                {"operator":{"open_id":"ou_alice"},
                 "context":{"open_message_id":"{{{card}}}","open_chat_id":"oc_1","url":"https://example.com"}}
                """);
            Assert.Equal(200, status);
            Assert.True(answer.TryGetProperty("card", out _), $"click {i} was answered {answer}");
        }

        await first.UntilAsync(async () => await first.Services.GetRequiredService<IDatabase>().ReadAsync(
            sql => sql.NumberAsync("SELECT COUNT(*) FROM outbox")) == 0);
        Assert.Empty(Feishu.Calls);
    }

    /// <summary>The platform's signatures are as old as the request: by this machine's clock all of them are from another hour.</summary>
    [Fact]
    public async Task A_process_whose_machine_is_wrong_takes_events_all_the_same()
    {
        await using var gateway = await StartAsync(TimeSpan.FromHours(-3));
        var eventId = FeishuPush.NewId("ev_");
        var (status, _) = await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello"), eventId);
        Assert.Equal(200, status);
        Assert.Contains("hello", (await Feishu.NextAsync()).Content, StringComparison.Ordinal);
        var received = (await gateway.OutcomeAsync(eventId)).GetProperty("received_at").GetDateTimeOffset();
        Assert.InRange(received, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    /// <summary>Somebody sets the machine's clock while the gateway runs: its times go on evenly.</summary>
    [Fact]
    public async Task A_clock_that_is_set_meanwhile_moves_nothing()
    {
        var machine = new ShiftingClock();
        await using var gateway = await StartAsync(machine);
        var clock = gateway.Services.GetRequiredService<TimeProvider>();
        var before = clock.GetUtcNow();
        machine.Shift(TimeSpan.FromHours(-5));
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        machine.Shift(TimeSpan.FromHours(10));
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
    }

    private Task<GatewayApp> StartAsync(TimeSpan ahead, Action<WebApplicationBuilder>? configure = null)
    {
        var machine = new ShiftingClock();
        machine.Shift(ahead);
        return StartAsync(machine, configure);
    }

    private Task<GatewayApp> StartAsync(TimeProvider machine, Action<WebApplicationBuilder>? configure = null) =>
        GatewayApp.StartAsync(Feishu.Address, Settings, configure: builder =>
        {
            builder.Services.AddKeyedSingleton(StorageServices.MachineClock, machine);
            configure?.Invoke(builder);
        });

    private static ILeases Leases(GatewayApp gateway) => gateway.Services.GetRequiredService<ILeases>();
}
