using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox.Reading;

/// <summary>What other rooms ask of the events that are recorded.</summary>
internal static class InboxTable
{
    /// <summary>Rows of other apps between an app's own are few, or more of them are not worth it.</summary>
    private const int Looked = 2000;

    /// <summary>A condition: the event is open.</summary>
    /// <param name="id">The column that has its row.</param>
    public static string IsOpen(string id) => $"EXISTS (SELECT 1 FROM inbox WHERE inbox.id = {id} AND inbox.status = 0)";

    /// <summary>The newest row; 0: there is none.</summary>
    public static async ValueTask<long> NewestAsync(ISql sql) => await sql.NumberAsync("SELECT MAX(id) FROM inbox") ?? 0;

    /// <summary>When an app received its newest event; null: none of the newest rows is its.</summary>
    public static async ValueTask<DateTimeOffset?> LastReceivedAsync(ISql sql, string platform, string app) => await sql.NumberAsync($"""
        SELECT MAX(received_at) FROM (SELECT platform, app, received_at FROM inbox ORDER BY id DESC LIMIT {Looked}) AS newest
        WHERE app = $1 AND platform = $2
        """, app, platform) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>The chats of which rows behind <paramref name="after"/>, up to <paramref name="upTo"/>, tell.</summary>
    /// <param name="sql">The connection.</param>
    /// <param name="platform">Which platform.</param>
    /// <param name="eventType">Only events of this type.</param>
    /// <param name="after">A row.</param>
    /// <param name="upTo">A row.</param>
    public static ValueTask<List<HeardChat>> ChatsAsync(ISql sql, string platform, string eventType, long after, long upTo) =>
        sql.QueryAsync("""
        SELECT app, chat_id, MIN(COALESCE(created_at, received_at)), MAX(COALESCE(created_at, received_at)), MAX(id) FROM inbox
        WHERE id > $1 AND id <= $2 AND platform = $3 AND event_type = $4 AND chat_id IS NOT NULL GROUP BY app, chat_id
        """, static row => new HeardChat(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        after, upTo, platform, eventType);

    /// <summary>An event as it came; null: there is no such row.</summary>
    public static ValueTask<byte[]?> PayloadAsync(ISql sql, long id) =>
        sql.FirstAsync("SELECT payload FROM inbox WHERE id = $1", static row => row.Bytes(0), id);
}

/// <summary>A chat that events tell of.</summary>
/// <param name="App">The app that received them.</param>
/// <param name="Chat">The platform's id of the chat.</param>
/// <param name="First">When the first was made, in milliseconds since 1970.</param>
/// <param name="Last">When the last was.</param>
/// <param name="Id">The newest row.</param>
internal readonly record struct HeardChat(string App, string Chat, long First, long Last, long Id);
