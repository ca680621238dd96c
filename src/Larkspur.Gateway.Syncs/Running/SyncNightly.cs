using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>Every night everything is compared: what no word of a change told is found then.</summary>
internal sealed class SyncNightly(IDatabase database, SyncSignal signal) : IScheduledJob
{
    public const string Name = "syncs";
    public const string Cron = "0 20 3 * * ?";

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var asked = await database.TransactAsync(unit => SyncProgress.AskAllAsync(unit, "nightly"), cancellation);
        signal.Wake();
        return asked > 0 ? $"{asked} asked for" : null;
    }
}
