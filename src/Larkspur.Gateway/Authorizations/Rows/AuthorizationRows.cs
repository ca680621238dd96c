using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>The rows of <see cref="UserAuthorization"/>.</summary>
internal static class AuthorizationRows
{
    private const string Select = $"SELECT {UserAuthorization.Columns} FROM user_authorization";

    public static ValueTask<UserAuthorization?> FindAsync(ISql sql, string id) =>
        sql.FirstAsync($"{Select} WHERE id = $1", UserAuthorization.Read, id);

    private const string Open =
        $"state IN ('{AuthorizationStates.Waiting}', '{AuthorizationStates.Given}', '{AuthorizationStates.Refused}')";

    /// <summary>What a person allows an app, is asked by it, or refused it, the newest first; questions whose time is over too.</summary>
    public static ValueTask<List<UserAuthorization>> OpenAsync(ISql sql, string app, string openId) =>
        sql.QueryAsync($"{Select} WHERE app = $1 AND open_id = $2 AND {Open} ORDER BY number DESC", UserAuthorization.Read, app, openId);

    /// <summary>What a person allows a holder or is asked by it, and what became of all that it asked lately; the newest first.</summary>
    public static ValueTask<List<UserAuthorization>> OfHolderAsync(ISql sql, string app, string openId, string holder,
        DateTimeOffset since) => sql.QueryAsync($"""
        {Select} WHERE app = $1 AND open_id = $2 AND holder = $3 AND ({Open} OR asked_at > $4 OR decided_at > $4) ORDER BY number DESC
        """, UserAuthorization.Read, app, openId, holder, since.ToUnixTimeMilliseconds());

    /// <summary>The person allows the app anything.</summary>
    public static async ValueTask<bool> AnyGivenAsync(ISql sql, string app, string openId) => await sql.NumberAsync(
        $"SELECT 1 FROM user_authorization WHERE app = $1 AND open_id = $2 AND state = '{AuthorizationStates.Given}' LIMIT 1", app,
        openId) is not null;

    /// <summary>What a person allows a holder now.</summary>
    public static ValueTask<List<UserAuthorization>> GivenAsync(ISql sql, string app, string openId, string holder) => sql.QueryAsync(
        $"{Select} WHERE app = $1 AND open_id = $2 AND holder = $3 AND state = '{AuthorizationStates.Given}' ORDER BY number DESC",
        UserAuthorization.Read, app, openId, holder);

    /// <summary>A page, the newest first.</summary>
    /// <param name="sql">The connection.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="now">What waits is told from what nobody answered by it.</param>
    public static ValueTask<List<UserAuthorization>> PageAsync(ISql sql, AuthorizationFilter filter, DateTimeOffset now)
    {
        var conditions = new SqlConditions().When(filter.Seen).When(filter.App, "app").When(filter.Before, "number <");
        var time = now.ToUnixTimeMilliseconds();
        conditions.When(filter.State is AuthorizationStates.Expired ? AuthorizationStates.Waiting : filter.State, "state");
        if (filter.State == AuthorizationStates.Waiting) conditions.When(time, "expires_at >");
        if (filter.State == AuthorizationStates.Expired) conditions.When(time, "expires_at <=");
        conditions.Among(filter.OpenIds, "open_id");
        return sql.QueryAsync($"{Select} WHERE {conditions.Text} ORDER BY number DESC LIMIT {filter.Limit}", UserAuthorization.Read,
            conditions.Values);
    }

    public static async ValueTask AddAsync(IUnitOfWork unit, UserAuthorization row) => await unit.ExecuteAsync("""
        INSERT INTO user_authorization (id, app, open_id, holder, owner, scopes, reason_zh, reason_en, state, asked_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """, row.Id, row.App, row.OpenId, row.Holder, row.Owner, UserAuthorization.Text(row.Scopes), row.Reason.Chinese,
        row.Reason.English, row.State, row.AskedAt.ToUnixTimeMilliseconds(), row.ExpiresAt.ToUnixTimeMilliseconds());

    /// <summary>The person's answer. A no can become a yes as long as the question is open, which is as long as the no holds.</summary>
    /// <returns>False: it is given, has ended, or nobody waits for it any more.</returns>
    public static async ValueTask<bool> DecideAsync(IUnitOfWork unit, string id, bool given, DateTimeOffset now, DateTimeOffset open) =>
        await unit.ExecuteAsync($"""
            UPDATE user_authorization SET state = $2, decided_at = $3,
              expires_at = CASE WHEN $2 = '{AuthorizationStates.Refused}' THEN $4 ELSE expires_at END
            WHERE id = $1 AND expires_at > $3 AND (state = '{AuthorizationStates.Waiting}'
              OR ($2 = '{AuthorizationStates.Given}' AND state = '{AuthorizationStates.Refused}'))
            """, id, given ? AuthorizationStates.Given : AuthorizationStates.Refused, now.ToUnixTimeMilliseconds(),
            open.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Ends one that waits or is given.</summary>
    /// <returns>False: it has ended before.</returns>
    public static async ValueTask<bool> EndAsync(IUnitOfWork unit, string id, string why, DateTimeOffset now) =>
        await unit.ExecuteAsync($"""
            UPDATE user_authorization SET state = '{AuthorizationStates.Ended}', ended_at = $2, ended_why = $3
            WHERE id = $1 AND state IN ('{AuthorizationStates.Waiting}', '{AuthorizationStates.Given}')
            """, id, now.ToUnixTimeMilliseconds(), why) == 1;

    /// <summary>Forgets those that are over for so long.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old)
    {
        var ids = await old.IdsAsync($"""
            SELECT id FROM user_authorization WHERE state <> '{AuthorizationStates.Given}' AND expires_at < $1
            AND COALESCE(ended_at, decided_at, expires_at) < $1 ORDER BY expires_at LIMIT $2
            """);
        if (ids.Count == 0) return 0;
        var (among, list) = (IdList.In(old.Dialect, "$1"), IdList.Of(old.Dialect, ids));
        await old.Unit.ExecuteAsync($"DELETE FROM user_authorization_resume WHERE authorization_id {among}", list);
        await old.Unit.ExecuteAsync($"DELETE FROM user_authorization_card WHERE authorization_id {among}", list);
        return await old.Unit.ExecuteAsync($"DELETE FROM user_authorization WHERE id {among}", list);
    }
}

/// <summary>Which authorizations somebody wants to see. What is null does not matter.</summary>
internal sealed record AuthorizationFilter
{
    public OwnerFilter Seen { get; init; } = OwnerFilter.All;

    public string? App { get; init; }

    /// <summary>A word of <see cref="AuthorizationStates"/>.</summary>
    public string? State { get; init; }

    /// <summary>Of these people alone.</summary>
    public IReadOnlyList<string>? OpenIds { get; init; }

    /// <summary>Only those with a lower number.</summary>
    public long? Before { get; init; }

    public int Limit { get; init; } = 50;
}
