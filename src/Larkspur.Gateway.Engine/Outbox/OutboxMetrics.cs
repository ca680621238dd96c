using System.Diagnostics.Metrics;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Outbox;

/// <summary>What the sender counts.</summary>
internal sealed class OutboxMetrics(Meter meter, EventLatency latency)
{
    private readonly Counter<long> _sent = meter.CreateCounter<long>("larkspur_outbox_sent_total", description: "Messages taken by a platform.");
    private readonly Counter<long> _retried = meter.CreateCounter<long>("larkspur_outbox_retries_total", description: "Attempts that failed and will be repeated.");
    private readonly Counter<long> _dead = meter.CreateCounter<long>("larkspur_outbox_dead_total", description: "Messages given up.");
    private readonly Counter<long> _superseded = meter.CreateCounter<long>("larkspur_outbox_superseded_total", description: "Frames in between that a newer one made worthless.");
    private readonly Counter<long> _rowsRead = meter.CreateCounter<long>("larkspur_outbox_rows_read_total",
        description: "Waiting messages read from the table into memory; much more than messages sent: a backlog is read again and again.");

    private readonly Counter<long> _takenBack = meter.CreateCounter<long>("larkspur_outbox_taken_back_total",
        description: "Attempts that ended before anything was sent, because the lease had gone while they waited.");
    private readonly Counter<long> _cards = meter.CreateCounter<long>("larkspur_cards_total",
        description: "Cards sent or changed, by what became of them: accepted, refused (for what they say), failed (for another reason).");

    private readonly Histogram<double> _call = meter.CreateHistogram("larkspur_outbox_call_seconds", "s", "Time of a successful send.", advice: Buckets.Latency);
    private readonly Histogram<double> _age = meter.CreateHistogram("larkspur_outbox_age_seconds", "s", "From a message's commit to its acceptance by the platform.", advice: Buckets.Latency);

    /// <summary>Shows what stands before the limits of the platforms in this process.</summary>
    public void Watch(PermitQueues queues) => meter.CreateObservableGauge<int>("larkspur_outbox_permits", () =>
    {
        var (waiting, calling) = queues.Count;
        return [State(waiting, "waiting"), State(calling, "held")];

        static Measurement<int> State(int count, string state) => new(count, new KeyValuePair<string, object?>("state", state));
    }, description: "Messages of this process that wait for a permit under a rate limit, and those that hold one while they are sent.");

    public void Sent(OutboxEntry entry, TimeSpan call, TimeSpan age)
    {
        var operation = Operation(entry);
        _sent.Add(1, operation);
        _call.Record(call.TotalSeconds, operation);
        _age.Record(age.TotalSeconds);
        Card(entry, "accepted");
        latency.Ended(entry.Origin, entry.CreatedAt + age);
    }

    /// <summary>Waiting rows were read from the table into memory.</summary>
    public void RowsRead(int rows) => _rowsRead.Add(rows);

    public void Superseded(int count)
    {
        if (count > 0) _superseded.Add(count);
    }

    public void TakenBack() => _takenBack.Add(1);

    public void Retried(string reason) => _retried.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="entry">What is given up.</param>
    /// <param name="reason">A word.</param>
    /// <param name="contentRefused">The platform took offence at what it says.</param>
    public void Dead(OutboxEntry entry, string reason, bool contentRefused)
    {
        _dead.Add(1, new KeyValuePair<string, object?>("reason", reason));
        Card(entry, contentRefused ? "refused" : "failed");
        latency.Ended(entry.Origin, acceptedAt: null);
    }

    private void Card(OutboxEntry entry, string result)
    {
        if (entry.Message.MessageType == "interactive") _cards.Add(1, Operation(entry), new KeyValuePair<string, object?>("result", result));
    }

    private static KeyValuePair<string, object?> Operation(OutboxEntry entry) => new("operation", entry.Message.Operation.Name);
}
