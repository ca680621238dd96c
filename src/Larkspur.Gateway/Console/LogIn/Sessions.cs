using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;

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
    private const int MostRemembered = 2000;

    private readonly ConcurrentDictionary<string, (Session? Session, long ReadAt)> _remembered = new(StringComparer.Ordinal);

    /// <summary>Begins a session in the log-in's transaction.</summary>
    /// <returns>What the browser keeps.</returns>
    public async ValueTask<string> BeginAsync(IUnitOfWork unit, string account, string? address)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        await unit.ExecuteAsync("DELETE FROM console_session WHERE seen_at < $1 OR created_at < $2", (now - Idle).ToUnixTimeMilliseconds(), (now - Longest).ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("""
            INSERT INTO console_session (id, account, stamp, created_at, seen_at, address) SELECT $1, name, stamp, $3, $3, $4 FROM account WHERE name = $2
            """, IdOf(token), account, now.ToUnixTimeMilliseconds(), address);
        return token;
    }

    /// <summary>The session of a token, or null.</summary>
    public Task<Session?> OfTokenAsync(string? token, CancellationToken cancellation = default) =>
        token is { Length: 43 } ? FindAsync(IdOf(token), cancellation) : Task.FromResult<Session?>(null);

    /// <summary>A session that is in force, or null; at most <see cref="Remember"/> old.</summary>
    public async Task<Session?> FindAsync(string id, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        // What has expired by now may live on by what was done in another process: the row knows.
        if (_remembered.TryGetValue(id, out var known) && clock.GetElapsedTime(known.ReadAt) < Remember
            && (known.Session is not { } session || now - session.SeenAt < Idle && now - session.CreatedAt < Longest)) return known.Session;
        var at = clock.GetTimestamp();
        var read = await database.ReadAsync(sql => sql.FirstAsync($"""
            SELECT {string.Join(", ", AccountBook.Columns.Split(", ").Select(c => "a." + c))}, s.created_at, s.seen_at FROM console_session AS s JOIN account AS a ON a.name = s.account
            WHERE s.id = $1 AND s.stamp = a.stamp AND a.disabled = 0 AND s.seen_at > $2 AND s.created_at > $3
            """, row => new Session(id, AccountBook.Read(row, 0), row.Time(9), row.Time(10)), id, (now - Idle).ToUnixTimeMilliseconds(), (now - Longest).ToUnixTimeMilliseconds()), cancellation);
        if (_remembered.Count >= MostRemembered) _remembered.Clear();
        _remembered[id] = (read, at);
        return read;
    }

    /// <summary>Something was done in it: it lives on.</summary>
    public async Task TouchAsync(Session session, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        if (now - session.SeenAt < TouchEvery) return;
        await database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE console_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2", session.Id, now.ToUnixTimeMilliseconds());
        }, cancellation);
        _remembered.TryRemove(session.Id, out _);
    }

    /// <summary>Ends a session in the log-out's transaction.</summary>
    public async ValueTask EndAsync(IUnitOfWork unit, string id)
    {
        await unit.ExecuteAsync("DELETE FROM console_session WHERE id = $1", id);
        unit.AfterCommit(Forget);
    }

    /// <summary>Something about accounts changed here: the next look asks the database.</summary>
    public void Forget() => _remembered.Clear();

    private static string IdOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>A session in force.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="CreatedAt">The log-in.</param>
/// <param name="SeenAt">When something was last done, within a minute.</param>
internal sealed record Session(string Id, Account Account, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);
