using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>Forgets which key made which document, once nobody asks under it any more.</summary>
internal sealed class DocumentRetention(SavedStore store, RetentionOptions options, TimeProvider clock) : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const int Batch = 200;
    private const int BatchesOfRound = 100;

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - options.KeepRecords;
        var forgotten = 0;
        for (var i = 0; i < BatchesOfRound; i++)
        {
            var count = await store.PruneAsync(before, Batch, cancellation);
            forgotten += count;
            if (count < Batch) break;
        }

        return forgotten == 0 ? null : $"forgot {forgotten} keys of saved documents";
    }
}
