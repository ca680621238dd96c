using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Callbacks;

/// <summary>What callbacks count, per destination.</summary>
internal sealed class CallbackMetrics(Meter meter)
{
    private readonly Counter<long> _delivered = meter.CreateCounter<long>("larkspur_callback_delivered_total", description: "Callbacks that a business system took.");
    private readonly Counter<long> _failed = meter.CreateCounter<long>("larkspur_callback_failures_total", description: "Attempts that a business system did not take.");
    private readonly Counter<long> _opened = meter.CreateCounter<long>("larkspur_callback_circuit_opened_total", description: "Times a destination was found to be away.");
    private readonly Histogram<double> _call = meter.CreateHistogram<double>("larkspur_callback_seconds", "s", "Time of an attempt that was taken.");

    public void Delivered(string destination, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("destination", destination);
        _delivered.Add(1, tag);
        _call.Record(took.TotalSeconds, tag);
    }

    public void Failed(string destination, string reason) => _failed.Add(1, new("destination", destination), new("reason", reason));

    public void Opened(string destination) => _opened.Add(1, new KeyValuePair<string, object?>("destination", destination));

    /// <summary>Shows each destination's state whenever somebody looks.</summary>
    public void Watch(Func<IEnumerable<(string Destination, CircuitState State)>> states) =>
        meter.CreateObservableGauge("larkspur_callback_circuit_state",
            () => states().Select(s => new Measurement<int>((int)s.State, new KeyValuePair<string, object?>("destination", s.Destination))),
            description: "0 closed: callbacks flow. 1 half-open: one is tried. 2 open: all wait. 3 off: it answered 410 Gone.");
}

/// <summary>State of a destination, as the metrics show it.</summary>
internal enum CircuitState
{
    Closed = 0,
    HalfOpen = 1,
    Open = 2,
    Off = 3,
}
