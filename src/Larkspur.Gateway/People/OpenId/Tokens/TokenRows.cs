using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>Families and tokens in the database.</summary>
internal static class TokenRows
{
    private const int LongestToken = 8 << 10;

    /// <summary>A token that somebody shows; null: there is none.</summary>
    public static async ValueTask<KnownToken?> FindAsync(ISql sql, string token) => token.Length > LongestToken ? null
        : await sql.FirstAsync($"""
            SELECT {TokenFamily.Columns}, t.hash, t.is_refresh, t.scopes, t.made_at, t.expires_at, t.used_at
            FROM oidc_token t JOIN oidc_family f ON f.id = t.family WHERE t.hash = $1
            """, static row => new KnownToken
        {
            Family = TokenFamily.Read(row), Hash = row.GetString(TokenFamily.Width), IsRefresh = row.GetInt64(TokenFamily.Width + 1) != 0,
            Scopes = row.GetString(TokenFamily.Width + 2), MadeAt = row.Time(TokenFamily.Width + 3),
            ExpiresAt = row.Time(TokenFamily.Width + 4), UsedAt = row.TimeOrNull(TokenFamily.Width + 5),
        }, TokenText.Hash(token));

    public static async ValueTask AddAsync(IUnitOfWork unit, TokenFamily family) => await unit.ExecuteAsync("""
        INSERT INTO oidc_family (id, client, person, sid, offline, scopes, auth_time, used_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """, family.Id, family.Client, family.Person, family.Sid, family.IsOffline ? 1L : 0L, family.Scopes,
        family.AuthTime.ToUnixTimeMilliseconds(), family.UsedAt.ToUnixTimeMilliseconds(), family.ExpiresAt.ToUnixTimeMilliseconds());

    public static async ValueTask AddAsync(
        IUnitOfWork unit, string family, string token, bool isRefresh, string scopes, DateTimeOffset now, DateTimeOffset until) =>
        await unit.ExecuteAsync("""
            INSERT INTO oidc_token (hash, family, is_refresh, scopes, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
            """, TokenText.Hash(token), family, isRefresh ? 1L : 0L, scopes, now.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds());

    /// <summary>Ends a family.</summary>
    /// <returns>False: it had ended.</returns>
    public static async ValueTask<bool> EndAsync(IUnitOfWork unit, string family, DateTimeOffset now) => await unit.ExecuteAsync(
        "UPDATE oidc_family SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", family, now.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Ends all that a person gave, also what no session stands behind, and codes that were not used.</summary>
    public static async ValueTask EndOfPersonAsync(IUnitOfWork unit, string person, DateTimeOffset now)
    {
        await unit.ExecuteAsync("UPDATE oidc_family SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL", person,
            now.ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("DELETE FROM oidc_code WHERE person = $1 AND used_at IS NULL", person);
    }

    /// <summary>Ends all that a person gave a client.</summary>
    public static async ValueTask EndOfPersonAsync(IUnitOfWork unit, string person, string client, DateTimeOffset now)
    {
        await unit.ExecuteAsync("UPDATE oidc_family SET ended_at = $3 WHERE person = $1 AND client = $2 AND ended_at IS NULL", person,
            client, now.ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("DELETE FROM oidc_code WHERE person = $1 AND client = $2 AND used_at IS NULL", person, client);
    }

    /// <summary>A session is over: what stood on it ends, what was given for longer stays.</summary>
    public static async ValueTask EndOfSessionAsync(IUnitOfWork unit, string sid, DateTimeOffset now)
    {
        await unit.ExecuteAsync("UPDATE oidc_family SET ended_at = $2 WHERE sid = $1 AND offline = 0 AND ended_at IS NULL", sid,
            now.ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("DELETE FROM oidc_code WHERE sid = $1 AND used_at IS NULL", sid);
    }

    /// <summary>Ends all that a client has.</summary>
    public static async ValueTask EndOfClientAsync(IUnitOfWork unit, string client, DateTimeOffset now)
    {
        await unit.ExecuteAsync("UPDATE oidc_family SET ended_at = $2 WHERE client = $1 AND ended_at IS NULL", client,
            now.ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("DELETE FROM oidc_code WHERE client = $1 AND used_at IS NULL", client);
    }

    /// <summary>The person is there under this id and may work.</summary>
    public static async ValueTask<bool> MayWorkAsync(ISql sql, string person) => await sql.NumberAsync(
        "SELECT 1 FROM person WHERE id = $1 AND disabled_at IS NULL AND absence IS NULL", person) is not null;

    /// <summary>What holds at this moment: the token and its family have not ended, its client is there, the person may work.</summary>
    public static async ValueTask<OidcClient?> HoldsAsync(ISql sql, KnownToken token, DateTimeOffset now) =>
        token.UsedAt is null && token.ExpiresAt > now && token.Family.EndedAt is null
        && await MayWorkAsync(sql, token.Family.Person)
        && await OidcClient.FindAsync(sql, token.Family.Client) is { IsEnabled: true } client ? client : null;

    /// <summary>Forgets tokens whose time is over.</summary>
    public static async ValueTask<int> PruneTokensAsync(OldBatch old) => await old.ExecuteAsync(
        "DELETE FROM oidc_token WHERE hash IN (SELECT hash FROM oidc_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)");

    /// <summary>Forgets families, with their tokens, that ended or ran out that long ago.</summary>
    public static async ValueTask<int> PruneFamiliesAsync(OldBatch old)
    {
        var over = await old.IdsAsync("SELECT id FROM oidc_family WHERE expires_at < $1 OR ended_at < $1 ORDER BY expires_at LIMIT $2");
        if (over.Count == 0) return 0;
        var ids = IdList.Of(old.Dialect, over);
        await old.Unit.ExecuteAsync($"DELETE FROM oidc_token WHERE family {IdList.In(old.Dialect, "$1")}", ids);
        return await old.Unit.ExecuteAsync($"DELETE FROM oidc_family WHERE id {IdList.In(old.Dialect, "$1")}", ids);
    }
}
