using System.Diagnostics;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>The price of recording an event does not depend on how many were recorded before.</summary>
public sealed class DedupGrowthTests(ITestOutputHelper output)
{
    private const int Events = 2000;

    [Fact]
    public async Task Recording_an_event_costs_about_the_same_after_a_thousand_and_after_a_million()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, new Dictionary<string, string?> { ["Larkspur:Dispatch:Enabled"] = "false" });
        await RememberAsync(gateway, 1_000);
        await MeasureAsync(gateway);
        var few = await MeasureAsync(gateway);
        await RememberAsync(gateway, 999_000);
        await MeasureAsync(gateway);
        var many = await MeasureAsync(gateway);
        output.WriteLine($"{few.TotalMicroseconds / Events:0.0} µs an event after 10^3, {many.TotalMicroseconds / Events:0.0} µs after 10^6");
        // Deeper trees and colder pages cost something; a scan would cost a thousand times as much.
        Assert.InRange(many / few, 0, 8);
    }

    private static Task<TimeSpan> MeasureAsync(GatewayApp gateway)
    {
        var store = gateway.Services.GetRequiredService<IInboxStore>();
        var events = Enumerable.Range(0, Events).Select(_ => new InboundEvent
        {
            Platform = "feishu", App = "default", EventId = Guid.NewGuid().ToString("N"), EventType = "im.message.receive_v1", OrderingKey = "chat:oc",
            ChatId = "oc", MessageId = "om_" + Guid.NewGuid().ToString("N"), UniqueByMessage = true, ReceivedAt = DateTimeOffset.UnixEpoch, Payload = new byte[600],
        }).ToArray();
        return gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var inbound in events) await store.AppendAsync(unit, inbound, "REF");
            return Stopwatch.GetElapsedTime(started);
        });
    }

    private static Task<bool> RememberAsync(GatewayApp gateway, int rows) => gateway.Services.GetRequiredService<IDatabase>().TransactAsync(unit =>
    {
        SqliteUnitOfWork.Of(unit).Execute("""
            INSERT INTO inbox_seen (seen, app, platform, inbox_id)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @1)
            SELECT 'e:' || lower(hex(randomblob(16))), 'default', 'feishu', 1 FROM n ORDER BY 1
            """, rows);
        return ValueTask.FromResult(true);
    });
}
