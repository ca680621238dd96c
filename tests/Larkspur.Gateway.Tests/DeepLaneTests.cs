using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>A chat whose rows do not fit into memory: each of them is read about once, however many wait behind it.</summary>
public sealed class DeepLaneTests : IAsyncLifetime
{
    private const int Deep = 800;
    private const int Capacity = 64;

    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task Messages_to_a_chat_are_read_about_once_each()
    {
        var policy = new Gate();
        await using var gateway = await StartAsync(builder => builder.AddSingleton<ISendPolicy>(policy));
        var outbox = gateway.Services.GetRequiredService<IOutbox>();
        for (var i = 0; i < Deep; i++)
        {
            var message = OutboxMessage.ToChat("oc_deep", "text", JsonSerializer.Serialize(new { text = $"{i}" }));
            await outbox.QueueAsync(new QueuedMessage("feishu", "default", $"deep {i}", message), TestContext.Current.CancellationToken);
        }

        var before = await gateway.CounterAsync("larkspur_outbox_rows_read_total");
        policy.IsOpen = true;
        for (var i = 0; i < Deep; i++)
            Assert.Equal($"{i}", JsonDocument.Parse((await _feishu.NextAsync()).Content).RootElement.GetProperty("text").GetString());
        Assert.InRange(await gateway.CounterAsync("larkspur_outbox_rows_read_total") - before, Deep / 2, 4 * Deep);
    }

    [Fact]
    public async Task Events_of_a_chat_are_read_about_once_each()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = new List<int>();
        var route = new EventRoute("feishu", "larkspur.probe_v1", async (context, cancellation) =>
        {
            await opened.Task.WaitAsync(cancellation);
            using var payload = JsonDocument.Parse(context.Event.Payload);
            lock (handled) handled.Add(int.Parse(payload.RootElement.GetProperty("note").GetString()!));
            return Reaction.Ignore("test");
        });
        await using var gateway = await StartAsync(builder => builder.AddSingleton(route));
        for (var i = 0; i < Deep / 2; i++) await _push.ProbeAsync(gateway, $"{i}", "oc_deep");
        var before = await gateway.CounterAsync("larkspur_inbox_rows_read_total");
        opened.SetResult();
        await gateway.UntilAsync(() =>
        {
            lock (handled) return Task.FromResult(handled.Count == Deep / 2);
        });
        Assert.Equal(Enumerable.Range(0, Deep / 2), handled);
        Assert.InRange(await gateway.CounterAsync("larkspur_inbox_rows_read_total") - before, Deep / 4, 2 * Deep);
    }

    [Fact]
    public void A_look_reads_the_whole_table_no_more_often_than_its_size_allows()
    {
        const int many = 100_000; // 10 us each: a second, and looks for a tenth of the time
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var rows = new OpenRows<Row>(0, 4 * many, 1000, clock);
        rows.Begin();
        Read(1, many);
        Assert.False(rows.IsPassing);
        for (var second = 3; second < 10; second += 3)
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            rows.LookAgain();
            // At first from where the look before the last ended: the beginning.
            if (second > 6) Assert.Equal(many, rows.Position.After);
            Read(rows.Position.After == 0 ? 1 : many + 1, rows.Position.After == 0 ? many : 0);
        }

        clock.Advance(TimeSpan.FromSeconds(10));
        rows.LookAgain();
        Assert.Equal(0, rows.Position.After);

        void Read(int first, int count)
        {
            rows.Take([.. Enumerable.Range(first, count).Select(static id => new Row(id))], rows.Position.Pass);
        }
    }

    private Task<GatewayApp> StartAsync(Action<IServiceCollection> configure)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Larkspur:Outbox:Capacity"] = $"{Capacity}", ["Larkspur:Outbox:PerLane"] = "1000", ["Larkspur:Dispatch:Capacity"] = $"{Capacity}",
            ["FEISHU_RATE_FACTOR"] = "100",
        };
        return GatewayApp.StartAsync(_feishu.Address, settings, configure: builder => configure(builder.Services));
    }

    private sealed record Row(long Id) : IQueuedRow
    {
        public string Key => "";

        public int Partition => 0;
    }

    private sealed class Gate : ISendPolicy
    {
        public volatile bool IsOpen;

        public SendDecision Decide(string platform, string app, OutboxPriority priority) => IsOpen ? SendDecision.Go : SendDecision.Wait;
    }
}
