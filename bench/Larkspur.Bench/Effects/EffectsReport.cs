using Larkspur.Bench.Running;

namespace Larkspur.Bench.Effects;

/// <summary>The figures of <see cref="EffectsBenchmark"/> in words.</summary>
internal static class EffectsReport
{
    public static void Lifted(Report report, List<(double Bare, EffectsResult Gateway)> runs, EffectsResult paced, double half, int unacknowledged)
    {
        var bare = Statistics.Median(runs.Select(r => r.Bare));
        var rate = Statistics.Median(runs.Select(r => r.Gateway.Rate));
        var ratio = Statistics.Median(runs.Select(r => r.Gateway.Rate / r.Bare));
        var cpu = Statistics.Median(runs.Select(r => r.Gateway.CpuMicroseconds));
        Report.Say("");
        Report.Say("Limits lifted: none in the emulator, 5,000/s in the gateway (FEISHU_RATE_FACTOR=100). Medians; the ratio is the median of the rounds' own.");
        Report.Say("Bare: the same number of replies through the SDK, 64 at once, with no event behind them. Delay: from the begin of the push to the reply in the chat.");
        Report.Table(
            ["", "events/s", "of bare", "accepted/s", "p50 ms", "p99 ms", "gateway CPU us"],
            [
                ["bare sends", Report.Number(bare), "1", "-", "-", "-", "-"],
                [
                    "as fast as accepted", Report.Number(rate), Report.Number(ratio), Report.Number(Statistics.Median(runs.Select(r => r.Gateway.Events / r.Gateway.AcceptedSeconds))),
                    Report.Number(Statistics.Median(runs.Select(r => r.Gateway.P50))), Report.Number(Statistics.Median(runs.Select(r => r.Gateway.P99))), Report.Number(cpu),
                ],
                ["at half of that", Report.Number(half), "-", Report.Number(half), Report.Number(paced.P50), Report.Number(paced.P99), Report.Number(paced.CpuMicroseconds)],
            ]);
        report.Figure("bare.sends_per_second", bare);
        report.Figure("lifted.events_per_second", rate);
        report.Figure("lifted.of_bare", ratio);
        report.Figure("lifted.p50.ms", Statistics.Median(runs.Select(r => r.Gateway.P50)));
        report.Figure("lifted.p99.ms", Statistics.Median(runs.Select(r => r.Gateway.P99)));
        report.Figure("lifted.cpu_us", cpu);
        report.Figure("half.events_per_second", half);
        report.Figure("half.p50.ms", paced.P50);
        report.Figure("half.p99.ms", paced.P99);
        report.Note($"{runs.Sum(r => r.Gateway.Events) + paced.Events:#,0} messages and the warm-up: exactly one reply each, in the order of each chat; "
            + $"{unacknowledged:#,0} pushes had to be sent again");
        Report.Say("");
    }

    public static void Limited(Report report, List<(EffectLimits Limits, EffectsResult Result)> runs)
    {
        Report.Say("At the platform's limits: all events are there at once. Ideal: a full window of the replying API whenever the platform opens one.");
        Report.Table(
            ["limit", "events", "seconds", "ideal", "x ideal", "p50 ms", "p99 ms"],
            runs.Select(r => (IReadOnlyList<string>)
            [
                r.Limits.Name, Report.Number(r.Result.Events), Report.Number(r.Result.Seconds), Report.Number(r.Limits.Ideal(r.Result.InGroups)),
                Report.Number(r.Result.Seconds / r.Limits.Ideal(r.Result.InGroups)), Report.Number(r.Result.P50), Report.Number(r.Result.P99),
            ]));
        foreach (var (limits, result) in runs)
        {
            var key = limits == EffectLimits.Second ? "second" : "documented";
            report.Figure($"{key}.seconds", result.Seconds);
            report.Figure($"{key}.times_ideal", result.Seconds / limits.Ideal(result.InGroups));
            report.Note($"{limits.Name}: {result.Seconds / limits.Ideal(result.InGroups):0.000} x ideal; exactly one reply each, in the order of each chat");
        }
    }
}
