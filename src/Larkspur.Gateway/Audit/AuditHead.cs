using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Audit;

/// <summary>
/// Says once a day where the audit log ends. A log that is kept elsewhere is what shows that a database was put back to an earlier state.
/// </summary>
internal sealed partial class AuditHead(IDatabase database, ILogger<AuditHead> logger) : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        if (await database.ReadAsync(sql => sql.FirstAsync($"SELECT {AuditChain.Columns} FROM audit_chain WHERE id = 1", AuditChain.Read),
            cancellation) is not { } state) return "table audit_chain has no row";
        var head = NotedHead.Text(state.Last, state.Head);
        LogEndsAt(head);
        return head;
    }

    [LoggerMessage(LogLevel.Information,
        "The audit log ends at {Head}. To see later that it still has this line: larkspur audit verify --head {Head}")]
    private partial void LogEndsAt(string head);
}
