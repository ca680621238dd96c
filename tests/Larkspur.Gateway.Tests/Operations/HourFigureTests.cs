using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>Figures by the hour: what the overview draws, over restarts and for all processes together.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class HourFigureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_messages_and_their_latency_are_counted_and_are_there_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-figures-").FullName;
        await using var feishu = await FeishuStub.StartAsync();
        await using (var gateway = await GatewayApp.StartAsync(feishu.Address, dataFolder: folder))
        {
            await new FeishuPush().SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
            await feishu.NextAsync();
            await gateway.UntilAsync(async () => (await SeriesAsync(gateway)).Parts[^1].Messages == 1);
        }

        await using var again = await GatewayApp.StartAsync(feishu.Address, dataFolder: folder);
        var last = (await SeriesAsync(again)).Parts[^1];
        Assert.Equal((1, 1, 0), (last.Events, last.Messages, last.Dead));
        Assert.True(last.P50 is > 0 and < 60 && last.P99 >= last.P50, $"{last.P50} {last.P99}");
        Assert.Equal((24, 28), ((await SeriesAsync(again)).Parts.Count, (await SeriesAsync(again, week: true)).Parts.Count));
    }

    [Fact]
    public async Task A_series_has_no_gaps_adds_hours_up_and_names_what_failed()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address);
        var store = gateway.Services.GetRequiredService<FigureStore>();
        var now = new DateTimeOffset(2031, 3, 4, 15, 20, 0, TimeSpan.Zero);
        var hour = FigureStore.HourOf(now);
        await store.AddAsync(hour, new Dictionary<string, long> { ["events"] = 3, ["dead:http_500"] = 2, ["latency:80"] = 99,
            ["latency:160"] = 1 }, Cancel);
        await store.AddAsync(hour, new Dictionary<string, long> { ["events"] = 4, ["dead:timed_out"] = 5 }, Cancel);
        await store.AddAsync(hour - 23, new Dictionary<string, long> { ["events"] = 1 }, Cancel);
        await store.AddAsync(hour - 24, new Dictionary<string, long> { ["events"] = 100 }, Cancel);

        var day = await FigureSeries.ReadAsync(store, now, week: false, Cancel);
        Assert.Equal((1, 7), (day.Parts[0].Events, day.Parts[^1].Events));
        Assert.Equal(7, day.Parts[^1].Dead);
        Assert.Equal([("timed_out", 5L), ("http_500", 2L)], day.Failures);
        Assert.True(day.Parts[^1].P99 < 0.2 && day.Parts[^1].P50 < 0.2);
        Assert.Equal(now.AddMinutes(-20), day.Parts[^1].From);
        var week = await FigureSeries.ReadAsync(store, now, week: true, Cancel);
        Assert.Equal(108, week.Parts.Sum(p => p.Events));

        // What is older than any picture is forgotten.
        var database = gateway.Services.GetRequiredService<IDatabase>();
        await database.TransactAsync(unit => FigureStore.PruneAsync(new(unit, database.Dialect, (hour - 23) * 3_600_000, 100)), Cancel);
        Assert.Equal(8, (await FigureSeries.ReadAsync(store, now, week: true, Cancel)).Parts.Sum(p => p.Events));
    }

    private static async Task<FigureSeries> SeriesAsync(GatewayApp gateway, bool week = false)
    {
        await gateway.Services.GetRequiredService<HourFigures>().FlushAsync(Cancel);
        return await FigureSeries.ReadAsync(gateway.Services.GetRequiredService<FigureStore>(), DateTimeOffset.UtcNow, week, Cancel);
    }
}
