using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Lets people in, and keeps guessers out.</summary>
internal sealed class LogInDesk(IDatabase database, AuditTrail audit, Passwords passwords, Sessions sessions, TimeProvider clock, ILogger<LogInDesk> logger)
{
    /// <summary>Wrong passwords in a row until an account is locked.</summary>
    public const int MostFailures = 5;

    /// <summary>For how long.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    /// <summary>Logs somebody in.</summary>
    /// <param name="name">The account's.</param>
    /// <param name="password">As it was entered.</param>
    /// <param name="address">Where from.</param>
    /// <param name="known">From a browser that was logged in to it before, whose tries are counted by themselves: the lock is for the others, and stays.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The session's token; null: refused, and nobody learns why.</returns>
    public async Task<string?> LogInAsync(string? name, string? password, string? address, bool known, CancellationToken cancellation)
    {
        var kept = name?.Trim().ToLowerInvariant() ?? "";
        // The attempt is counted before the password is looked at: many at the same time do not get more guesses than one after another.
        var attempt = known ? await database.ReadAsync(sql => FindAsync(sql, kept), cancellation) : await database.TransactAsync(unit => CountAsync(unit, kept), cancellation);
        if (!passwords.Matches(attempt.Hash, password ?? ""))
        {
            logger.LogWarning("A log-in to the console was refused from {Address}", address);
            await database.TransactAsync(unit => TellAsync(unit, attempt, kept, address), cancellation);
            return null;
        }

        return await database.TransactAsync<string?>(async unit =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            // Only while the password is still that one.
            if (await unit.ExecuteAsync($"UPDATE account SET last_log_in = $2{(known ? "" : ", failures = 0, locked_until = NULL")} WHERE name = $1 AND password = $3 AND disabled = 0", kept, now, attempt.Hash) == 0) return null;
            await audit.AddAsync(unit, Actor.Console(kept, address), "account.logged_in", kept);
            return await sessions.BeginAsync(unit, kept, address);
        }, cancellation);
    }

    /// <summary>Begins a session for somebody who was let in by other means: the maker of the first account.</summary>
    public Task<string> AdmitAsync(string name, string? address, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE account SET last_log_in = $2 WHERE name = $1", name, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await audit.AddAsync(unit, Actor.Console(name, address), "account.logged_in", name);
        return await sessions.BeginAsync(unit, name, address);
    }, cancellation);

    /// <summary>Ends a session.</summary>
    public Task LogOutAsync(Session session, string? address, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await sessions.EndAsync(unit, session.Id);
        await audit.AddAsync(unit, Actor.Console(session.Account.Name, address), "account.logged_out", session.Account.Name);
    }, cancellation);

    /// <summary>Counts an attempt as failed; a log-in that goes well takes it back.</summary>
    private async ValueTask<Attempt> CountAsync(IUnitOfWork unit, string name)
    {
        var now = clock.GetUtcNow();
        var failures = await unit.NumberAsync("""
            UPDATE account SET failures = CASE WHEN locked_until IS NULL THEN failures + 1 ELSE 1 END,
              locked_until = CASE WHEN locked_until IS NULL AND failures + 1 >= $3 THEN $4 ELSE NULL END
            WHERE name = $1 AND disabled = 0 AND (locked_until IS NULL OR locked_until <= $2) RETURNING failures
            """, name, now.ToUnixTimeMilliseconds(), MostFailures, (now + LockedFor).ToUnixTimeMilliseconds());
        if (failures is null) return new(null, 0, await unit.NumberAsync("SELECT 1 FROM account WHERE name = $1", name) is not null);
        return new(await unit.FirstAsync("SELECT password FROM account WHERE name = $1", row => row.GetString(0), name), failures.Value, true);
    }

    private static async ValueTask<Attempt> FindAsync(ISql sql, string name) =>
        new(await sql.FirstAsync("SELECT password FROM account WHERE name = $1 AND disabled = 0", row => row.GetString(0), name), 0, IsKnown: true);

    private async ValueTask TellAsync(IUnitOfWork unit, Attempt attempt, string name, string? address)
    {
        // What was entered as a name may have been a password: only a name that exists is written down.
        await audit.AddAsync(unit, new Actor("console", address), "log_in.refused", attempt.IsKnown ? name : null);
        if (attempt.Failures >= MostFailures) await audit.AddAsync(unit, Actor.System, "account.locked", name, new JsonObject { ["minutes"] = (int)LockedFor.TotalMinutes });
    }

    /// <param name="Hash">The password to compare with; null: there is none, or the account is locked or disabled.</param>
    /// <param name="Failures">In a row, this one among them.</param>
    /// <param name="IsKnown">There is an account of the name.</param>
    private sealed record Attempt(string? Hash, long Failures, bool IsKnown);
}
