using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>What stopped for somebody's word, and goes on with it.</summary>
/// <param name="Id">Hash of what stopped.</param>
/// <param name="Authorization">The authorization that it waits for.</param>
/// <param name="Kind">Whose it is (<see cref="Resuming.IAuthorizationResume.Kind"/>).</param>
/// <param name="Payload">JSON, its kind's own.</param>
/// <param name="Tries">In vain.</param>
internal sealed record PendingResume(string Id, string Authorization, string Kind, string Payload, int Tries);

/// <summary>Work that stopped for somebody's word.</summary>
/// <param name="Kind">Whose it is (<see cref="Resuming.IAuthorizationResume.Kind"/>).</param>
/// <param name="Key">Names it within its kind: it goes on once.</param>
/// <param name="Payload">JSON, its kind's own: what it needs to go on.</param>
internal sealed record StoppedWork(string Kind, string Key, string Payload);

/// <summary>The rows of <see cref="PendingResume"/>.</summary>
internal static class ResumeRows
{
    /// <summary>So many are taken at once.</summary>
    public const int AtOnce = 16;

    /// <summary>Keeps what goes on, once for each key.</summary>
    /// <returns>False: it was kept before.</returns>
    public static async ValueTask<bool> AddAsync(IUnitOfWork unit, string authorization, StoppedWork work, DateTimeOffset now) =>
        await unit.ExecuteAsync("""
            INSERT INTO user_authorization_resume (id, authorization_id, kind, payload, made_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id) DO NOTHING
            """, IdOf(work), authorization, work.Kind, work.Payload, now.ToUnixTimeMilliseconds()) == 1;

    /// <summary>The person has said yes: all that waits for it goes on.</summary>
    public static async ValueTask ReleaseAsync(IUnitOfWork unit, string authorization, DateTimeOffset now) => await unit.ExecuteAsync(
        "UPDATE user_authorization_resume SET due_at = $2 WHERE authorization_id = $1 AND due_at IS NULL", authorization,
        now.ToUnixTimeMilliseconds());

    /// <summary>Another authorization took the place of one: what waits for it does so for that, and what goes on by it begins
    /// anew by that.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, string from, string to) => await unit.ExecuteAsync(
        "UPDATE user_authorization_resume SET authorization_id = $2, lease_until = NULL WHERE authorization_id = $1", from, to);

    public static async ValueTask ForgetAsync(IUnitOfWork unit, string authorization) =>
        await unit.ExecuteAsync("DELETE FROM user_authorization_resume WHERE authorization_id = $1", authorization);

    /// <summary>Takes those that are due for this process. What a process that dies had taken, another takes when the lease is
    /// over.</summary>
    public static async Task<List<PendingResume>> TakeAsync(IDatabase database, DateTimeOffset now, TimeSpan lease,
        CancellationToken cancellation)
    {
        var due = await database.ReadAsync(sql => sql.QueryAsync("""
            SELECT id FROM user_authorization_resume WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
            ORDER BY due_at LIMIT $2
            """, static row => row.GetString(0), now.ToUnixTimeMilliseconds(), AtOnce), cancellation);
        if (due.Count == 0) return [];
        return await database.TransactAsync(async unit => await unit.QueryAsync($"""
            UPDATE user_authorization_resume SET lease_until = $2 WHERE id {IdList.In(database.Dialect, "$3")} AND due_at <= $1
            AND (lease_until IS NULL OR lease_until < $1) RETURNING id, authorization_id, kind, payload, tries
            """, static row => new PendingResume(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
                (int)row.GetInt64(4)), now.ToUnixTimeMilliseconds(), (now + lease).ToUnixTimeMilliseconds(),
            IdList.Of(database.Dialect, due)), cancellation);
    }

    /// <summary>It is done.</summary>
    /// <returns>False: somebody else has done it, or it goes on by another authorization.</returns>
    public static async ValueTask<bool> EndAsync(IUnitOfWork unit, PendingResume row) => await unit.ExecuteAsync(
        "DELETE FROM user_authorization_resume WHERE id = $1 AND authorization_id = $2", row.Id, row.Authorization) == 1;

    /// <summary>It is tried again, unless somebody else has it by now.</summary>
    public static Task PutOffAsync(IDatabase database, PendingResume row, DateTimeOffset until, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("""
                UPDATE user_authorization_resume SET tries = $4, due_at = $5, lease_until = NULL
                WHERE id = $1 AND authorization_id = $2 AND tries = $3
                """, row.Id, row.Authorization, row.Tries, row.Tries + 1, until.ToUnixTimeMilliseconds());
        }, cancellation);

    /// <summary>Forgets what nobody waits for any more.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync("""
        DELETE FROM user_authorization_resume WHERE id IN (
          SELECT id FROM user_authorization_resume WHERE made_at < $1 ORDER BY made_at LIMIT $2)
        """);

    private static string IdOf(StoppedWork work) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{work.Kind}\n{work.Key}")));
}
