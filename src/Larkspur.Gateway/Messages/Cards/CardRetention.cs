using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Forgets cards that nobody can click any more.</summary>
internal sealed class CardRetention(IDatabase database, CardStore cards, CardDeliveries deliveries, RetentionOptions options, TimeProvider clock)
    : IScheduledJob
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The platform takes clicks on a card of JSON 2.0 for 14 days, and what was decided may be asked for a while longer.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);
    private const int Batch = 100;
    private const int BatchesOfRound = 200;

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - (options.Keep > Keep ? options.Keep : Keep);
        var forgotten = 0;
        for (var i = 0; i < BatchesOfRound; i++)
        {
            var count = await database.TransactAsync(unit => cards.PruneAsync(unit, database.Dialect, before, Batch), cancellation);
            forgotten += count;
            if (count < Batch) break;
        }

        // Those of answers' buttons, which are no stored cards.
        for (var i = 0; i < BatchesOfRound; i++)
        {
            if (await database.TransactAsync(unit => deliveries.PruneAsync(unit, before, Batch), cancellation) < Batch) break;
        }

        return forgotten == 0 ? null : $"forgot {forgotten} cards";
    }
}
