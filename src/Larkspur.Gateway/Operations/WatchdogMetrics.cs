using System.Diagnostics.Metrics;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Operations;

/// <summary>What the watchdog found at its last look.</summary>
internal sealed class WatchdogMetrics
{
    private readonly Counter<long> _found;
    private OverdueCounts _last = new(0, 0, 0, 0);

    public WatchdogMetrics(Meter meter)
    {
        _found = meter.CreateCounter<long>("larkspur_watchdog_found_total", description: "Rows reported as stuck, each once.");
        meter.CreateObservableGauge("larkspur_watchdog_overdue", () => new Measurement<long>[]
        {
            new(Last.Events, new KeyValuePair<string, object?>("box", RowHistory.Inbox)),
            new(Last.Messages, new KeyValuePair<string, object?>("box", RowHistory.Outbox)),
        }, description: "Rows that are open for too long, up to 10,000.");
        meter.CreateObservableGauge("larkspur_watchdog_dead_letters", () => new Measurement<long>[]
        {
            new(Last.DeadEvents, new KeyValuePair<string, object?>("box", RowHistory.Inbox)),
            new(Last.DeadMessages, new KeyValuePair<string, object?>("box", RowHistory.Outbox)),
        }, description: "Dead letters that nobody has replayed or discarded, up to 10,000.");
    }

    private OverdueCounts Last => Volatile.Read(ref _last);

    public void Counted(OverdueCounts counts) => Volatile.Write(ref _last, counts);

    public void Found(string box) => _found.Add(1, new KeyValuePair<string, object?>("box", box));
}
