using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Every night all directories that were read once are read again: events may have been lost.</summary>
internal sealed class DirectoryNightly(IDatabase database, RunStore runs, DirectorySignal signal) : IScheduledJob
{
    public const string Name = "directory";
    public const string Cron = "0 20 3 * * ?";

    public Task<string?> RunAsync(CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        var asked = 0;
        // An app that was taken away leaves its directory behind; the run says so.
        foreach (var directory in (await DirectoryRow.AllAsync(unit)).Where(d => d.CompleteAt is not null).DistinctBy(d =>
            (d.Platform, d.App)))
        {
            await runs.AskAsync(unit, Actor.System, directory.Platform, directory.App, RunCauses.Nightly, dry: false);
            asked++;
        }

        unit.AfterCommit(signal.Wake);
        return asked == 0 ? null : $"{asked} asked for";
    }, cancellation);
}
