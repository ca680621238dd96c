using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Audit;

/// <summary>Forgets old lines of the audit log: business systems write some with each card that they resolve.</summary>
internal sealed class AuditRetention(AuditTrail audit, RetentionOptions retention, TimeProvider clock) : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Lines in one transaction, and transactions of one round.</summary>
    private const int Batch = 500;
    private const int Batches = 40;

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - retention.KeepRecords;
        var forgotten = 0;
        for (var i = 0; i < Batches; i++)
        {
            var some = await audit.PruneAsync(before, Batch, cancellation);
            forgotten += some;
            if (some < Batch) break;
        }

        return forgotten == 0 ? null : $"forgot {forgotten} lines";
    }
}
