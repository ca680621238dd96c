using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>The messages that ask for an authorization.</summary>
internal static class AuthorizationCardRows
{
    /// <summary>A queued message asks for it.</summary>
    public static async ValueTask AddAsync(IUnitOfWork unit, string authorization, string app, long outboxId) =>
        await unit.ExecuteAsync("""
            INSERT INTO user_authorization_card (outbox_id, authorization_id, app) VALUES ($1, $2, $3) ON CONFLICT (outbox_id) DO NOTHING
            """, outboxId, authorization, app);

    /// <summary>The platform has told its message.</summary>
    /// <returns>For which authorization it asks; null: it is another message.</returns>
    public static async ValueTask<string?> SentAsync(IUnitOfWork unit, long outboxId, string messageId)
    {
        await unit.ExecuteAsync("UPDATE user_authorization_card SET message_id = $2 WHERE outbox_id = $1", outboxId, messageId);
        return await unit.FirstAsync("SELECT authorization_id FROM user_authorization_card WHERE outbox_id = $1",
            static row => row.GetString(0), outboxId);
    }

    /// <summary>Those that were sent, each with its app. The rows are written, so that one whose message is being told just now is
    /// waited for, or waits and then finds the answer: neither could be seen by only looking.</summary>
    public static async ValueTask<List<(string App, string MessageId)>> SentAsync(IUnitOfWork unit, string authorization)
    {
        var cards = await unit.QueryAsync(
            "UPDATE user_authorization_card SET app = app WHERE authorization_id = $1 RETURNING app, message_id",
            static row => (App: row.GetString(0), MessageId: row.Text(1)), authorization);
        return [.. cards.Where(c => c.MessageId is not null).Select(c => (c.App, c.MessageId!))];
    }
}
