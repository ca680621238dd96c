using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>Forgets values whose time is over.</summary>
internal sealed class PluginValueRetention(IDatabase database, TimeProvider clock) : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const int Batch = 500;
    private const int BatchesOfRound = 200;

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var (now, forgotten) = (clock.GetUtcNow().ToUnixTimeMilliseconds(), 0);
        for (var i = 0; i < BatchesOfRound; i++)
        {
            var count = await database.TransactAsync(unit => PruneAsync(unit, now), cancellation);
            forgotten += count;
            if (count < Batch) break;
        }

        return forgotten == 0 ? null : $"forgot {forgotten} values of plug-ins";
    }

    private static async ValueTask<int> PruneAsync(IUnitOfWork unit, long now) => await unit.ExecuteAsync("""
        DELETE FROM plugin_value WHERE (plugin, name) IN
          (SELECT plugin, name FROM plugin_value WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        """, now, Batch);
}
