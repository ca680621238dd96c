using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Webhooks;

/// <summary>What webhooks count, per webhook.</summary>
internal sealed class WebhookMetrics(Meter meter)
{
    private readonly Counter<long> _delivered = meter.CreateCounter<long>("larkspur_webhook_delivered_total", description: "Webhooks that a business system took.");
    private readonly Counter<long> _failed = meter.CreateCounter<long>("larkspur_webhook_failures_total", description: "Attempts that a business system did not take.");
    private readonly Counter<long> _opened = meter.CreateCounter<long>("larkspur_webhook_circuit_opened_total", description: "Times a webhook was found to be away.");
    private readonly Counter<long> _notRecorded = meter.CreateCounter<long>(
        "larkspur_webhook_attempts_not_recorded_total",
            description: "Attempts that are not shown, since the database was away or too slow.");
    private readonly Histogram<double> _call = meter.CreateHistogram<double>("larkspur_webhook_seconds", "s", "Time of an attempt that was taken.");

    public void Delivered(string webhook, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("webhook", webhook);
        _delivered.Add(1, tag);
        _call.Record(took.TotalSeconds, tag);
    }

    public void NotRecorded(string webhook) => _notRecorded.Add(1, new KeyValuePair<string, object?>("webhook", webhook));

    public void Failed(string webhook, string reason) => _failed.Add(1, new("webhook", webhook), new("reason", reason));

    public void Opened(string webhook) => _opened.Add(1, new KeyValuePair<string, object?>("webhook", webhook));

    /// <summary>Shows each webhook's state whenever somebody looks.</summary>
    public void Watch(Func<IEnumerable<(string WebhookEndpoint, CircuitState State)>> states) =>
        meter.CreateObservableGauge("larkspur_webhook_circuit_state",
            () => states().Select(s => new Measurement<int>((int)s.State, new KeyValuePair<string, object?>("webhook", s.WebhookEndpoint))),
            description: "0 closed: webhooks flow. 1 half-open: one is tried. 2 open: all wait. 3 off: it answered 410 Gone.");
}

/// <summary>State of a webhook, as the metrics show it.</summary>
internal enum CircuitState
{
    Closed = 0,
    HalfOpen = 1,
    Open = 2,
    Off = 3,
}
