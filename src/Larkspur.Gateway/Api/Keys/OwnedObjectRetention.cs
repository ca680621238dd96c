using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Forgets whose files and approval instances were that nobody asks for any more.</summary>
internal sealed class OwnedObjectRetention(IDatabase database, TimeProvider clock) : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    /// <summary>Longer than any approval is open.</summary>
    internal static readonly TimeSpan Keep = TimeSpan.FromDays(400);

    private const int Batch = 200;
    private const int BatchesOfRound = 100;

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - Keep;
        var forgotten = 0;
        for (var i = 0; i < BatchesOfRound; i++)
        {
            var count = await database.TransactAsync(unit => OwnedObjects.PruneAsync(unit, before, Batch), cancellation);
            forgotten += count;
            if (count < Batch) break;
        }

        return forgotten == 0 ? null : $"forgot the owners of {forgotten} files and instances";
    }
}
