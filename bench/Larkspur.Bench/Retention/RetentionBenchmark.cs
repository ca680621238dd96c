using Larkspur.Bench.Running;

namespace Larkspur.Bench.Retention;

/// <summary>What forgetting old rows costs in tables of different sizes, and what messages that leave meanwhile notice of it.</summary>
internal sealed class RetentionBenchmark : IBenchmark
{
    private const int Small = 400_000;

    public string Name => "retention";

    public string Summary => "old rows forgotten per second in small and large tables, and the delay of messages meanwhile "
        + "(--events ROWS --db sqlite|postgresql)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        await using var server = await PostgresCluster.StartAsync(options);
        var results = new List<(int Rows, RetentionResult Result)>();
        foreach (var rows in options.Events > Small ? (int[])[Small, options.Events] : [options.Events])
        {
            using var folder = new ScratchFolder();
            var run = new RetentionRun(folder.File("data"), server is null ? "" : await server.CreateMigratedDatabaseAsync());
            results.Add((rows, await run.MeasureAsync(rows, cancellation)));
        }

        Report.Say("");
        Report.Say("Rows: in each of inbox and outbox. Delay: from a message's queueing to its call, ms; alone, and while rows are forgotten.");
        Report.Table(
            ["rows", "forgotten", "rows/s", "p50 alone", "p99 alone", "p50 meanwhile", "p99 meanwhile"],
            results.Select(r => (IReadOnlyList<string>)
            [
                Report.Number(r.Rows), Report.Number(r.Result.Forgotten), Report.Number(r.Result.PerSecond),
                Report.Number(r.Result.Alone.P50), Report.Number(r.Result.Alone.P99),
                Report.Number(r.Result.Meanwhile.P50), Report.Number(r.Result.Meanwhile.P99),
            ]));
        foreach (var (rows, result) in results)
        {
            report.Figure($"{rows}.rows_per_second", result.PerSecond);
            report.Figure($"{rows}.alone.p99_ms", result.Alone.P99);
            report.Figure($"{rows}.meanwhile.p99_ms", result.Meanwhile.P99);
        }

        if (results is [var small, var large])
        {
            report.Note($"{large.Rows:#,0} rows: {large.Result.PerSecond / small.Result.PerSecond:0.00} x the rows per second of "
                + $"{small.Rows:#,0}");
        }
    }
}
