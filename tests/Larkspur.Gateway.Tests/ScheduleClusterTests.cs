using Larkspur.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Larkspur.Gateway.Tests;

/// <summary>Recurring jobs of several processes on one PostgreSQL.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ScheduleClusterTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly string _feishu = fixture.Feishu.Address;

    [Fact]
    public async Task Two_processes_serve_each_occasion_once_and_one_goes_on_when_the_other_is_cut_off()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "A file has one process.");
        var ticks = new Ticks();
        await using var first = await ticks.StartAsync(_feishu);
        var (route, settings) = await RouteAsync(first);
        await using (route)
        {
            await using var second = await ticks.StartAsync(_feishu, first.DataFolder, settings);
            await UntilAsync(() => Task.FromResult(second.Logs.Lines.Any(l => l.Message.Contains("schedules run", StringComparison.Ordinal))));
            var before = ticks.Count;
            await UntilAsync(() => Task.FromResult(ticks.Count >= before + 5));

            // For the others this is how a process dies: it is not heard of any more.
            route.Cut();
            await UntilAsync(async () => await first.CounterAsync("larkspur_schedule_runs_total", "tick", "ok") is var now && now > before + 5);
            before = ticks.Count;
            await UntilAsync(() => Task.FromResult(ticks.Count >= before + 3));
            Assert.Equal(1, ticks.MostAtOnce);
            var due = ticks.Due;
            Assert.True(due.Count == due.Distinct().Count(), $"occasions were served twice: {string.Join(' ', due)}");
        }
    }

    [Fact]
    public async Task The_schedules_wait_for_a_database_that_is_away_without_a_flood_of_lines()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "A file does not go away.");
        var ticks = new Ticks();
        // It only makes the database: it does not know the job, and would take its runs.
        await using var maker = await GatewayApp.StartAsync(_feishu, new Dictionary<string, string?> { ["Larkspur:Schedules:Enabled"] = "false" });
        var (route, settings) = await RouteAsync(maker);
        await using (route)
        {
            await using var gateway = await ticks.StartAsync(_feishu, maker.DataFolder, settings);
            await UntilAsync(() => Task.FromResult(ticks.Count >= 2));
            route.Cut();
            try
            {
                await UntilAsync(() => Task.FromResult(OfSchedules(gateway).Any(l => l.Message.StartsWith("The schedules wait", StringComparison.Ordinal))));
            }
            catch (OperationCanceledException)
            {
                Assert.Fail(string.Join('\n', OfSchedules(gateway).TakeLast(40).Select(l => $"{l.Level} {l.Category} {l.Message} {l.Exception?.Message}")));
            }

            route.Join();
            var before = ticks.Count;
            await UntilAsync(() => Task.FromResult(ticks.Count >= before + 2));
            var lines = OfSchedules(gateway).ToList();
            Assert.True(lines.Count(l => l.Level >= LogLevel.Warning) < 10, string.Join('\n', lines.Select(l => $"{l.Level} {l.Category} {l.Message} {l.Exception?.Message}")));
            Assert.DoesNotContain(lines, l => l.Level >= LogLevel.Warning && l.Exception is not null);
        }
    }

    /// <summary>A process counts as dead after some seconds: longer waits than elsewhere.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    private static IEnumerable<CapturedLog> OfSchedules(GatewayApp gateway) =>
        gateway.Logs.Lines.Where(l => l.Category.StartsWith("Quartz", StringComparison.Ordinal) || l.Category.StartsWith("Larkspur.Gateway.Scheduling", StringComparison.Ordinal));

    private static async Task<(FaultyRoute Route, Dictionary<string, string?> Settings)> RouteAsync(GatewayApp gateway)
    {
        var address = new NpgsqlConnectionStringBuilder(await File.ReadAllTextAsync(Path.Combine(gateway.DataFolder, "postgresql")));
        var route = new FaultyRoute(address.Port);
        address.Port = route.Port;
        return (route, new() { ["LARKSPUR_DB"] = address.ToString() });
    }
}
