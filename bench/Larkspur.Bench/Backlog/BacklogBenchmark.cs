using Larkspur.Bench.Running;
using Larkspur.Testing;

namespace Larkspur.Bench.Backlog;

/// <summary>What one message costs while others wait in the table: the same, however many they are.</summary>
internal sealed class BacklogBenchmark : IBenchmark
{
    private const double Floor = 2;
    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];

    public string Name => "backlog";

    public string Summary => "cost of a message while 10^3, 10^5 and 10^6 others wait (--messages N --db sqlite|postgresql)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        await using var server = await PostgresCluster.StartAsync(options);
        var results = new List<(string What, string Key, int Waiting, BacklogResult Result)>();
        foreach (var waiting in Sizes)
        {
            foreach (var (what, key, kind) in new[]
            {
                ("messages of one chat", "deep_messages", BacklogKind.DeepMessages),
                ("events of one chat", "deep_events", BacklogKind.DeepEvents),
                ("messages beside paused ones", "beside_paused", BacklogKind.BesidePaused),
            })
            {
                Report.Say($"  {what}: {waiting:#,0} wait");
                using var folder = new ScratchFolder();
                var run = new BacklogRun(folder.File("data"), server is null ? "" : await server.CreateMigratedDatabaseAsync());
                // The smallest backlog is a part of the longer ones: no more is measured than waits.
                var messages = Math.Min(options.Messages, waiting / 2);
                results.Add((what, key, waiting, await run.MeasureAsync(kind, waiting, messages, cancellation)));
            }
        }

        Report.Say("");
        Report.Table(
            ["", "waiting", "ms each", "cpu ms each", "rows read each", "x of 10^3", "memory MB"],
            results.Select(r => (IReadOnlyList<string>)
            [
                r.What, Report.Number(r.Waiting), Report.Number(r.Result.Milliseconds), Report.Number(r.Result.CpuMilliseconds),
                Report.Number(r.Result.RowsRead),
                Report.Number(r.Result.CpuMilliseconds / First(r.Key).CpuMilliseconds), Report.Number(r.Result.Memory),
            ]));
        foreach (var (what, key, waiting, result) in results)
        {
            report.Figure($"{key}.{waiting}.ms", result.Milliseconds);
            report.Figure($"{key}.{waiting}.cpu.ms", result.CpuMilliseconds);
            report.Figure($"{key}.{waiting}.rows_read", result.RowsRead);
            if (waiting != Sizes[^1]) continue;
            var times = result.CpuMilliseconds / First(key).CpuMilliseconds;
            report.Note($"{what}: with a million waiting {times:0.00} x the processor time of a thousand, floor {Floor:0.#}: "
                + (times <= Floor ? "reached" : "NOT reached"));
        }

        BacklogResult First(string key) => results.First(r => r.Key == key).Result;
    }
}
