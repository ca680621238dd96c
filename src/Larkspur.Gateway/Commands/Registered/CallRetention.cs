using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Forgets calls when what was sent for them is forgotten.</summary>
internal sealed class CallRetention(IDatabase database, CallStore calls, RetentionOptions retention, TimeProvider clock) : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const int Batch = 500;
    private const int BatchesOfRound = 200;

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var (before, forgotten) = (clock.GetUtcNow() - retention.Keep, 0);
        for (var i = 0; i < BatchesOfRound; i++)
        {
            var count = await database.TransactAsync(unit => calls.PruneAsync(unit, database.Dialect, before, Batch), cancellation);
            forgotten += count;
            if (count < Batch) break;
        }

        return forgotten == 0 ? null : $"forgot {forgotten} calls of commands";
    }
}
