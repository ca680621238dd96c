using Larkspur.Testing.Chaos;

namespace Larkspur.EndToEnd.Tests.Chaos;

/// <summary>Kills, duplicates, reordering and a stumbling platform: every message is answered exactly once, and each chat in its order.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public Task One_process_on_SQLite() => RunAsync(new ChaosPlan { Events = 10_000, Kills = 30, Seed = 20260105 });

    private async Task RunAsync(ChaosPlan plan)
    {
        var report = await ChaosRun.RunAsync(plan with { Progress = output.WriteLine }, TestContext.Current.CancellationToken);
        output.WriteLine(report.ToString());
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(report.Sent, report.Answers);
        Assert.True(report.Sent >= plan.Events && report.Kills >= plan.Kills, report.ToString());
        // A run in which nothing went wrong has proved nothing.
        Assert.True(report is { Unacknowledged: > 0, Duplicates: > 0, Overtaken: > 0 } && report.Faults.Values.All(hits => hits > 0), report.ToString());
    }
}
