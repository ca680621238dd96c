using Larkspur.Bench.Running;

namespace Larkspur.Bench.Streaming;

/// <summary>The part of <c>streaming</c> that is about WeCom and DingTalk, by itself.</summary>
internal sealed class OtherPlatformsBenchmark : IBenchmark
{
    public string Name => "streaming-platforms";

    public string Summary => "the part of streaming that is about WeCom and DingTalk";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await RunAsync(report, folder, cancellation);
    }

    /// <summary>WeCom and DingTalk at their documented limits, in both of which the platform is the bound: the share of it that is used is what counts.</summary>
    public static async Task RunAsync(Report report, ScratchFolder folder, CancellationToken cancellation)
    {
        const int Streams = 500;
        const double Seconds = 20;
        var results = new List<OtherPlatformResult>();
        foreach (var (platform, answers) in ((OtherPlatform, int)[])[(OtherPlatform.WeCom, Streams), (OtherPlatform.DingTalk, Streams / 5)])
            results.Add(await OtherPlatformRun.RunAsync(platform, answers, Seconds, folder.File(platform.Key), cancellation));
        Report.Say("");
        Report.Say("Other platforms at their limits. Ideal: the frames a second that the limit leaves (WeCom one in 2.5 s for each conversation; DingTalk 10/s for the app, at which its streaming is paced).");
        Report.Table(["platform", "answers", "frames/s", "of ideal", "lag p50 ms", "p99 ms", "end p50 ms", "p99 ms", "refused"], results.Select(r => (IReadOnlyList<string>)
        [
            r.Platform.Name, Report.Number(r.Answers), Report.Number(r.FramesPerSecond), Report.Number(r.OfIdeal), Report.Number(Statistics.Percentile(r.Lags, 0.5)), Report.Number(Statistics.Percentile(r.Lags, 0.99)),
            Report.Number(Statistics.Percentile(r.Ends, 0.5)), Report.Number(Statistics.Percentile(r.Ends, 0.99)), Report.Number(r.Refused),
        ]));
        foreach (var result in results)
        {
            report.Figure($"{result.Platform.Key}.frames_per_second", result.FramesPerSecond);
            report.Figure($"{result.Platform.Key}.of_ideal", result.OfIdeal);
            report.Figure($"{result.Platform.Key}.lag.p99.ms", Statistics.Percentile(result.Lags, 0.99));
            report.Figure($"{result.Platform.Key}.end.p99.ms", Statistics.Percentile(result.Ends, 0.99));
            report.Figure($"{result.Platform.Key}.refused", result.Refused);
            report.Note($"{result.Platform.Name}: {result.Answers} answers at once, {Report.Number(result.FramesPerSecond)} frames/s ({result.OfIdeal:0.00} of what its limit leaves), {result.Refused} refused, every final text exact");
        }
    }
}
