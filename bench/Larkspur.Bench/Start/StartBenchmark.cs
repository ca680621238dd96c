using Larkspur.Bench.Running;
using Larkspur.Bench.Targets;

namespace Larkspur.Bench.Start;

/// <summary>Process start to ready, and the memory of an idle process, beside a bare server that is started the same way.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    private const double FloorSeconds = 1.5;
    private const double FloorMegabytes = 150;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public string Name => "start";

    public string Summary => "process start to ready, and idle memory, against bare Kestrel";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        var bare = new Starts("bare Kestrel");
        var first = new Starts("gateway, new data folder");
        var again = new Starts("gateway, started again");
        // Once for nothing: the files come from the disk then.
        await GatewayAsync(new Starts(""), folder.File("warm"), TimeSpan.Zero, cancellation);
        for (var round = 1; round <= options.Rounds; round++)
        {
            await BareAsync(bare, folder, cancellation);
            await GatewayAsync(first, folder.File($"data-{round}"), Idle, cancellation);
            await GatewayAsync(again, folder.File($"data-{round}"), Idle, cancellation);
            Report.Say($"  round {round}  " + string.Join("   ", ((Starts[])[bare, first, again]).Select(s => $"{s.Name} {s.Seconds[^1]:0.00} s")));
        }

        Report.Say("");
        Tell(report, bare, [first, again]);
    }

    private static async Task BareAsync(Starts starts, ScratchFolder folder, CancellationToken cancellation)
    {
        var (target, took) = await BareTarget.StartTimedAsync(folder, cancellation);
        await using (target) await starts.AddAsync(took, target, Idle, cancellation);
    }

    private static async Task GatewayAsync(Starts starts, string data, TimeSpan idle, CancellationToken cancellation)
    {
        var (target, took) = await GatewayTarget.StartTimedAsync(starts.Name, data, dispatch: true, cancellation);
        await using (target) await starts.AddAsync(took, target, idle, cancellation);
    }

    private static void Tell(Report report, Starts bare, Starts[] gateways)
    {
        Report.Say($"Start to the first 200 of /health/ready; resident memory {Idle.TotalSeconds:0} s later, with no traffic. Medians:");
        Report.Table(
            ["", "seconds", "min", "max", "x bare", "MB", "x bare"],
            new[] { bare }.Concat(gateways).Select(s => (IReadOnlyList<string>)
            [
                s.Name, Report.Number(s.Second), Report.Number(s.Seconds.Min()), Report.Number(s.Seconds.Max()), Report.Number(s.Second / bare.Second),
                Report.Number(s.Megabyte), Report.Number(s.Megabyte / bare.Megabyte),
            ]));
        foreach (var gateway in gateways)
        {
            var key = gateway == gateways[0] ? "first" : "again";
            report.Figure($"{key}.seconds", gateway.Second);
            report.Figure($"{key}.megabytes", gateway.Megabyte);
            report.Figure($"{key}.times_bare", gateway.Second / bare.Second);
            report.Note($"{gateway.Name}: {Report.Number(gateway.Second)} s, floor < {FloorSeconds} s: {(gateway.Second < FloorSeconds ? "reached" : "NOT reached")}; "
                + $"{Report.Number(gateway.Megabyte)} MB, floor < {FloorMegabytes} MB: {(gateway.Megabyte < FloorMegabytes ? "reached" : "NOT reached")}");
        }

        report.Figure("bare.seconds", bare.Second);
        report.Figure("bare.megabytes", bare.Megabyte);
    }

    /// <summary>The starts of one program.</summary>
    private sealed class Starts(string name)
    {
        private readonly List<double> _megabytes = [];

        public string Name { get; } = name;

        public List<double> Seconds { get; } = [];

        public double Second => Statistics.Median(Seconds);

        public double Megabyte => Statistics.Median(_megabytes);

        public async Task AddAsync(TimeSpan took, Target target, TimeSpan idle, CancellationToken cancellation)
        {
            Seconds.Add(took.TotalSeconds);
            await Task.Delay(idle, cancellation);
            _megabytes.Add(target.Process.Memory / 1e6);
        }
    }
}
