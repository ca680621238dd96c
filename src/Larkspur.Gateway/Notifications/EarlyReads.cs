using System.Text.Json;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>
/// Reads of messages that nobody here knows yet: the platform had shown the card, and told of its reader, before the answer to its sending was recorded. They are
/// kept only while a card to that person is on its way, and taken up when its message is known.
/// </summary>
internal sealed class EarlyReads(IDatabase database, NotificationStore store)
{
    /// <summary>Kept at once; what comes beyond is not noted as read.</summary>
    private const int Most = 5_000;

    private const int Batch = 50;

    /// <summary>Longer than the outbox tries.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromDays(2);

    /// <summary>Keeps that a message was read.</summary>
    public static async ValueTask KeepAsync(IUnitOfWork unit, string app, string message, IReadOnlyList<string> reader, DateTimeOffset readAt, DateTimeOffset now)
    {
        if (await unit.NumberAsync("SELECT COUNT(*) FROM notification_early_read") >= Most) return;
        await unit.ExecuteAsync("INSERT INTO notification_early_read (app, message_id, reader, read_at, kept_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (app, message_id) DO NOTHING",
            app, message, JsonSerializer.Serialize(reader), readAt.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
    }

    /// <summary>Takes up those whose message is known by now.</summary>
    public async Task TakeUpAsync(CancellationToken cancellation)
    {
        for (var (app, message) = ("", ""); ;)
        {
            var page = await database.ReadAsync(sql => sql.QueryAsync(
                "SELECT app, message_id, reader, read_at FROM notification_early_read WHERE app > $1 OR (app = $1 AND message_id > $2) ORDER BY app, message_id LIMIT $3",
                static row => (App: row.GetString(0), Message: row.GetString(1), Reader: row.GetString(2), At: row.Time(3)), app, message, Batch), cancellation);
            foreach (var read in page)
            {
                var reader = JsonSerializer.Deserialize<string[]>(read.Reader)!;
                var cards = await database.ReadAsync(sql => store.UnreadAsync(sql, read.App, reader, [read.Message]), cancellation);
                if (cards.Count == 0) continue;
                await database.TransactAsync(async unit =>
                {
                    foreach (var (delivery, _) in cards) await store.ReadAsync(unit, delivery, read.At);
                    await unit.ExecuteAsync("DELETE FROM notification_early_read WHERE app = $1 AND message_id = $2", read.App, read.Message);
                }, cancellation);
            }

            if (page.Count < Batch) break;
            (app, message) = (page[^1].App, page[^1].Message);
        }
    }

    /// <summary>Forgets what has waited in vain.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM notification_early_read WHERE (app, message_id) IN
          (SELECT app, message_id FROM notification_early_read WHERE kept_at < $1 ORDER BY kept_at LIMIT $2)
        """);
}
