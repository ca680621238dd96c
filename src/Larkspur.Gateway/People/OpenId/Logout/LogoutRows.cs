using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Logout;

/// <summary>A client that is to be told that a session has ended.</summary>
/// <param name="Id">Its number, and the token's <c>jti</c>.</param>
/// <param name="Client">Who is told.</param>
/// <param name="Sid">The session.</param>
/// <param name="Person">Whose it was.</param>
/// <param name="Issuer">As the client knows the gateway.</param>
/// <param name="Tries">In vain.</param>
internal sealed record PendingLogout(long Id, string Client, string Sid, string Person, string Issuer, int Tries);

/// <summary>Which clients a session signed in to, and the queue of those that are told of its end.</summary>
internal static class LogoutRows
{
    private const int AtOnce = 16;

    private const string Insert = """
        INSERT INTO oidc_logout (client, sid, person, issuer, not_before, created_at)
        SELECT client, sid, person, issuer, $2, $2 FROM oidc_session_client WHERE
        """;

    /// <summary>Tells the clients of a session.</summary>
    public static async ValueTask QueueAsync(IUnitOfWork unit, string sid, DateTimeOffset now)
    {
        await unit.ExecuteAsync($"{Insert} sid = $1", sid, now.ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("DELETE FROM oidc_session_client WHERE sid = $1", sid);
    }

    /// <summary>Tells the clients of all sessions of a person that were not told of yet.</summary>
    public static async ValueTask QueueOfPersonAsync(IUnitOfWork unit, string person, DateTimeOffset now)
    {
        await unit.ExecuteAsync($"{Insert} person = $1", person, now.ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("DELETE FROM oidc_session_client WHERE person = $1", person);
    }

    /// <summary>Takes those that are due for this process.</summary>
    public static async Task<List<PendingLogout>> TakeAsync(IDatabase database, DateTimeOffset now, TimeSpan lease,
        CancellationToken cancellation)
    {
        var due = await database.ReadAsync(sql => sql.QueryAsync("""
            SELECT id FROM oidc_logout WHERE not_before <= $1 AND (lease_until IS NULL OR lease_until < $1) ORDER BY not_before LIMIT $2
            """, static row => row.GetInt64(0), now.ToUnixTimeMilliseconds(), AtOnce), cancellation);
        if (due.Count == 0) return [];
        return await database.TransactAsync(async unit => await unit.QueryAsync($"""
            UPDATE oidc_logout SET lease_until = $2 WHERE id {IdList.In(database.Dialect, "$3")} AND not_before <= $1
            AND (lease_until IS NULL OR lease_until < $1) RETURNING id, client, sid, person, issuer, tries
            """, static row => new PendingLogout(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                (int)row.GetInt64(5)), now.ToUnixTimeMilliseconds(), (now + lease).ToUnixTimeMilliseconds(),
            IdList.Of(database.Dialect, due)), cancellation);
    }

    /// <summary>It was told, or nobody tries any more.</summary>
    public static Task EndAsync(IDatabase database, PendingLogout row, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("DELETE FROM oidc_logout WHERE id = $1", row.Id);
    }, cancellation);

    /// <summary>It is tried again.</summary>
    public static Task PutOffAsync(IDatabase database, PendingLogout row, DateTimeOffset until, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE oidc_logout SET tries = $2, not_before = $3, lease_until = NULL WHERE id = $1", row.Id,
                row.Tries + 1, until.ToUnixTimeMilliseconds());
        }, cancellation);

    public static async ValueTask ForgetClientAsync(IUnitOfWork unit, string client)
    {
        await unit.ExecuteAsync("DELETE FROM oidc_logout WHERE client = $1", client);
        await unit.ExecuteAsync("DELETE FROM oidc_session_client WHERE client = $1", client);
    }
}

/// <summary>Wakes the worker of this process.</summary>
internal sealed class LogoutSignal : WorkSignal;
