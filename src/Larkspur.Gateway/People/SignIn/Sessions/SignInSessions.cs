using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn.Sessions;

/// <summary>Who is signed in: rows of the database, so that an end of one counts in every process at once.</summary>
/// <param name="database">Where they lie.</param>
/// <param name="options">How long they last.</param>
/// <param name="ends">Who is told of ends.</param>
/// <param name="audit">Told of beginnings and ends.</param>
/// <param name="clock">The time.</param>
internal sealed class SignInSessions(
    IDatabase database, SignInOptions options, Lazy<ISignInSessionEnd[]> ends, AuditTrail audit, TimeProvider clock) : IPersonMerged
{
    private const int LongestBrowser = 300;
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    /// <summary>Whoever is signed in with the request's browser; null: nobody, or they may not work any more.</summary>
    public async Task<SignInSession?> OfRequestAsync(HttpContext http, CancellationToken cancellation)
    {
        if (SignInCookie.IdOf(SignInCookie.Read(http.Request)) is not { } id) return null;
        var now = clock.GetUtcNow();
        var session = await database.ReadAsync(async sql => await FindAsync(sql, "id", id) is { } found && await MayAsync(sql, found)
            ? found : null, cancellation);
        if (session is null || now - session.SeenAt < TouchEvery) return session;
        await database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE sign_in_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2", id,
                now.ToUnixTimeMilliseconds());
        }, cancellation);
        return session;
    }

    /// <summary>A session that is in force, by its <c>sid</c>; null: it has ended. Whether its person may work is asked besides.</summary>
    public ValueTask<SignInSession?> FindAsync(ISql sql, string sid) => FindAsync(sql, "sid", sid);

    /// <summary>Something was done by a session, in somebody's transaction: it lives on.</summary>
    public static async ValueTask TouchAsync(IUnitOfWork unit, string sid, DateTimeOffset now) =>
        await unit.ExecuteAsync("UPDATE sign_in_session SET seen_at = $2 WHERE sid = $1 AND seen_at < $2", sid,
            now.ToUnixTimeMilliseconds());

    /// <summary>Keeps a session from ending until the transaction is over: what is given by it is given before it ends, or not at
    /// all.</summary>
    /// <returns>Null: it has ended, or its person may not work.</returns>
    public async ValueTask<SignInSession?> HoldAsync(IUnitOfWork unit, string sid) =>
        await unit.ExecuteAsync("UPDATE sign_in_session SET seen_at = seen_at WHERE sid = $1", sid) == 1
        && await FindAsync(unit, sid) is { } session && await MayAsync(unit, session) ? session : null;

    /// <summary>Ends all that were proved by a method, in somebody's transaction: it is not to be believed any more.</summary>
    public async ValueTask EndOfMethodAsync(IUnitOfWork unit, Actor who, string method)
    {
        var proved = await unit.QueryAsync($"SELECT {SignInSession.Columns} FROM sign_in_session WHERE method = $1", SignInSession.Read,
            method);
        await EndAsync(unit, who, proved, "method_ended");
        foreach (var person in proved.Select(s => s.Person).Distinct(StringComparer.Ordinal))
        {
            foreach (var end in ends.Value) await end.SignedOutEverywhereAsync(unit, person);
        }

        foreach (var end in ends.Value) await end.MethodEndedAsync(unit, method);
    }

    /// <summary>What the method told with the last proof of a session; null: the session is over.</summary>
    public Task<SignInContext?> ContextAsync(string sid, CancellationToken cancellation) =>
        database.ReadAsync(sql => SignInContext.FindAsync(sql, sid), cancellation);

    /// <summary>Of a person, the last used first.</summary>
    public ValueTask<List<SignInSession>> OfPersonAsync(ISql sql, string person) => sql.QueryAsync(
        $"SELECT {SignInSession.Columns} FROM sign_in_session WHERE person = $1 AND seen_at > $2 AND created_at > $3 ORDER BY seen_at DESC",
        SignInSession.Read, person, IdleEdge, AgeEdge);

    /// <summary>Begins a session in the transaction that proves who the person is, or goes on with the one that this browser has: then it
    /// has a new time of proof. A session of somebody else with this browser ends.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="http">The browser's request.</param>
    /// <param name="person">Who it is.</param>
    /// <param name="method">How they proved it.</param>
    /// <returns>The session, and what the browser is to hold (<see cref="SignInCookie.Write"/>, after the commit); null: what it
    /// has.</returns>
    public async ValueTask<(SignInSession Session, string? Token)> BeginAsync(IUnitOfWork unit, HttpContext http, string person,
        string method)
    {
        var now = clock.GetUtcNow();
        if (SignInCookie.IdOf(SignInCookie.Read(http.Request)) is { } id && await FindAsync(unit, "id", id) is { } before)
        {
            if (before.Person == person)
            {
                await unit.ExecuteAsync("UPDATE sign_in_session SET method = $2, auth_time = $3, seen_at = $3 WHERE id = $1", id, method,
                    now.ToUnixTimeMilliseconds());
                return (before with { Method = method, AuthTime = now, SeenAt = now }, null);
            }

            await EndAsync(unit, Actor.System, [before], "other_person");
        }

        var token = SignInCookie.MakeToken();
        var agent = http.Request.Headers.UserAgent.ToString();
        var session = new SignInSession
        {
            Id = SignInCookie.IdOf(token)!, Sid = "si_" + Guid.NewGuid().ToString("N"), Person = person, Method = method, AuthTime = now,
            CreatedAt = now, SeenAt = now, Address = http.Connection.RemoteIpAddress?.ToString(),
            Browser = agent.Length == 0 ? null : agent[..Math.Min(agent.Length, LongestBrowser)],
        };
        await unit.ExecuteAsync($"INSERT INTO sign_in_session ({SignInSession.Columns}) VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7)",
            session.Id, session.Sid, person, method, now.ToUnixTimeMilliseconds(), session.Address, session.Browser);
        return (session, token);
    }

    /// <summary>Ends sessions in somebody's transaction.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="who">For the audit log.</param>
    /// <param name="sessions">Which.</param>
    /// <param name="why">A word, for the audit log.</param>
    /// <returns>Those that had not ended before.</returns>
    public async ValueTask<IReadOnlyList<SignInSession>> EndAsync(
        IUnitOfWork unit, Actor who, IReadOnlyList<SignInSession> sessions, string why)
    {
        var ended = new List<SignInSession>();
        foreach (var session in sessions)
        {
            if (await unit.ExecuteAsync("DELETE FROM sign_in_session WHERE id = $1", session.Id) == 1) ended.Add(session);
        }

        if (ended.Count == 0) return ended;
        foreach (var end in ends.Value) await end.EndedAsync(unit, ended);
        foreach (var session in ended)
        {
            await audit.AddAsync(unit, who, "sign_in.ended", session.Person,
                new System.Text.Json.Nodes.JsonObject { ["session"] = session.Sid, ["why"] = why });
        }

        return ended;
    }

    /// <summary>Ends all sessions of a person in somebody's transaction.</summary>
    public async ValueTask<IReadOnlyList<SignInSession>> EndAllAsync(IUnitOfWork unit, Actor who, string person, string why) =>
        await EndAsync(unit, who, await unit.QueryAsync($"SELECT {SignInSession.Columns} FROM sign_in_session WHERE person = $1",
            SignInSession.Read, person), why);

    /// <summary>A person signs out everywhere, in somebody's transaction.</summary>
    public async ValueTask SignOutEverywhereAsync(IUnitOfWork unit, Actor who, string person)
    {
        await EndAllAsync(unit, who, person, "signed_out_everywhere");
        foreach (var end in ends.Value) await end.SignedOutEverywhereAsync(unit, person);
    }

    /// <summary>Forgets those whose time is over, and tells whoever gave something by them away.</summary>
    public async ValueTask<int> PruneAsync(OldBatch old)
    {
        var over = await old.Unit.QueryAsync($"""
            SELECT {SignInSession.Columns} FROM sign_in_session WHERE seen_at <= $1 OR created_at <= $2 ORDER BY seen_at LIMIT $3
            """, SignInSession.Read, IdleEdge, AgeEdge, old.AtMost);
        foreach (var session in over) await old.Unit.ExecuteAsync("DELETE FROM sign_in_session WHERE id = $1", session.Id);
        if (over.Count > 0)
        {
            foreach (var end in ends.Value) await end.EndedAsync(old.Unit, over);
        }

        return over.Count;
    }

    /// <summary>They are the one's who remains.</summary>
    public async ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join) =>
        await unit.ExecuteAsync("UPDATE sign_in_session SET person = $2 WHERE person = $1", join.Former, join.Person);

    /// <summary>Which of the two proved to be it is not known any more: they sign in again.</summary>
    public async ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo) => await EndAllAsync(unit, Actor.System, undo.Person, "separated");

    /// <inheritdoc cref="UndoneAsync"/>
    public async ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) =>
        await EndAllAsync(unit, Actor.System, from, "separated");

    /// <summary>They end for good.</summary>
    public async ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person) => await EndAllAsync(unit, who, person, "shut_out");

    private long IdleEdge => (clock.GetUtcNow() - options.Idle).ToUnixTimeMilliseconds();

    private long AgeEdge => (clock.GetUtcNow() - options.Longest).ToUnixTimeMilliseconds();

    private ValueTask<SignInSession?> FindAsync(ISql sql, string column, string value) => sql.FirstAsync(
        $"SELECT {SignInSession.Columns} FROM sign_in_session WHERE {column} = $1 AND seen_at > $2 AND created_at > $3",
        SignInSession.Read, value, IdleEdge, AgeEdge);

    private static async ValueTask<bool> MayAsync(ISql sql, SignInSession session) =>
        await PersonRows.FindAsync(sql, session.Person) is { IsDisabled: false };
}
