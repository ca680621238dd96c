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

    /// <summary>Those that were sent, each with its app.</summary>
    public static ValueTask<List<(string App, string MessageId)>> SentAsync(ISql sql, string authorization) => sql.QueryAsync(
        "SELECT app, message_id FROM user_authorization_card WHERE authorization_id = $1 AND message_id IS NOT NULL",
        static row => (row.GetString(0), row.GetString(1)), authorization);
}
