using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Webhooks;

/// <summary>What waits for a webhook that is taken away.</summary>
internal static class RemovedBacklog
{
    /// <summary>Why such a message is dead.</summary>
    public const string Reason = "webhook_removed";

    /// <summary>Messages in one transaction: SQLite's one writer has others to serve as well.</summary>
    internal const int Batch = 500;

    /// <summary>Makes dead letters of those that wait, each batch with its lines of the history in one transaction.</summary>
    /// <returns>How many. One that came meanwhile may be left.</returns>
    public static async Task<int> DeadLetterAsync(IDatabase database, string name, string by, TimeProvider clock, CancellationToken cancellation)
    {
        var dead = 0;
        var after = (Rank: -1, Id: 0L);
        while (true)
        {
            var line = new HistoryLine { At = clock.GetUtcNow(), What = HistoryLine.Dead, Who = by, Message = $"The webhook \"{name}\" was removed" };
            var from = after;
            var rows = await database.TransactAsync(
                unit => WebhookRows.DeadLetterAsync(unit, database.Dialect, name, from, Batch, Reason, line), cancellation);
            if (rows.Count == 0) return dead;
            dead += rows.Count;
            after = rows.Max();
        }
    }
}
