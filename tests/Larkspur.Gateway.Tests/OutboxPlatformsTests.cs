using System.Collections.Concurrent;
using System.Text.Json;
using Larkspur.Gateway.Outbox;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>Apps of two platforms may have one name, and their people one id: neither's trouble is the other's.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OutboxPlatformsTests : IAsyncLifetime
{
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_receiver_who_is_away_on_one_platform_holds_nothing_up_on_the_other()
    {
        var other = new OtherPlatform();
        await using var gateway = await StartAsync(other);
        await QueueAsync(gateway, "other", "away");
        await gateway.UntilAsync(() => Task.FromResult(!other.Tried.IsEmpty));
        await QueueAsync(gateway, "feishu", "here");
        Assert.Contains("here", (await _feishu.NextAsync(TimeSpan.FromSeconds(30))).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_that_is_used_up_on_one_platform_holds_nothing_up_on_the_other()
    {
        var other = new OtherPlatform { IsThere = true };
        await using var gateway = await StartAsync(other, new() { ["Larkspur:Quota:MonthlyCap"] = "1" });
        await QueueAsync(gateway, "feishu", "the last of the month", OutboxPriority.Answer);
        await _feishu.NextAsync(TimeSpan.FromSeconds(30));
        await QueueAsync(gateway, "feishu", "waits", OutboxPriority.Bulk);
        await QueueAsync(gateway, "other", "goes", OutboxPriority.Bulk);
        await gateway.UntilAsync(() => Task.FromResult(other.Tried.Contains("goes")));
        Assert.True(_feishu.IsQuiet);
    }

    private Task<GatewayApp> StartAsync(OtherPlatform other, Dictionary<string, string?>? settings = null) =>
        GatewayApp.StartAsync(_feishu.Address, settings ?? [], configure: builder => builder.Services.AddSingleton<IChannel>(other));

    private static Task<bool> QueueAsync(GatewayApp gateway, string platform, string text, OutboxPriority priority = OutboxPriority.Answer) => gateway.Services.GetRequiredService<IOutbox>().QueueAsync(
        new QueuedMessage(platform, "default", text, OutboxMessage.ToPerson("alice", "text", JsonSerializer.Serialize(new { text })) with { Platform = platform, Priority = priority }));

    /// <summary>A platform that does not serve, until it is told to.</summary>
    private sealed class OtherPlatform : IChannel
    {
        public string Platform => "other";

        public IReadOnlyCollection<OutboxOperation> Operations => [MessageOperations.Create];

        public bool IsThere { get; init; }

        public ConcurrentQueue<string> Tried { get; } = [];

        public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromHours(8));

        public Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
        {
            Tried.Enqueue(JsonDocument.Parse(entry.Message.Content).RootElement.GetProperty("text").GetString()!);
            return IsThere ? Task.FromResult(new SendReceipt("m1", null)) : throw new ChannelException("away", "Nobody is there.", transient: true);
        }
    }
}
