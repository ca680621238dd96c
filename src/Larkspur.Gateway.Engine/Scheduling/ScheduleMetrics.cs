using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Scheduling;

/// <summary>How the recurring jobs fare.</summary>
internal sealed class ScheduleMetrics(Meter meter)
{
    private readonly Counter<long> _runs = meter.CreateCounter<long>("larkspur_schedule_runs_total",
        description: "Runs of recurring jobs that this process made, by outcome: ok, failed, timed_out, stopped; skipped is what another run had served.");
    private readonly Histogram<double> _duration = meter.CreateHistogram<double>("larkspur_schedule_duration", "s", "Duration of runs.");

    public void Ran(string schedule, string outcome, TimeSpan duration)
    {
        _runs.Add(1, new("schedule", schedule), new("outcome", outcome));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("schedule", schedule));
    }

    public void Skipped(string schedule) => _runs.Add(1, new("schedule", schedule), new("outcome", "skipped"));
}
