using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Approvals;

/// <summary>What payments count.</summary>
internal sealed class PaymentMetrics(Meter meter)
{
    private readonly Counter<long> _requested = meter.CreateCounter<long>("larkspur_payment_requested_total", description: "Payments that were taken on.");
    private readonly Counter<long> _changed = meter.CreateCounter<long>("larkspur_payment_state_total", description: "Payments that came into a state, and by what that was learned.");
    private readonly Counter<long> _repaired = meter.CreateCounter<long>("larkspur_payment_repaired_total", description: "What reconciliation found that no answer and no event had told.");
    private readonly Counter<long> _looked = meter.CreateCounter<long>("larkspur_payment_reconciliation_calls_total", description: "Calls that reconciliation made.");

    public void Requested() => _requested.Add(1);

    public void Changed(string state, string source) => _changed.Add(1, new("state", state), new("source", source));

    public void Repaired(string what) => _repaired.Add(1, new KeyValuePair<string, object?>("what", what));

    public void Looked(int calls) => _looked.Add(calls);
}
