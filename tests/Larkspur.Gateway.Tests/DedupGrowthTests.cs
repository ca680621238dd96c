using System.Diagnostics;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>The price of recording an event does not depend on how many were recorded before.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class DedupGrowthTests(ITestOutputHelper output)
{
    private const int Events = 2000;
    private const int Batch = 100;
    private const int Statement = 50_000;

    [Fact]
    public async Task Recording_an_event_costs_about_the_same_after_a_thousand_and_after_a_million()
    {
        await using var feishu = await FeishuStub.StartAsync();
        var few = await MeasureAsync(feishu, 1_000);
        var many = await MeasureAsync(feishu, 1_000_000);
        var (recorded, merged) = (many.Record / few.Record, many.WithMerge / few.WithMerge);
        output.WriteLine($"{few.Record.TotalMicroseconds:0.0} µs an event after 10^3, {many.Record.TotalMicroseconds:0.0} µs after 10^6, commits included: {recorded:0.00} times");
        output.WriteLine($"with the keys' way into their table: {few.WithMerge.TotalMicroseconds:0.0} and {many.WithMerge.TotalMicroseconds:0.0} µs: {merged:0.00} times");
        // PostgreSQL puts each key into its page at once; there the growth is two random pages an event. A scan would cost a thousand times as much.
        Assert.InRange(recorded, 0, GatewayApp.IsPostgres ? 4 : 2.5);
        Assert.InRange(merged, 0, 4);
    }

    private static async Task<(TimeSpan Record, TimeSpan WithMerge)> MeasureAsync(FeishuStub feishu, int remembered)
    {
        var settings = new Dictionary<string, string?> { ["Larkspur:Dispatch:Enabled"] = "false" };
        var folder = Directory.CreateTempSubdirectory("larkspur-growth-").FullName;
        try
        {
            await using (var first = await GatewayApp.StartAsync(feishu.Address, settings, folder)) await RememberAsync(first, remembered);
            await using var gateway = await GatewayApp.StartAsync(feishu.Address, settings, folder);
            var seen = gateway.Services.GetService<SeenKeys>();
            if (seen is not null) await gateway.UntilAsync(() => Task.FromResult(seen.HasFilter));
            var best = TimeSpan.MaxValue;
            // The first rounds warm the page cache, and other processes take their share of the machine.
            for (var round = 0; round < 6; round++) best = Min(best, await RecordAsync(gateway, Events));
            if (seen is null) return (best / Events, best / Events);

            // As many as make a merge, and that merge.
            var events = gateway.Services.GetRequiredService<InboxOptions>().RecentKeys / 2;
            var started = Stopwatch.GetTimestamp();
            await RecordAsync(gateway, events);
            await gateway.UntilAsync(() => Task.FromResult(!seen.IsMerging));
            Assert.InRange(seen.InMemory, 0, 2 * 6 * Events);
            return (best / Events, Stopwatch.GetElapsedTime(started) / events);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As under load: many in a transaction.</summary>
    private static async Task<TimeSpan> RecordAsync(GatewayApp gateway, int count)
    {
        var store = gateway.Services.GetRequiredService<IInboxStore>();
        var events = Enumerable.Range(0, count).Select(_ => new NewEvent(new InboundEvent
        {
            Platform = "feishu", App = "default", EventId = Guid.NewGuid().ToString("N"), EventType = "im.message.receive_v1", OrderingKey = "chat:oc",
            ChatId = "oc", MessageId = "om_" + Guid.NewGuid().ToString("N"), UniqueByMessage = true, ReceivedAt = DateTimeOffset.UnixEpoch, Payload = new byte[600],
        }, null)).Chunk(Batch).ToArray();
        var database = gateway.Services.GetRequiredService<IDatabase>();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(events.Select(some => database.TransactAsync(unit => store.AppendAsync(unit, some))));
        return Stopwatch.GetElapsedTime(started);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>In several statements: one of a million rows outlasts a statement's time on a slow machine.</summary>
    private static async Task RememberAsync(GatewayApp gateway, int rows)
    {
        var database = gateway.Services.GetRequiredService<IDatabase>();
        for (var left = rows; left > 0; left -= Statement)
        {
            await database.TransactAsync(async unit => await unit.ExecuteAsync($"""
                INSERT INTO inbox_seen (seen, inbox_id)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                SELECT {(GatewayApp.IsPostgres ? "decode(md5(random()::text), 'hex')" : "randomblob(16)")}, 1 FROM n ORDER BY 1
                """, Math.Min(left, Statement)));
        }
    }
}
