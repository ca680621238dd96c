using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>The rows of requests to link.</summary>
internal static class LinkRequests
{
    private const string Select = $"SELECT {LinkRequest.Columns} FROM person_link_request";

    public static async ValueTask AddAsync(IUnitOfWork unit, LinkRequest request, string hash, DateTimeOffset now)
    {
        // One that nobody decided on in time makes room.
        await unit.ExecuteAsync("UPDATE person_link_request SET ended_at = $2, outcome = $3 WHERE account = $1 AND ended_at IS NULL", request.Account, now.ToUnixTimeMilliseconds(), LinkRequest.Expired);
        await unit.ExecuteAsync("""
            INSERT INTO person_link_request (id, account, contact, other, other_contact, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """, request.Id, request.Account, request.Contact.ToJson(), request.Other, request.OtherContact.ToJson(), hash, now.ToUnixTimeMilliseconds(), request.ExpiresAt.ToUnixTimeMilliseconds());
    }

    public static ValueTask<LinkRequest?> FindAsync(ISql sql, string id) => sql.FirstAsync($"{Select} WHERE id = $1", LinkRequest.Read, id);

    /// <summary>What an account is asked and may still decide; null: nothing.</summary>
    public static ValueTask<LinkRequest?> OpenOfAsync(ISql sql, long account, DateTimeOffset now) =>
        sql.FirstAsync($"{Select} WHERE account = $1 AND ended_at IS NULL AND expires_at > $2", LinkRequest.Read, account, now.ToUnixTimeMilliseconds());

    /// <summary>What an account was asked last, decided or not.</summary>
    public static ValueTask<LinkRequest?> LastOfAsync(ISql sql, long account) =>
        sql.FirstAsync($"{Select} WHERE account = $1 ORDER BY created_at DESC, id LIMIT 1", LinkRequest.Read, account);

    /// <summary>The request that an account's typing of a code has made.</summary>
    public static ValueTask<LinkRequest?> OfCodeAsync(ISql sql, string hash, long other) => sql.FirstAsync($"{Select} WHERE hash = $1 AND other = $2", LinkRequest.Read, hash, other);

    /// <summary>It is asked somewhere else from now on.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, LinkRequest request) =>
        await unit.ExecuteAsync("UPDATE person_link_request SET contact = $2 WHERE id = $1 AND ended_at IS NULL", request.Id, request.Contact.ToJson());

    /// <returns>False: it has ended.</returns>
    public static async ValueTask<bool> EndAsync(IUnitOfWork unit, LinkRequest request, string outcome, DateTimeOffset now) => await unit.ExecuteAsync(
        "UPDATE person_link_request SET ended_at = $2, outcome = $3 WHERE id = $1 AND ended_at IS NULL", request.Id, now.ToUnixTimeMilliseconds(), outcome) == 1;

    /// <summary>An account is no more.</summary>
    public static async ValueTask EndOfAsync(IUnitOfWork unit, long account, DateTimeOffset now) => await unit.ExecuteAsync(
        "UPDATE person_link_request SET ended_at = $2, outcome = $3 WHERE (account = $1 OR other = $1) AND ended_at IS NULL", account, now.ToUnixTimeMilliseconds(), LinkRequest.Expired);

    /// <summary>Forgets those of yesterday.</summary>
    public static async ValueTask PruneAsync(IUnitOfWork unit, DateTimeOffset now) => await unit.ExecuteAsync(
        "DELETE FROM person_link_request WHERE expires_at < $1", (now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds());
}
