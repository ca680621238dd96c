using Larkspur.Bench.Load;
using Larkspur.Bench.Running;
using Larkspur.Bench.Targets;

namespace Larkspur.Bench.Ingress;

/// <summary>Signed and encrypted events that are accepted and durable per second, beside a bare server and the platform's own SDK.</summary>
internal sealed class IngressBenchmark : IBenchmark
{
    private const double WarmUpSeconds = 4;
    private const int WarmUpEvents = 60_000;
    private const int MostEvents = 300_000;
    private const int LatencyRounds = 3;

    public string Name => "ingress";

    public string Summary => "signed + encrypted events accepted and durable per second, against bare Kestrel and the Node SDK; acknowledge latency at half of that "
        + "(--connections N --db sqlite|postgresql)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await using var server = await PostgresCluster.StartAsync(options);
        var targets = new List<Target>();
        try
        {
            var bare = await BareTarget.StartAsync(folder, cancellation);
            targets.Add(bare);
            var node = await NodeTarget.StartAsync(folder, cancellation);
            if (node is not null) targets.Add(node);
            else report.Note("Node.js is not installed: (b) is not measured.");
            var handling = await GatewayTarget.StartAsync("gateway, durable, events handled", folder, dispatch: true, cancellation, await DatabaseAsync());
            targets.Add(handling);
            var accepting = await GatewayTarget.StartAsync("gateway, durable, handlers off", folder, dispatch: false, cancellation, await DatabaseAsync());
            targets.Add(accepting);

            var throughput = await ThroughputAsync(targets, options, cancellation);
            IngressReport.Throughput(report, throughput, bare, node, options.OnPostgres);
            foreach (var gateway in (GatewayTarget[])[handling, accepting])
            {
                var half = Statistics.Median(throughput[gateway].Select(m => m.Load.Rate)) / 2;
                await LatencyAsync([gateway, bare], half, options, report, cancellation);
            }

            foreach (var target in targets) report.Note(await target.AuditAsync(cancellation));
        }
        finally
        {
            foreach (var target in targets) await target.DisposeAsync();
        }

        Task<string> DatabaseAsync() => server?.CreateDatabaseAsync() ?? Task.FromResult("");
    }

    /// <summary>Interleaved: what else the machine does hits all of them alike.</summary>
    private static async Task<Dictionary<Target, List<Measurement>>> ThroughputAsync(List<Target> targets, BenchOptions options, CancellationToken cancellation)
    {
        var measured = new Dictionary<Target, List<Measurement>>();
        var expected = new Dictionary<Target, double>();
        foreach (var target in targets)
        {
            var warm = await Measurement.RunAsync(target, Plan(target, options, "warm", WarmUpEvents) with { Seconds = WarmUpSeconds }, cancellation);
            expected[target] = warm.Load.Rate;
            measured[target] = [];
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var target in targets)
            {
                var events = (int)Math.Min(MostEvents, expected[target] * options.Seconds * 2 + 1000);
                var measurement = await Measurement.RunAsync(target, Plan(target, options, $"round-{round}", events), cancellation);
                measured[target].Add(measurement);
                expected[target] = Math.Max(expected[target], measurement.Load.Rate);
                Report.Say($"  round {round}  {target.Name,-36} {Report.Number(measurement.Load.Rate),8}/s  others used {measurement.Others:0 %} of the machine");
            }
        }

        Report.Say("");
        return measured;
    }

    private static async Task LatencyAsync(Target[] targets, double rate, BenchOptions options, Report report, CancellationToken cancellation)
    {
        var measured = targets.ToDictionary(target => target, _ => new List<Measurement>());
        for (var round = 1; round <= Math.Min(options.Rounds, LatencyRounds); round++)
        {
            foreach (var target in targets)
            {
                var plan = Plan(target, options, $"paced-{rate:0}-{round}", (int)(rate * options.Seconds) + 1) with { Rate = rate };
                measured[target].Add(await Measurement.RunAsync(target, plan, cancellation));
            }
        }

        IngressReport.Latency(report, targets[0], rate, measured);
    }

    private static LoadPlan Plan(Target target, BenchOptions options, string run, int events) => new()
    {
        Port = target.Port,
        Connections = options.Connections,
        Seconds = options.Seconds,
        Events = events,
        EventType = target.EventType,
        Run = $"{run}/{Guid.NewGuid():N}",
    };
}
