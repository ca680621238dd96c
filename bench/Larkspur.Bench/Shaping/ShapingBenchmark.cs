using Larkspur.Bench.Running;

namespace Larkspur.Bench.Shaping;

/// <summary>Notifications to many receivers at the platform's limit, with answers in between that must not wait for them.</summary>
internal sealed class ShapingBenchmark : IBenchmark
{
    private const double Floor = 1.03;

    public string Name => "shaping";

    public string Summary => "notifications at the platform's limits with answers in between, against the ideal schedule (--messages N)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        // The documented minute allows a third of what the second does: the same work in a third of the messages.
        Tenant[] tenants = [new("50/s", 3, 50), new("documented: 50/s and 1,000/min", 1, 1000 / 60.0)];
        var runs = new List<(Tenant Tenant, ShapingResult Result)>();
        foreach (var tenant in tenants)
        {
            var messages = tenant == tenants[0] ? options.Messages : Math.Max(100, options.Messages / 3);
            Report.Say($"  {tenant.Name}: {messages:#,0} notifications, at least {messages / tenant.PerSecond:0} s");
            using var folder = new ScratchFolder();
            runs.Add((tenant, await ShapingRun.RunAsync(tenant, messages, folder.File("data"), cancellation)));
        }

        Report.Say("");
        Report.Say("Time of all messages against messages / limit; delay of an answer from its commit to the platform's yes. The emulator refuses what is too fast.");
        Report.Table(
            ["limit", "messages", "seconds", "ideal", "x ideal", "429", "230020", "answers", "p50 ms", "p99 ms", "call ms"],
            runs.Select(r => (IReadOnlyList<string>)
            [
                r.Tenant.Name, Report.Number(r.Result.Messages), Report.Number(r.Result.Seconds), Report.Number(r.Result.Ideal(r.Tenant)),
                Report.Number(r.Result.Seconds / r.Result.Ideal(r.Tenant)), Report.Number(r.Result.EndpointRefusals), Report.Number(r.Result.ReceiverRefusals),
                Report.Number(r.Result.AnswerDelays.Length), Report.Number(Statistics.Percentile(r.Result.AnswerDelays, 0.5)),
                Report.Number(Statistics.Percentile(r.Result.AnswerDelays, 0.99)), Report.Number(r.Result.CallMilliseconds),
            ]));
        foreach (var (tenant, result) in runs) Tell(report, tenant, result);
    }

    private static void Tell(Report report, Tenant tenant, ShapingResult result)
    {
        var key = tenant.MinuteFactor > 1 ? "second" : "documented";
        var times = result.Seconds / result.Ideal(tenant);
        report.Figure($"{key}.seconds", result.Seconds);
        report.Figure($"{key}.times_ideal", times);
        report.Figure($"{key}.refusals_429", result.EndpointRefusals);
        report.Figure($"{key}.refusals_230020", result.ReceiverRefusals);
        report.Figure($"{key}.answer_p50.ms", Statistics.Percentile(result.AnswerDelays, 0.5));
        report.Figure($"{key}.answer_p99.ms", Statistics.Percentile(result.AnswerDelays, 0.99));
        report.Note($"{tenant.Name}: {times:0.000} x ideal, floor {Floor:0.00}: {(times <= Floor ? "reached" : "NOT reached")}; "
            + $"{result.EndpointRefusals + result.ReceiverRefusals:0} refusals");
    }
}

/// <summary>A tenant and its limits.</summary>
/// <param name="Name">For people.</param>
/// <param name="MinuteFactor">Its limit of a minute in parts of the documented one, on both sides.</param>
/// <param name="PerSecond">What may be sent in the long run.</param>
internal sealed record Tenant(string Name, double MinuteFactor, double PerSecond);
