using Larkspur.Gateway.Common;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>Ends what waits for a chat that cannot be reached any more.</summary>
internal static class LostMessages
{
    /// <summary>Makes dead letters of the chat's open messages that were queued until a time.</summary>
    /// <remarks>
    /// Without a fence: what is on its way to the platform just then is refused there and finds its row closed. A sender that holds such a row in memory
    /// asks the table before it begins. Changes of cards are in lanes of their messages, which do not tell their chats: the platform refuses those one by one.
    /// </remarks>
    /// <returns>The rows.</returns>
    public static async ValueTask<IReadOnlyList<long>> EndAsync(IUnitOfWork unit, string app, string chat, string reason, string sentence, DateTimeOffset until, DateTimeOffset now)
    {
        var ended = await unit.QueryAsync("""
            UPDATE outbox SET status = 2, reason = $3, finished_at = $4 WHERE app = $1 AND lane = $2 AND status = 0 AND platform = $5 AND created_at <= $6 RETURNING id
            """, static row => row.GetInt64(0), app, chat, reason, now.ToUnixTimeMilliseconds(), PlatformNames.Feishu, until.ToUnixTimeMilliseconds());
        foreach (var id in ended)
            await RowHistory.AddAsync(unit, RowHistory.Outbox, id, new HistoryLine { At = now, What = HistoryLine.Dead, Who = "chat", Message = sentence });
        return ended;
    }
}
