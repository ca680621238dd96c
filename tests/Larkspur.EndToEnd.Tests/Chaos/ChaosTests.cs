using Larkspur.Testing.Chaos;

namespace Larkspur.EndToEnd.Tests.Chaos;

/// <summary>Kills, duplicates, reordering and a stumbling platform: every message is answered exactly once, and each chat in its order.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{

    [Fact]
    public Task One_process_on_SQLite() => RunAsync(new ChaosPlan { Events = 10_000, Kills = 30, Seed = 20260105 });

    [Fact]
    public async Task One_process_on_PostgreSQL() => await RunAsync(new ChaosPlan
    {
        Events = 3_000, Kills = 10, Chats = 100, Seed = 20260106, Database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
    });

    [Fact]
    public async Task Two_processes_on_PostgreSQL() => await RunAsync(new ChaosPlan
    {
        Events = 3_000, Kills = 10, Chats = 100, Seed = 20260107, Database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), Processes = 2,
    });

    [Fact]
    public async Task What_a_dead_process_leaves_is_taken_over_within_ten_seconds()
    {
        var report = await RunAsync(new ChaosPlan
        {
            Events = 1_000, Kills = 4, Chats = 50, Seed = 20260108, Database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), Processes = 2, LetRecover = true,
        });
        Assert.InRange(report.LongestRecovery, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task PostgreSQL_is_restarted_and_killed_under_load()
    {
        await using var server = await PostgresServer.StartPrivateAsync();
        await RunAsync(new ChaosPlan
        {
            Events = 2_000, Kills = 3, Chats = 50, Seed = 20260109, Database = await server.CreateDatabaseAsync(), Processes = 2,
            Disturbances = [_ => server.RestartAsync(), _ => server.RestartAsync(immediate: true), _ => KillAndStartAsync()],
        });

        async Task KillAndStartAsync()
        {
            await server.KillAsync();
            await server.StartAgainAsync();
        }
    }

    private async Task<ChaosReport> RunAsync(ChaosPlan plan)
    {
        var report = await ChaosRun.RunAsync(plan with { Progress = output.WriteLine }, TestContext.Current.CancellationToken);
        output.WriteLine(report.ToString());
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(report.Sent, report.Answers);
        Assert.True(report.Sent >= plan.Events && report.Kills >= plan.Kills, report.ToString());
        // A run in which nothing went wrong has proved nothing. (One that lets the others take over loses no delivery.)
        Assert.True((plan.LetRecover || report.Unacknowledged > 0) && report is { Duplicates: > 0, Overtaken: > 0 }, report.ToString());
        // A short run may be spared a kind of fault; the long one is not.
        Assert.True(plan.Events < 10_000 ? report.Faults.Values.Sum() > 0 : report.Faults.Where(f => f.Key != "no token").All(f => f.Value > 0), report.ToString());
        return report;
    }
}
