using System.Diagnostics;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.Company;

/// <summary>A large company's directory: read whole, read again, and kept true by what the platforms tell.</summary>
internal sealed class DirectoryBenchmark : IBenchmark
{
    private const double Floor = 1.10;
    private const double VisibleWithin = 2000;
    private const int PeopleInADepartment = 20;

    public string Name => "directory";

    public string Summary => "a company's people read first, again and by events, against the platforms' limits (--people N "
        + "--db sqlite|postgresql)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        await using var server = await PostgresCluster.StartAsync(options);
        using var folder = new ScratchFolder();
        await using var gateway = await ReadingGateway.StartAsync(
            folder.File("data"), server is null ? "" : await server.CreateMigratedDatabaseAsync(), cancellation);
        var departments = options.People / PeopleInADepartment;
        await gateway.ControlAsync(HttpMethod.Post, "directory/fill", new { people = options.People, departments }, cancellation);
        var machine = CpuShare.Now();
        var results = new List<DirectoryResult>();
        foreach (var (place, platform) in DirectoryPlatform.All.Index()
            .Where(p => options.Platform is null || options.Platform == p.Item.Name))
        {
            results.Add(await DirectoryRun.MeasureAsync(gateway, platform, departments, place * 200, cancellation));
        }

        Report.Say("");
        Report.Table(
            ["platform", "people", "calls", "refused", "first s", "ideal s", "x ideal", "again s", "x ideal", "rows of people", "p50 ms",
                "max ms", "at once p50 ms", "max ms", "heap MB", "peak MB"],
            results.Select(r => (IReadOnlyList<string>)
            [
                r.Platform.Name, Report.Number(r.People), Report.Number(r.First.Calls), Report.Number(r.First.Refusals),
                Report.Number(r.First.Seconds), Report.Number(r.First.Ideal), Report.Number(r.First.TimesIdeal),
                Report.Number(r.Unchanged.Seconds), Report.Number(r.Unchanged.TimesIdeal),
                Report.Number(DirectoryRun.RowsOfPeople(r.Written)), Report.Number(Statistics.Percentile(r.Paced, 0.5)),
                Report.Number(r.Paced[^1]), Report.Number(Statistics.Percentile(r.AtOnce, 0.5)), Report.Number(r.AtOnce[^1]),
                Report.Number(r.Before), Report.Number(r.Peak),
            ]));
        Report.Say("Others than this process, "
            + $"the emulated platforms among them, used {machine.OthersSince(Environment.CpuUsage.TotalTime):0 %} of the machine");
        foreach (var result in results) Tell(report, result);
    }

    private static void Tell(Report report, DirectoryResult result)
    {
        var name = result.Platform.Name;
        report.Figure($"{name}.people", result.People);
        report.Figure($"{name}.first.s", result.First.Seconds);
        report.Figure($"{name}.unchanged.s", result.Unchanged.Seconds);
        if (!double.IsNaN(result.First.TimesIdeal))
        {
            report.Figure($"{name}.first.times_ideal", result.First.TimesIdeal);
            report.Figure($"{name}.unchanged.times_ideal", result.Unchanged.TimesIdeal);
        }

        report.Figure($"{name}.refusals", result.First.Refusals + result.Unchanged.Refusals);
        report.Figure($"{name}.unchanged.rows", DirectoryRun.RowsOfPeople(result.Written));
        report.Figure($"{name}.change_p50.ms", Statistics.Percentile(result.Paced, 0.5));
        report.Figure($"{name}.change_max.ms", result.Paced[^1]);
        report.Figure($"{name}.burst_max.ms", result.AtOnce[^1]);
        report.Figure($"{name}.peak.mb", result.Peak);
        report.Note(double.IsNaN(result.First.TimesIdeal)
            ? $"{name}: its limits allow all calls at once; this machine reads {result.People / result.First.Seconds:#,0} people/s"
            : $"{name}: first run {result.First.TimesIdeal:0.00} x the ideal, without changes {result.Unchanged.TimesIdeal:0.00} x, floor "
                + $"{Floor:0.00}: {Reached(Math.Max(result.First.TimesIdeal, result.Unchanged.TimesIdeal) <= Floor)}");
        var rows = DirectoryRun.RowsOfPeople(result.Written);
        report.Note($"{name}: the run without changes wrote {rows} rows of people, floor 0: {Reached(rows == 0)}; all rows of all tables: "
            + string.Join(", ", result.Written.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key} {w.Value}")));
        report.Note($"{name}: a change is visible after at most {result.Paced[^1]:0} ms, floor {VisibleWithin:0}: "
            + $"{Reached(result.Paced[^1] < VisibleWithin)}; of 100 at once the last after {result.AtOnce[^1]:0} ms");
    }

    private static string Reached(bool isReached) => isReached ? "reached" : "NOT reached";
}
