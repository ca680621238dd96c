using System.Diagnostics;
using Larkspur.Bench.Company;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.Syncs;

/// <summary>A company's table in SQLite goes to a table of the platform: the first copy, then a few changes, then nothing.</summary>
internal sealed class SyncBenchmark : IBenchmark
{
    private const double Floor = 1.10;

    /// <summary>Rows of one call.</summary>
    private const int Batch = 1000;

    /// <summary>The platform's advice: half a second between writes of a base.</summary>
    private const double Spacing = 0.5;

    private const int Changes = 100;

    public string Name => "sync";

    public string Summary => "rows of a database that go to a table, first and then by changes, against the platform's limits (--rows N "
        + "--db sqlite|postgresql)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        await using var server = await PostgresCluster.StartAsync(options);
        using var folder = new ScratchFolder();
        await using var gateway = await ReadingGateway.StartAsync(
            folder.File("data"), server is null ? "" : await server.CreateMigratedDatabaseAsync(), cancellation);
        await using var run = await SyncRun.PrepareAsync(gateway, folder.File("erp.db"), options.Rows, cancellation);
        var memory = Memory();

        var copy = await run.CopyAsync(cancellation);
        var ideal = Math.Ceiling(options.Rows / (double)Batch) * Spacing;
        var peak = Memory();
        var few = await run.ChangeAsync(Changes, cancellation);
        var idle = await run.CompareAsync(cancellation);

        Report.Say("");
        Report.Table(
            ["rows", "survey s", "copy s", "ideal s", "x ideal", "calls", "changes s", "calls", "comparison s", "calls", "writes", "heap MB", "peak MB"],
            [[
                Report.Number(options.Rows), Report.Number(run.SurveySeconds), Report.Number(copy.Seconds), Report.Number(ideal),
                Report.Number(copy.Seconds / ideal), Report.Number(copy.Calls), Report.Number(few.Seconds), Report.Number(few.Calls),
                Report.Number(idle.Seconds), Report.Number(idle.Calls), Report.Number(idle.Writes), Report.Number(memory), Report.Number(peak),
            ]]);
        report.Figure("rows", options.Rows);
        report.Figure("copy.s", copy.Seconds);
        report.Figure("copy.times_ideal", copy.Seconds / ideal);
        report.Figure("changes.s", few.Seconds);
        report.Figure("changes.calls", few.Calls);
        report.Figure("idle.writes", idle.Writes);
        report.Figure("peak.mb", peak);
        report.Note($"first copy {copy.Seconds / ideal:0.00} x the ideal of {Spacing} s a call of {Batch:#,0} rows, floor {Floor:0.00}: "
            + Reached(copy.Seconds / ideal <= Floor));
        report.Note($"{Changes} changes cost {few.Calls:0} calls of {options.Rows:#,0} rows' table; a comparison without changes wrote {idle.Writes:0} "
            + $"times, floor 0: {Reached(idle.Writes == 0)}");
    }

    private static double Memory()
    {
        using var own = Process.GetCurrentProcess();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
    }

    private static string Reached(bool isReached) => isReached ? "reached" : "NOT reached";
}
