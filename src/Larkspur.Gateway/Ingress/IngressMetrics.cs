using System.Diagnostics.Metrics;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Ingress;

/// <summary>What the webhooks count.</summary>
internal sealed class IngressMetrics(Meter meter, TimeProvider clock)
{
    private readonly Counter<long> _accepted = meter.CreateCounter<long>("larkspur_ingress_accepted_total", description: "Events recorded for the first time.");
    private readonly Counter<long> _duplicates = meter.CreateCounter<long>("larkspur_ingress_duplicates_total", description: "Valid events that were recorded before.");
    private readonly Counter<long> _refused = meter.CreateCounter<long>("larkspur_ingress_refused_total", description: "Requests refused; nothing of them is stored.");
    private readonly Counter<long> _challenges = meter.CreateCounter<long>("larkspur_ingress_challenges_total", description: "Address checks answered.");
    private readonly Counter<long> _unavailable = meter.CreateCounter<long>("larkspur_ingress_unavailable_total", description: "Valid events answered 503 because they could not be recorded.");
    private readonly Counter<long> _late = meter.CreateCounter<long>("larkspur_webhook_late_total", description: "Clicks whose handler missed the deadline.");
    private readonly Histogram<double> _acknowledge = meter.CreateHistogram("larkspur_ingress_seconds", "s", "From the request's start to its answer, for accepted events.", advice: Buckets.Acknowledge);

    /// <summary>The same per app, for who judges keys by it.</summary>
    public IngressEvidence Evidence { get; } = new(clock);

    public void Accepted(string app, string eventType, TimeSpan took)
    {
        Evidence.Accepted(app, eventType);
        AcceptedAction(app, eventType, took);
    }

    /// <summary>The same for what was verified by other keys than the app's: it says nothing about those.</summary>
    public void AcceptedAction(string app, string eventType, TimeSpan took)
    {
        _accepted.Add(1, new("app", app), new("event_type", eventType));
        _acknowledge.Record(took.TotalSeconds);
    }

    public void Duplicate(string app) => _duplicates.Add(1, new KeyValuePair<string, object?>("app", app));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Challenged() => _challenges.Add(1);

    public void Unavailable() => _unavailable.Add(1);

    public void Late() => _late.Add(1);
}
