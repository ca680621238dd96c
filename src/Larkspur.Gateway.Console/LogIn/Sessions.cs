using System.Collections.Concurrent;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Who is logged in: rows of the database, so that an end of one counts in every process. The browser holds a random token, the row its hash.</summary>
internal sealed class Sessions(IDatabase database, TimeProvider clock)
{
    /// <summary>Without anything done.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>Whatever is done.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>How long an end elsewhere may go unnoticed.</summary>
    public static readonly TimeSpan Remember = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);
    private static readonly string Columns = string.Join(", ", AccountStore.Columns.Split(", ").Select(c => "a." + c));
    private const int MostRemembered = 2000;

    private readonly ConcurrentDictionary<string, (Session? Session, long ReadAt)> _remembered = new(StringComparer.Ordinal);
    private long _forgotten;

    /// <summary>Begins a session in the log-in's transaction. Its person has proved to be it just now.</summary>
    /// <returns>What the browser keeps.</returns>
    public async ValueTask<string> BeginAsync(IUnitOfWork unit, string account, Visit from)
    {
        var token = ConsoleToken.Make();
        var now = clock.GetUtcNow();
        await unit.ExecuteAsync("DELETE FROM console_session WHERE seen_at < $1 OR created_at < $2", (now - Idle).ToUnixTimeMilliseconds(), (now - Longest).ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("""
            INSERT INTO console_session (id, account, stamp, created_at, seen_at, confirmed_at, address, browser, sign_in)
            SELECT $1, name, stamp, $3, $3, $6, $4, $5, $7 FROM console_account WHERE name = $2
            """, ConsoleToken.IdOf(token), account, now.ToUnixTimeMilliseconds(), from.Address, from.Browser,
            (from.ProvedAt ?? now).ToUnixTimeMilliseconds(), from.SignIn);
        return token;
    }

    /// <summary>The session of a token, or null.</summary>
    public Task<Session?> OfTokenAsync(string? token, CancellationToken cancellation = default) =>
        ConsoleToken.IdOf(token) is { } id ? FindAsync(id, cancellation) : Task.FromResult<Session?>(null);

    /// <summary>A session that is in force, or null; at most <see cref="Remember"/> old.</summary>
    public async Task<Session?> FindAsync(string id, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        // What has expired by now may live on by what was done in another process: the row knows.
        if (_remembered.TryGetValue(id, out var known) && clock.GetElapsedTime(known.ReadAt) < Remember
            && (known.Session is not { } session || now - session.SeenAt < Idle && now - session.CreatedAt < Longest)) return known.Session;
        var (at, forgotten) = (clock.GetTimestamp(), Interlocked.Read(ref _forgotten));
        var read = await database.ReadAsync(sql => sql.FirstAsync($"""
            SELECT {Columns}, s.created_at, s.seen_at, s.confirmed_at FROM console_session AS s JOIN console_account AS a ON a.name = s.account
            WHERE s.id = $1 AND s.stamp = a.stamp AND a.disabled = 0 AND s.seen_at > $2 AND s.created_at > $3
            """, row => new Session(id, AccountStore.Read(row, 0), row.Time(AccountStore.ColumnCount), row.Time(AccountStore.ColumnCount + 1), row.TimeOrNull(AccountStore.ColumnCount + 2)),
            id, (now - Idle).ToUnixTimeMilliseconds(), (now - Longest).ToUnixTimeMilliseconds()), cancellation);
        if (_remembered.Count >= MostRemembered) _remembered.Clear();
        _remembered[id] = (read, at);
        // A change while this was read: what was read may be from before it.
        if (Interlocked.Read(ref _forgotten) != forgotten) _remembered.TryRemove(id, out _);
        return read;
    }

    /// <summary>The sessions of an account that are in force, the last used first.</summary>
    public Task<List<OpenSession>> OfAccountAsync(string account, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        return database.ReadAsync(sql => sql.QueryAsync("""
            SELECT s.id, s.created_at, s.seen_at, s.address, s.browser FROM console_session AS s JOIN console_account AS a ON a.name = s.account
            WHERE s.account = $1 AND s.stamp = a.stamp AND s.seen_at > $2 AND s.created_at > $3 ORDER BY s.seen_at DESC, s.id
            """, row => new OpenSession(row.GetString(0), row.Time(1), row.Time(2), row.Text(3), row.Text(4)),
            account, (now - Idle).ToUnixTimeMilliseconds(), (now - Longest).ToUnixTimeMilliseconds()), cancellation);
    }

    /// <summary>Something was done in it: it lives on.</summary>
    public async Task TouchAsync(Session session, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        if (now - session.SeenAt < TouchEvery) return;
        await database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE console_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2", session.Id, now.ToUnixTimeMilliseconds());
            // Whoever works here is signed in.
            if (await unit.FirstAsync("SELECT sign_in FROM console_session WHERE id = $1", row => row.Text(0), session.Id) is { } sid)
                await SignInSessions.TouchAsync(unit, sid, now);
        }, cancellation);
        _remembered.TryRemove(session.Id, out _);
    }

    /// <summary>Ends a session of an account in somebody's transaction.</summary>
    /// <returns>Whether there was one.</returns>
    public async ValueTask<bool> EndAsync(IUnitOfWork unit, string account, string id)
    {
        Tell(unit);
        return await unit.ExecuteAsync("DELETE FROM console_session WHERE id = $1 AND account = $2", id, account) == 1;
    }

    /// <summary>Ends all sessions of an account in somebody's transaction, and its log-ins under way.</summary>
    /// <returns>How many sessions there were.</returns>
    public async ValueTask<int> EndAllAsync(IUnitOfWork unit, string account)
    {
        Tell(unit);
        await PendingLogIns.EndAllAsync(unit, account);
        return await unit.ExecuteAsync("DELETE FROM console_session WHERE account = $1", account);
    }

    /// <summary>Ends what began by a sign-in session, in the transaction that ends that one.</summary>
    public async ValueTask EndOfSignInAsync(IUnitOfWork unit, string sid)
    {
        await unit.ExecuteAsync("DELETE FROM console_log_in WHERE sign_in = $1", sid);
        if (await unit.ExecuteAsync("DELETE FROM console_session WHERE sign_in = $1", sid) > 0) Tell(unit);
    }

    /// <summary>Ends those of an account that began by a sign-in, in somebody's transaction.</summary>
    public async ValueTask EndSignedInAsync(IUnitOfWork unit, string account)
    {
        await unit.ExecuteAsync("DELETE FROM console_log_in WHERE account = $1 AND sign_in IS NOT NULL", account);
        if (await unit.ExecuteAsync("DELETE FROM console_session WHERE account = $1 AND sign_in IS NOT NULL", account) > 0) Tell(unit);
    }

    /// <summary>The person of a sign-in session has just proved who they are: the proof counts for what began by it, where there is
    /// neither a password nor a second factor that would prove more.</summary>
    /// <returns>Whether there is anything.</returns>
    public async Task<bool> ConfirmSignInAsync(SignInSession session, CancellationToken cancellation)
    {
        var any = await database.TransactAsync(async unit => await unit.ExecuteAsync("""
            UPDATE console_session SET confirmed_at = $2 WHERE sign_in = $1 AND (confirmed_at IS NULL OR confirmed_at <= $2)
              AND account IN (SELECT name FROM console_account WHERE by_rule = 1 AND totp IS NULL AND person = $3)
            """, session.Sid, session.AuthTime.ToUnixTimeMilliseconds(), session.Person) > 0, cancellation);
        if (any) Forget();
        return any;
    }

    /// <summary>Sessions may have ended: whoever shows a page looks again.</summary>
    public event Action? Forgotten;

    /// <summary>Something about accounts changed: the next look asks the database.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _forgotten);
        _remembered.Clear();
        Forgotten?.Invoke();
    }

    private void Tell(IUnitOfWork unit)
    {
        unit.AfterCommit(Forget);
        unit.Announce(Topics.ConsoleSessions, 0);
    }
}

/// <summary>A session in force.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="CreatedAt">The log-in.</param>
/// <param name="SeenAt">When something was last done, within a minute.</param>
/// <param name="ConfirmedAt">When its person last proved to be it: by the log-in, or since.</param>
internal sealed record Session(string Id, Account Account, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset? ConfirmedAt);

/// <summary>A session as its owner sees it in a list.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="CreatedAt">The log-in.</param>
/// <param name="SeenAt">When something was last done, within a minute.</param>
/// <param name="Address">Where the log-in came from.</param>
/// <param name="Browser">User-Agent of the log-in.</param>
internal sealed record OpenSession(string Id, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, string? Address, string? Browser);
