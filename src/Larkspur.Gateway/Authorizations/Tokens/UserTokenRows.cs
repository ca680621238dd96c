using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Tokens;

/// <summary>The rows of <c>user_token</c>: the tokens of one person with one app of a platform, encrypted.</summary>
internal static class UserTokenRows
{
    /// <summary>By the app's id on the platform: another app under the same name is given nobody's tokens.</summary>
    public static string IdOf(string appId, string openId) => $"{appId} {openId}";

    public static ValueTask<string?> FindAsync(ISql sql, string id) =>
        sql.FirstAsync("SELECT sealed FROM user_token WHERE id = $1", static row => row.Text(0), id);

    public static async ValueTask SaveAsync(IUnitOfWork unit, UserTokenRow row) => await unit.ExecuteAsync("""
        INSERT INTO user_token (id, app, open_id, sealed, scopes, expires_at, refresh_expires_at, saved_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET app = excluded.app, sealed = excluded.sealed, scopes = excluded.scopes,
          expires_at = excluded.expires_at, refresh_expires_at = excluded.refresh_expires_at, saved_at = excluded.saved_at
        """, row.Id, row.App, row.OpenId, row.Sealed, row.Scopes, row.ExpiresAt.ToUnixTimeMilliseconds(),
        row.RefreshExpiresAt?.ToUnixTimeMilliseconds(), row.SavedAt.ToUnixTimeMilliseconds());

    /// <summary>Keeps tokens in the place of those that still lie there.</summary>
    public static async ValueTask ReplaceAsync(IUnitOfWork unit, UserTokenRow row, string before) => await unit.ExecuteAsync("""
        UPDATE user_token SET sealed = $2, scopes = $3, expires_at = $4, refresh_expires_at = $5, saved_at = $6
        WHERE id = $1 AND sealed = $7
        """, row.Id, row.Sealed, row.Scopes, row.ExpiresAt.ToUnixTimeMilliseconds(), row.RefreshExpiresAt?.ToUnixTimeMilliseconds(),
        row.SavedAt.ToUnixTimeMilliseconds(), before);

    /// <summary>Takes the person's lock for a while.</summary>
    /// <returns>False: somebody else has it.</returns>
    public static async ValueTask<bool> LockAsync(IUnitOfWork unit, string id, string app, string openId, string by, DateTimeOffset now,
        DateTimeOffset until)
    {
        await unit.ExecuteAsync("INSERT INTO user_token (id, app, open_id, saved_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
            id, app, openId, now.ToUnixTimeMilliseconds());
        return await unit.ExecuteAsync(
            "UPDATE user_token SET locked_by = $2, locked_until = $3 WHERE id = $1 AND (locked_until IS NULL OR locked_until < $4)", id,
            by, until.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()) == 1;
    }

    public static async ValueTask UnlockAsync(IUnitOfWork unit, string id, string by)
    {
        await unit.ExecuteAsync("DELETE FROM user_token WHERE id = $1 AND locked_by = $2 AND sealed IS NULL", id, by);
        await unit.ExecuteAsync("UPDATE user_token SET locked_by = NULL, locked_until = NULL WHERE id = $1 AND locked_by = $2", id, by);
    }

    /// <summary>Forgets the tokens of an id that lie there still; its lock stays.</summary>
    public static async ValueTask ForgetThoseAsync(IUnitOfWork unit, string id, string kept) => await unit.ExecuteAsync("""
        UPDATE user_token SET sealed = NULL, scopes = '', expires_at = NULL, refresh_expires_at = NULL WHERE id = $1 AND sealed = $2
        """, id, kept);

    /// <summary>Forgets a person's tokens with the app of a name.</summary>
    public static async ValueTask ForgetAsync(IUnitOfWork unit, string app, string openId) => await unit.ExecuteAsync(
        "UPDATE user_token SET sealed = NULL, scopes = '', expires_at = NULL, refresh_expires_at = NULL WHERE app = $1 AND open_id = $2",
        app, openId);

    /// <summary>Forgets tokens that nobody allows to be used: of an answer that broke off half way, or that came after its
    /// withdrawal.</summary>
    /// <remarks>The first conditions stand outside too: PostgreSQL looks at them again in a row that was written meanwhile, and at what
    /// stands inside it does not.</remarks>
    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync("""
        DELETE FROM user_token WHERE saved_at < $1 AND (locked_until IS NULL OR locked_until < $1) AND id IN (
          SELECT id FROM user_token WHERE saved_at < $1 AND (locked_until IS NULL OR locked_until < $1)
          AND (sealed IS NULL OR refresh_expires_at < $1 OR NOT EXISTS (SELECT 1 FROM user_authorization
            WHERE user_authorization.app = user_token.app AND user_authorization.open_id = user_token.open_id
            AND user_authorization.state = 'given')) ORDER BY saved_at LIMIT $2)
        """);
}

/// <summary>One of them.</summary>
internal sealed record UserTokenRow(
    string Id, string App, string OpenId, string Sealed, string Scopes, DateTimeOffset ExpiresAt, DateTimeOffset? RefreshExpiresAt,
    DateTimeOffset SavedAt)
{
    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}
