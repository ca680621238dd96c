using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>Somebody sets the machine's clock back while work waits for its next attempt.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class MovedClockTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly ShiftingClock _clock = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_chat_whose_event_failed_before_goes_on_at_the_end_of_its_pause()
    {
        var runs = 0;
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Dispatch:RetryPauses:0"] = "00:00:02" },
            clock: _clock, configure: builder => builder.Services.AddSingleton(new EventRoute("feishu", "test.fails", (_, _) =>
                Interlocked.Increment(ref runs) == 1 ? throw new InvalidOperationException("once")
                    : ValueTask.FromResult(Reaction.Send(OutboxMessage.ToChat("oc_late", "text", """{"text":"after all"}"""))))));
        await _push.SendAsync(gateway, "test.fails", """{"chat_id":"oc_late"}""", FeishuPush.NewId("ev_"));
        await gateway.UntilAsync(async () => (await gateway.ListAsync("/inbox?status=open")) is [var open] && open.GetProperty("attempts").GetInt32() == 1);
        _clock.Shift(TimeSpan.FromHours(-1));
        Assert.Contains("after all", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }
}
