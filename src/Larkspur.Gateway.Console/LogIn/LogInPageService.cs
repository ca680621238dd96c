using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Lets people in, and keeps guessers out.</summary>
internal sealed partial class LogInPageService(
    IDatabase database, AuditTrail audit, Passwords passwords, Sessions sessions, PendingLogIns pending, SecondFactors factors,
    SignInSessions signIns, TimeProvider clock, ILogger<LogInPageService> logger)
{
    /// <summary>Wrong passwords, or wrong codes, in a row until an account is locked.</summary>
    public const int MostFailures = 5;

    /// <summary>For how long.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    /// <summary>Takes a password.</summary>
    /// <param name="name">The account's.</param>
    /// <param name="password">As it was entered.</param>
    /// <param name="from">Where from.</param>
    /// <param name="known">From a browser that was logged in to it before, whose tries are counted by themselves: the lock is for the others, and stays.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What comes next; null: refused, and nobody learns why.</returns>
    public async Task<Admission?> LogInAsync(string? name, string? password, Visit from, bool known, CancellationToken cancellation)
    {
        var kept = name?.Trim().ToLowerInvariant() ?? "";
        // The attempt is counted before the password is looked at: many at the same time do not get more guesses than one after another.
        var attempt = known ? await database.ReadAsync(sql => FindAsync(sql, kept), cancellation) : await database.TransactAsync(unit => CountAsync(unit, kept), cancellation);
        var match = passwords.Compare(attempt.Hash, password ?? "");
        if (match == PasswordMatch.Wrong)
        {
            LogInRefused(from.Address);
            await database.TransactAsync(unit => TellAsync(unit, attempt, kept, from), cancellation);
            return null;
        }

        var hash = match == PasswordMatch.RightButOld ? passwords.Hash(password!) : attempt.Hash;
        var secret = factors.Seal(TotpCodes.NewSecret());
        return await database.TransactAsync<Admission?>(async unit =>
        {
            // Only while the password is still that one.
            if (await unit.ExecuteAsync($"UPDATE console_account SET password = $3{(known ? "" : ", failures = 0, locked_until = NULL")} WHERE name = $1 AND password = $2 AND disabled = 0",
                kept, attempt.Hash, hash) == 0) return null;
            return await GoOnAsync(unit, kept, from, secret);
        }, cancellation);
    }

    /// <summary>Lets somebody in who has proved by other means to be it: the maker of the first account, whoever signed in with an
    /// account of the company.</summary>
    public Task<Admission> AdmitAsync(string name, Visit from, CancellationToken cancellation)
    {
        var secret = factors.Seal(TotpCodes.NewSecret());
        return database.TransactAsync(unit => GoOnAsync(unit, name, from, secret), cancellation);
    }

    /// <summary>Takes the second step: a code.</summary>
    /// <returns>The session's token; null: the code is wrong or used up, or there were too many wrong ones.</returns>
    public Task<string?> PassAsync(PendingLogIn log, string? code, Visit from, CancellationToken cancellation) => log.Step != LogInStep.Code ? Task.FromResult<string?>(null)
        : factors.PassAsync(new Actor("console", from.Address), log.Account.Name, code, unit => TakeAsync(unit, log, from), cancellation);

    /// <summary>Sets up the second factor of somebody who has to have one; its recovery codes are shown next.</summary>
    /// <returns>Whether the code was right.</returns>
    /// <exception cref="AccountRefusedException">The account has got one meanwhile.</exception>
    public async Task<bool> SetUpFactorAsync(PendingLogIn log, string? code, Visit from, CancellationToken cancellation)
    {
        if (log.Step != LogInStep.SetUp || log.Secret is null || factors.Open(log.Secret) is not { } secret) return false;
        var codes = await factors.SetUpAsync(Actor.Console(log.Account.Name, from.Address), log.Account.Name, secret, code, cancellation);
        if (codes is null) return false;
        var shown = factors.Seal(string.Join('\n', codes));
        await database.TransactAsync(unit => PendingLogIns.KeepCodesAsync(unit, log.Id, shown), cancellation);
        return true;
    }

    /// <summary>The recovery codes were seen: the session begins.</summary>
    /// <returns>Its token; null: this was done already.</returns>
    public Task<string?> FinishAsync(PendingLogIn log, Visit from, CancellationToken cancellation) => log.Step != LogInStep.Codes ? Task.FromResult<string?>(null)
        : database.TransactAsync(unit => TakeAsync(unit, log, from), cancellation);

    /// <summary>Ends a session.</summary>
    public Task LogOutAsync(Session session, string? address, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await sessions.EndAsync(unit, session.Account.Name, session.Id);
        await audit.AddAsync(unit, Actor.Console(session.Account.Name, address), "account.logged_out", session.Account.Name);
    }, cancellation);

    private async ValueTask<Admission> GoOnAsync(IUnitOfWork unit, string name, Visit from, string secret)
    {
        var (role, hasFactor) = await unit.FirstAsync("SELECT role, totp FROM console_account WHERE name = $1", row => (Roles.Of(row.GetString(0)), !row.IsDBNull(1)), name);
        if (hasFactor) return new(await pending.BeginAsync(unit, name, secret: null, from.SignIn), LogInStep.Code);
        if (factors.IsRequiredOf(role)) return new(await pending.BeginAsync(unit, name, secret, from.SignIn), LogInStep.SetUp);
        return new(await EnterAsync(unit, name, from), LogInStep.Inside);
    }

    private async ValueTask<string?> TakeAsync(IUnitOfWork unit, PendingLogIn log, Visit from) =>
        await PendingLogIns.TakeAsync(unit, log.Id) ? await EnterAsync(unit, log.Account.Name, @from with { SignIn = log.SignIn }) : null;

    private async ValueTask<string> EnterAsync(IUnitOfWork unit, string name, Visit from)
    {
        // Whoever signed out meanwhile, or may not work any more, does not come in by it.
        if (from.SignIn is { } sid && await signIns.HoldAsync(unit, sid) is null) throw new SignInEndedException();
        await unit.ExecuteAsync("UPDATE console_account SET last_log_in = $2 WHERE name = $1", name, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await audit.AddAsync(unit, Actor.Console(name, from.Address), "account.logged_in", name);
        return await sessions.BeginAsync(unit, name, from);
    }

    /// <summary>Counts an attempt as failed; a log-in that goes well takes it back.</summary>
    private async ValueTask<Attempt> CountAsync(IUnitOfWork unit, string name)
    {
        var failures = await PasswordTries.CountAsync(unit, name, clock.GetUtcNow());
        if (failures is null) return new(null, 0, await unit.NumberAsync("SELECT 1 FROM console_account WHERE name = $1", name) is not null);
        return new(await unit.FirstAsync("SELECT password FROM console_account WHERE name = $1", row => row.GetString(0), name), failures.Value, true);
    }

    private static async ValueTask<Attempt> FindAsync(ISql sql, string name) =>
        new(await sql.FirstAsync("SELECT password FROM console_account WHERE name = $1 AND disabled = 0", row => row.GetString(0), name), 0, IsKnown: true);

    private async ValueTask TellAsync(IUnitOfWork unit, Attempt attempt, string name, Visit from)
    {
        // What was entered as a name may have been a password: only a name that exists is written down.
        await audit.AddAsync(unit, new Actor("console", from.Address), "log_in.refused", attempt.IsKnown ? name : null);
        await PasswordTries.TellLockAsync(audit, unit, name, attempt.Failures);
    }

    /// <param name="Hash">The password to compare with; null: there is none, or the account is locked or disabled.</param>
    /// <param name="Failures">In a row, this one among them.</param>
    /// <param name="IsKnown">There is an account of the name.</param>
    private sealed record Attempt(string? Hash, long Failures, bool IsKnown);

    [LoggerMessage(LogLevel.Warning, "A log-in to the console was refused from {Address}")]
    private partial void LogInRefused(string? address);
}

/// <summary>A password was right.</summary>
/// <param name="Token">What the browser keeps: of the session, or of the log-in under way.</param>
/// <param name="Next">What comes next.</param>
internal sealed record Admission(string Token, LogInStep Next);

/// <summary>The sign-in session that stood for a password has ended.</summary>
internal sealed class SignInEndedException() : Exception("The sign-in session has ended.");
