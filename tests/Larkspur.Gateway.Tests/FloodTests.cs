using Larkspur.Gateway.Outbox;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>One chat with more messages than fit into memory keeps nobody else waiting, and keeps its own order.</summary>
public sealed class FloodTests : IAsyncLifetime
{
    private const int Flood = 400;

    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task Answers_to_others_do_not_wait_for_a_flooded_chat()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["Larkspur:Outbox:Capacity"] = "64", ["Larkspur:Outbox:PerLane"] = "5", ["FEISHU_RATE_FACTOR"] = "20",
        });
        var outbox = gateway.Services.GetRequiredService<IOutbox>();
        for (var i = 0; i < Flood; i++)
            await outbox.QueueAsync(new QueuedMessage("feishu", "default", $"flood {i}", OutboxMessage.ToChat("oc_flood", "text", $$"""{"text":"flood {{i:000}}"}""")), TestContext.Current.CancellationToken);
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("hello", "oc_other"));
        await gateway.UntilAsync(() => Task.FromResult(_feishu.Calls.Any(c => c.Target != "oc_flood")));
        // The flood is at five a second: it has hardly begun.
        Assert.InRange(_feishu.Calls.Count(c => c.Target == "oc_flood"), 0, Flood / 2);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(1000)]
    public async Task A_flooded_chat_is_answered_in_order_although_most_of_it_waits_in_the_table(int capacity)
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["Larkspur:Outbox:Capacity"] = $"{capacity}", ["Larkspur:Outbox:PerLane"] = "1000", ["Larkspur:Dispatch:Capacity"] = $"{capacity}", ["FEISHU_RATE_FACTOR"] = "100",
        });
        for (var i = 0; i < 200; i++) await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message($"word {i:000}.", i % 10 == 0 ? "oc_other" : "oc_flood"));
        var last = -1;
        var others = 0;
        for (var i = 0; i < 200; i++)
        {
            var sent = await _feishu.NextAsync();
            if (sent.Target != "oc_flood" && !sent.Content.Contains("word", StringComparison.Ordinal)) continue;
            var number = int.Parse(sent.Content.AsSpan(sent.Content.IndexOf("word ", StringComparison.Ordinal) + 5, 3));
            if (number % 10 == 0)
            {
                others++;
                continue;
            }

            Assert.True(number > last, $"{number} came after {last}");
            last = number;
        }

        Assert.Equal(199, last);
        Assert.Equal(20, others);
    }
}
