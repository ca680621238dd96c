using System.Diagnostics.Metrics;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>What the dispatcher counts.</summary>
internal sealed class DispatchMetrics(Meter meter, EventLatency latency)
{
    private readonly Counter<long> _ended = meter.CreateCounter<long>("larkspur_inbox_ended_total", description: "Events that reached their outcome.");
    private readonly Counter<long> _dead = meter.CreateCounter<long>("larkspur_inbox_dead_total", description: "Events given up: dead letters.");
    private readonly Counter<long> _rowsRead = meter.CreateCounter<long>("larkspur_inbox_rows_read_total",
        description: "Open events read from the table into memory; much more than events ended: a backlog is read again and again.");
    private readonly Counter<long> _failed = meter.CreateCounter<long>("larkspur_handler_failures_total", description: "Failed attempts of handlers.");
    private readonly Histogram<double> _handle = meter.CreateHistogram("larkspur_handler_seconds", "s", "Time of a successful handler, its commit included.", advice: Buckets.Latency);
    private readonly Histogram<double> _age = meter.CreateHistogram("larkspur_inbox_age_seconds", "s", "From an event's arrival to its outcome.", advice: Buckets.Latency);

    /// <summary>Shows whose answers are waited for.</summary>
    public void Watch(Dispatcher dispatcher) => meter.CreateObservableGauge("larkspur_clicks_waiting", () => dispatcher.Waiting,
        description: "Requests of this process that wait for a handler's answer, or left not long ago: clicks and other callbacks.");

    public void Ended(InboundEvent inbound, Outcome outcome, TimeSpan took, TimeSpan age)
    {
        _ended.Add(1, new("event_type", inbound.EventType), new("outcome", outcome.Name), new("reason", outcome.Reason ?? ""));
        if (took > TimeSpan.Zero) _handle.Record(took.TotalSeconds, new KeyValuePair<string, object?>("event_type", inbound.EventType));
        _age.Record(age.TotalSeconds);
    }

    /// <summary>The request has carried the handler's answer.</summary>
    public void Answered(EventOrigin origin, DateTimeOffset at) => latency.Ended(origin, at);

    /// <summary>Open rows were read from the table into memory.</summary>
    public void RowsRead(int rows) => _rowsRead.Add(rows);

    public void Dead(string eventType, string reason) => _dead.Add(1, new("event_type", eventType), new("reason", reason));

    public void Failed(InboundEvent inbound) => _failed.Add(1, new KeyValuePair<string, object?>("event_type", inbound.EventType));
}
