using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Outbox;

/// <summary>What the sender counts.</summary>
internal sealed class OutboxMetrics(Meter meter)
{
    private readonly Counter<long> _sent = meter.CreateCounter<long>("larkspur_outbox_sent_total", description: "Messages taken by a platform.");
    private readonly Counter<long> _retried = meter.CreateCounter<long>("larkspur_outbox_retries_total", description: "Attempts that failed and will be repeated.");
    private readonly Counter<long> _dead = meter.CreateCounter<long>("larkspur_outbox_dead_total", description: "Messages given up.");
    private readonly Counter<long> _superseded = meter.CreateCounter<long>("larkspur_outbox_superseded_total", description: "Frames in between that a newer one made worthless.");
    private readonly Histogram<double> _call = meter.CreateHistogram<double>("larkspur_outbox_call_seconds", "s", "Time of a successful send.");
    private readonly Histogram<double> _age = meter.CreateHistogram<double>("larkspur_outbox_age_seconds", "s", "From a message's commit to its acceptance by the platform.");

    public void Sent(OutboxEntry entry, TimeSpan call, TimeSpan age)
    {
        var operation = new KeyValuePair<string, object?>("operation", entry.Message.Operation.ToString().ToLowerInvariant());
        _sent.Add(1, operation);
        _call.Record(call.TotalSeconds, operation);
        _age.Record(age.TotalSeconds);
    }

    public void Superseded(int count)
    {
        if (count > 0) _superseded.Add(count);
    }

    public void Retried(string reason) => _retried.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dead(string reason) => _dead.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
