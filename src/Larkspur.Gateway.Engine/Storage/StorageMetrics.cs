using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Storage;

/// <summary>How the database writer fares.</summary>
internal sealed class StorageMetrics(Meter meter)
{
    private readonly Counter<long> _commits = meter.CreateCounter<long>("larkspur_db_commits_total", description: "Durable commits.");
    private readonly Counter<long> _transactions = meter.CreateCounter<long>("larkspur_db_transactions_total", description: "Transactions; more than one can share a commit.");
    private readonly Counter<long> _failures = meter.CreateCounter<long>("larkspur_db_commit_failures_total", description: "Commits that failed; nothing of them was kept.");

    public void Committed(int transactions)
    {
        _commits.Add(1);
        _transactions.Add(transactions);
    }

    public void CommitFailed() => _failures.Add(1);
}
