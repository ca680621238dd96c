using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>Whose messages are that the outbox has sent, by the platform's ids.</summary>
internal static class SentMessages
{
    /// <summary>The operations that make a message; others change one that is there.</summary>
    private const string Making = "'create', 'reply', 'forward', 'merge_forward', 'stream_open'";

    /// <summary>The systems that had these messages sent; those of the gateway itself are not among them.</summary>
    public static async ValueTask<IReadOnlyList<(string Message, string Owner)>> OwnersAsync(
        ISql sql, string platform, string app, IReadOnlyCollection<string> messages)
    {
        if (messages.Count == 0) return [];
        var places = string.Join(", ", messages.Select((_, i) => $"${i + 3}"));
        return await sql.QueryAsync($"""
            SELECT message_id, owner FROM outbox
            WHERE owner <> '' AND message_id IN ({places}) AND app = $1 AND platform = $2 AND operation IN ({Making})
            """, static row => (row.GetString(0), row.GetString(1)), [app, platform, .. messages]);
    }
}
