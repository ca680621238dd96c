using Larkspur.Bench.Load;
using Larkspur.Bench.Running;
using Larkspur.Bench.Targets;

namespace Larkspur.Bench.Ingress;

/// <summary>The figures of <see cref="IngressBenchmark"/> in words.</summary>
internal static class IngressReport
{
    private const double FloorCpuOfBare = 3;
    private const double FloorOfNode = 4;
    private const double FloorOfNodeOnPostgres = 2;
    private const double FloorP99 = 100;

    public static void Throughput(Report report, Dictionary<Target, List<Measurement>> measured, Target bare, Target? node,
        bool onPostgres)
    {
        Report.Say("Accepted per second: medians; the ratios are medians of the rounds' own ratios. CPU is processor time per event, handling included.");
        Report.Table(
            ["", "events/s", "min", "max", "of (a)", "x (b)", "CPU us", "driver us", "with handling/s"],
            measured.Select(pair => (IReadOnlyList<string>)
            [
                pair.Key.Name,
                Report.Number(Rate(pair.Value)),
                Report.Number(pair.Value.Min(m => m.Load.Rate)),
                Report.Number(pair.Value.Max(m => m.Load.Rate)),
                Report.Number(Ratio(pair.Value, measured[bare])),
                node is null ? "-" : Report.Number(Ratio(pair.Value, measured[node])),
                Report.Number(Statistics.Median(pair.Value.Select(m => m.TargetMicroseconds))),
                Report.Number(Statistics.Median(pair.Value.Select(m => m.DriverMicroseconds))),
                Report.Number(Statistics.Median(pair.Value.Select(m => m.SettledRate))),
            ]));

        foreach (var (target, runs) in measured)
        {
            var name = Key(target);
            report.Figure($"{name}.events_per_second", Rate(runs));
            report.Figure($"{name}.cpu_us", Statistics.Median(runs.Select(m => m.TargetMicroseconds)));
            report.Figure($"{name}.driver_cpu_us", Statistics.Median(runs.Select(m => m.DriverMicroseconds)));
            report.Figure($"{name}.others_share", Statistics.Median(runs.Select(m => m.Others)));
            if (target is not GatewayTarget) continue;
            report.Figure($"{name}.of_bare", Ratio(runs, measured[bare]));
            var cpu = Statistics.Median(runs.Zip(measured[bare], static (one, other) => one.TargetMicroseconds / other.TargetMicroseconds));
            report.Figure($"{name}.cpu_of_bare", cpu);
            report.Note($"{target.Name}: processor time of bare Kestrel's: {Report.Number(cpu)}, floor <= {FloorCpuOfBare}: "
                + (cpu <= FloorCpuOfBare ? "reached" : "NOT reached"));
            if (node is null) continue;
            report.Figure($"{name}.times_node", Ratio(runs, measured[node]));
            report.Note(Verdict($"{target.Name}: times the Node SDK", Ratio(runs, measured[node]),
                onPostgres ? FloorOfNodeOnPostgres : FloorOfNode));
        }

        Report.Say("");
    }

    public static void Latency(Report report, Target gateway, double rate, Dictionary<Target, List<Measurement>> measured)
    {
        Report.Say($"Acknowledge latency at half of the load of \"{gateway.Name}\", {Report.Number(rate)}/s on a fixed schedule; ms from the scheduled time, medians of the rounds:");
        Report.Table(
            ["", "p50", "p99", "max of all"],
            measured.Select(pair => (IReadOnlyList<string>)
            [
                pair.Key.Name,
                Report.Number(Statistics.Median(pair.Value.Select(m => m.Load.P50))),
                Report.Number(Statistics.Median(pair.Value.Select(m => m.Load.P99))),
                Report.Number(pair.Value.Max(m => m.Load.Max)),
            ]));
        var p99 = Statistics.Median(measured[gateway].Select(m => m.Load.P99));
        report.Figure($"{Key(gateway)}.p50_ms", Statistics.Median(measured[gateway].Select(m => m.Load.P50)));
        report.Figure($"{Key(gateway)}.p99_ms", p99);
        report.Figure($"{Key(gateway)}.max_ms", measured[gateway].Max(m => m.Load.Max));
        report.Note($"{gateway.Name}: p99 {Report.Number(p99)} ms, floor < {FloorP99:0} ms: {(p99 < FloorP99 ? "reached" : "NOT reached")}");
        Report.Say("");
    }

    private static string Verdict(string what, double value, double floor) =>
        $"{what}: {Report.Number(value)}, floor >= {floor}: {(value >= floor ? "reached" : "NOT reached")}";

    private static double Rate(List<Measurement> runs) => Statistics.Median(runs.Select(m => m.Load.Rate));

    private static double Ratio(List<Measurement> runs, List<Measurement> to) => Statistics.Median(runs.Zip(to, (one, other) => one.Load.Rate / other.Load.Rate));

    private static string Key(Target target) => target switch
    {
        BareTarget => "bare",
        NodeTarget => "node",
        GatewayTarget { Dispatches: true } => "gateway_handling",
        _ => "gateway_accepting",
    };
}
