using Larkspur.Bench.Running;

namespace Larkspur.Bench.Streaming;

/// <summary>500 answers written at once into cards: how far behind the newest text a reader is, and whether every card ends right.</summary>
internal sealed class StreamingBenchmark : IBenchmark
{
    private const int Streams = 500;
    private const int WarmUp = 50;
    private const int MostRounds = 3;

    public string Name => "streaming";

    public string Summary => "500 answers streamed at once into Feishu cards, against bare PUTs, and at the limits of Feishu, WeCom and DingTalk";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await StreamingRun.RunAsync(StreamLimits.Lifted with { Seconds = 2 }, WarmUp, folder.File("warm"), cancellation);
        await BarePuts.RunAsync(1000, WarmUp * 4, cancellation);
        var lifted = new List<(double Bare, StreamingResult Result)>();
        for (var round = 1; round <= Math.Min(MostRounds, options.Rounds); round++)
        {
            var result = await StreamingRun.RunAsync(StreamLimits.Lifted, Streams, folder.File($"lifted-{round}"), cancellation);
            var bare = await BarePuts.RunAsync(Math.Min(result.Frames, 4500), Streams, cancellation);
            lifted.Add((bare, result));
            Report.Say($"  round {round}  {Report.Number(result.FramesPerSecond)} frames/s, bare {Report.Number(bare)}/s   lag p99 {Report.Number(Statistics.Percentile(result.Lags, 0.99))} ms   others used {result.Others:0 %} of the machine");
        }

        var documented = await StreamingRun.RunAsync(StreamLimits.Documented, Streams, folder.File("documented"), cancellation);
        Report.Say("");
        Report.Say("Lag: from an appended piece to the acceptance of the frame that showed it. End: from a durable end to the acceptance of the last face.");
        Report.Table(
            ["limit", "frames/s", "of bare PUTs", "most per card and s", "lag p50 ms", "p99 ms", "end p50 ms", "p99 ms", "too fast", "CPU us"],
            lifted.Select(l => Row(StreamLimits.Lifted, l.Result, l.Bare)).Append(Row(StreamLimits.Documented, documented, null)));
        Keep(report, StreamLimits.Lifted, lifted.OrderBy(l => Statistics.Percentile(l.Result.Lags, 0.99)).ElementAt(lifted.Count / 2).Result);
        Keep(report, StreamLimits.Documented, documented);
        report.Figure("lifted.of_bare", Statistics.Median(lifted.Select(l => l.Result.FramesPerSecond / l.Bare)));
        await OtherPlatformsBenchmark.RunAsync(report, folder, cancellation);
        report.Note($"{lifted.Count * Streams + Streams} cards: the final text of each is exact");
        foreach (var result in lifted.Select(l => l.Result).Append(documented))
        {
            if (result.MostPerCard > 10) throw new BenchException($"a card was changed {result.MostPerCard} times within a second; 10 are allowed");
        }
    }

    private static IReadOnlyList<string> Row(StreamLimits limits, StreamingResult result, double? bare) =>
    [
        limits.Name, Report.Number(result.FramesPerSecond), bare is { } floor ? Report.Number(result.FramesPerSecond / floor) : "-", Report.Number(result.MostPerCard),
        Report.Number(Statistics.Percentile(result.Lags, 0.5)), Report.Number(Statistics.Percentile(result.Lags, 0.99)), Report.Number(Statistics.Percentile(result.Ends, 0.5)),
        Report.Number(Statistics.Percentile(result.Ends, 0.99)), Report.Number(result.TooFast), Report.Number(result.CpuMicroseconds),
    ];

    private static void Keep(Report report, StreamLimits limits, StreamingResult result)
    {
        report.Figure($"{limits.Key}.frames_per_second", result.FramesPerSecond);
        report.Figure($"{limits.Key}.lag.p50.ms", Statistics.Percentile(result.Lags, 0.5));
        report.Figure($"{limits.Key}.lag.p99.ms", Statistics.Percentile(result.Lags, 0.99));
        report.Figure($"{limits.Key}.end.p50.ms", Statistics.Percentile(result.Ends, 0.5));
        report.Figure($"{limits.Key}.end.p99.ms", Statistics.Percentile(result.Ends, 0.99));
        report.Figure($"{limits.Key}.most_per_card", result.MostPerCard);
        report.Figure($"{limits.Key}.too_fast", result.TooFast);
        report.Note($"{limits.Name}: {Report.Number(result.FramesPerSecond)} frames/s for {result.Streams} cards, lag p99 {Report.Number(Statistics.Percentile(result.Lags, 0.99))} ms, at most {result.MostPerCard} operations on a card in a second, {result.TooFast} refused for their rate");
    }
}
