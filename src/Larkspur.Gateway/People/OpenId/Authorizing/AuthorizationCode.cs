using System.Data.Common;
using Larkspur.Gateway.People.OpenId.Tokens;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Authorizing;

/// <summary>A code, bound to all that it was asked for with.</summary>
internal sealed record AuthorizationCode
{
    /// <summary>So long a client has to exchange it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    public const string Columns =
        "hash, client, person, sid, redirect_uri, scopes, nonce, challenge, auth_time, expires_at, used_at, family";

    public required string Hash { get; init; }

    public required string Client { get; init; }

    public required string Person { get; init; }

    public required string Sid { get; init; }

    public required string RedirectUri { get; init; }

    public required string Scopes { get; init; }

    public string? Nonce { get; init; }

    public string? Challenge { get; init; }

    public required DateTimeOffset AuthTime { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>What came of it.</summary>
    public string? Family { get; init; }

    public static AuthorizationCode Read(DbDataReader row) => new()
    {
        Hash = row.GetString(0), Client = row.GetString(1), Person = row.GetString(2), Sid = row.GetString(3),
        RedirectUri = row.GetString(4), Scopes = row.GetString(5), Nonce = row.Text(6), Challenge = row.Text(7), AuthTime = row.Time(8),
        ExpiresAt = row.Time(9), UsedAt = row.TimeOrNull(10), Family = row.Text(11),
    };

    public static async ValueTask<AuthorizationCode?> FindAsync(ISql sql, string code) => !TokenText.Is(code, TokenText.Code) ? null
        : await FindByHashAsync(sql, TokenText.Hash(code));

    public static ValueTask<AuthorizationCode?> FindByHashAsync(ISql sql, string hash) =>
        sql.FirstAsync($"SELECT {Columns} FROM oidc_code WHERE hash = $1", Read, hash);

    public async ValueTask AddAsync(IUnitOfWork unit) => await unit.ExecuteAsync("""
        INSERT INTO oidc_code (hash, client, person, sid, redirect_uri, scopes, nonce, challenge, auth_time, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """, Hash, Client, Person, Sid, RedirectUri, Scopes, Nonce, Challenge, AuthTime.ToUnixTimeMilliseconds(),
        ExpiresAt.ToUnixTimeMilliseconds());

    /// <summary>Uses it up.</summary>
    /// <returns>False: somebody else was faster.</returns>
    public async ValueTask<bool> UseAsync(IUnitOfWork unit, string? family, DateTimeOffset now) => await unit.ExecuteAsync(
        "UPDATE oidc_code SET used_at = $2, family = $3 WHERE hash = $1 AND used_at IS NULL", Hash, now.ToUnixTimeMilliseconds(),
        family) == 1;

    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync(
        "DELETE FROM oidc_code WHERE hash IN (SELECT hash FROM oidc_code WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)");

    public override string ToString() => Client;
}
