using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.Cards;

/// <summary>Cards: built, written and validated, in microseconds and bytes, beside a bare JSON writer that writes the same.</summary>
internal sealed class CardBenchmark : IBenchmark
{
    public string Name => "card";

    public string Summary => "a card built, serialised and validated, small and large; microseconds and allocations beside a bare Utf8JsonWriter";

    public Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(4).WithIterationCount(8)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(250));
        var config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance).AddColumnProvider(DefaultColumnProviders.Instance)
            .WithOptions(ConfigOptions.DisableLogFile).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "larkspur-bench-card"));
        var summary = BenchmarkRunner.Run<CardWork>(config);
        if (summary.HasCriticalValidationErrors || summary.Reports.IsEmpty || summary.Reports.Any(r => !r.Success)) throw new BenchException("BenchmarkDotNet could not run the cards.");
        var rows = new List<IReadOnlyList<string>>();
        foreach (var card in summary.Reports.GroupBy(r => (string)r.BenchmarkCase.Parameters["Card"]))
        {
            var floor = card.First(r => r.BenchmarkCase.Descriptor.Baseline).ResultStatistics!.Mean;
            foreach (var one in card)
            {
                var what = one.BenchmarkCase.Descriptor.WorkloadMethod.Name;
                var microseconds = one.ResultStatistics!.Mean / 1000;
                var bytes = one.GcStats.GetBytesAllocatedPerOperation(one.BenchmarkCase) ?? 0;
                var ratio = one.ResultStatistics.Mean / floor;
                report.Figure($"card.{card.Key}.{what}.us", microseconds);
                report.Figure($"card.{card.Key}.{what}.bytes", bytes);
                report.Figure($"card.{card.Key}.{what}.ratio", ratio);
                rows.Add([$"{card.Key} {what}", Report.Number(microseconds), Report.Number(bytes), Report.Number(ratio)]);
            }
        }

        Report.Table(["card", "us", "bytes", "x floor"], rows);
        return Task.CompletedTask;
    }
}
