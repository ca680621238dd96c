using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox.Reading;

/// <summary>Figures of one look at both boxes.</summary>
/// <param name="Events">Events that are open for too long.</param>
/// <param name="Messages">Messages that are.</param>
/// <param name="DeadEvents">Dead letters among the events.</param>
/// <param name="DeadMessages">Dead letters among the messages.</param>
internal sealed record OverdueCounts(long Events, long Messages, long DeadEvents, long DeadMessages)
{
    /// <summary>Counts.</summary>
    /// <param name="sql">The connection.</param>
    /// <param name="bound"><see cref="Queueing.Overdue.Bound"/>.</param>
    public static async ValueTask<OverdueCounts> ReadAsync(ISql sql, long bound)
    {
        var events = await OverdueEvents.CountAsync(sql, bound);
        var messages = await OverdueMessages.CountAsync(sql, bound);
        return new(events.Open, messages.Open, events.Dead, messages.Dead);
    }
}
