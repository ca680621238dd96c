using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>
/// Proofs within a session that it is still its person who sits there: the password, and the second factor where there is one.
/// </summary>
/// <remarks>
/// Wrong ones are counted on the session and on the account. The session's count ends the session, so that a stolen one is no place to
/// guess in; the account's
/// locks log-ins. A lock that others have caused does not keep its owner from proving within a session.
/// </remarks>
internal sealed class SessionProof(IDatabase database, AuditTrail audit, Passwords passwords, SecondFactors factors, Sessions sessions,
    TimeProvider clock)
{
    /// <summary>For how long a proof counts.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    /// <summary>Whether the session's person has proved lately to be it.</summary>
    public bool Holds(Session session) => session.ConfirmedAt is { } at && clock.GetUtcNow() - at is var age && age < Lasts && age > -Lasts;

    /// <summary>Takes the account's password.</summary>
    /// <exception cref="AccountRefusedException">It is wrong, or was wrong too often and the session has ended.</exception>
    public async Task PasswordAsync(Actor who, Session session, string? password, CancellationToken cancellation)
    {
        var (name, now) = (session.Account.Name, clock.GetUtcNow());
        var (tries, counted, hash) = await database.TransactAsync(async unit => (
            await unit.NumberAsync("UPDATE console_session SET failures = failures + 1 WHERE id = $1 AND failures < $2 RETURNING failures",
                session.Id, LogInPageService.MostFailures),
            await PasswordTries.CountAsync(unit, name, now),
            await unit.FirstAsync("SELECT password FROM console_account WHERE name = $1 AND disabled = 0", row => row.GetString(0), name)),
            cancellation);
        // Without a try left the password is not looked at.
        if (tries is null || passwords.Compare(hash, password ?? "") == PasswordMatch.Wrong)
        {
            await RefuseAsync(who, session, tries ?? LogInPageService.MostFailures, counted, cancellation);
            throw Wrong();
        }

        await database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE console_session SET failures = 0 WHERE id = $1", session.Id);
            // The try was counted as failed; a lock of before stays.
            if (counted is null) return;
            await unit.ExecuteAsync("UPDATE console_account SET failures = failures - 1, locked_until = NULL WHERE name = $1 AND failures > 0", name);
        }, cancellation);
    }

    /// <summary>Takes the password and, where the account has a second factor, a code; the proof then counts in every process.</summary>
    /// <exception cref="AccountRefusedException">One of them is wrong, or was wrong too often and the session has ended.</exception>
    public async Task ConfirmAsync(Actor who, Session session, string? password, string? code, CancellationToken cancellation = default)
    {
        // Whoever signs in with an account of the company has no password here: the code proves it, or signing in again does.
        if (!session.Account.ByRule) await PasswordAsync(who, session, password, cancellation);
        else if (session.Account.FactorAt is null) throw Wrong();
        if (session.Account.FactorAt is null) await database.TransactAsync(KeepAsync, cancellation);
        else if (!await factors.PassAsync(who, session.Account.Name, code, KeepAsync, cancellation))
        {
            var tries = await database.TransactAsync(unit => unit.NumberAsync(
                "UPDATE console_session SET code_failures = code_failures + 1 WHERE id = $1 RETURNING code_failures", session.Id), cancellation);
            if (tries is null or >= LogInPageService.MostFailures) await EndAsync(session, cancellation);
            throw new AccountRefusedException("code", "wrong_code", ProofTexts.WrongCode);
        }

        async ValueTask<bool> KeepAsync(IUnitOfWork unit)
        {
            unit.AfterCommit(sessions.Forget);
            return await unit.ExecuteAsync("UPDATE console_session SET confirmed_at = $2, code_failures = 0 WHERE id = $1", session.Id,
                clock.GetUtcNow().ToUnixTimeMilliseconds()) == 1;
        }
    }

    private async Task RefuseAsync(Actor who, Session session, long tries, long? counted, CancellationToken cancellation)
    {
        await database.TransactAsync(async unit =>
        {
            await audit.AddAsync(unit, who, "account.proof_refused", session.Account.Name);
            if (counted is { } failures) await PasswordTries.TellLockAsync(audit, unit, session.Account.Name, failures);
        }, cancellation);
        if (tries >= LogInPageService.MostFailures) await EndAsync(session, cancellation);
    }

    private Task EndAsync(Session session, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        var name = session.Account.Name;
        if (await sessions.EndAsync(unit, name, session.Id)) await audit.AddAsync(unit, Actor.System, "account.session_ended", name);
    }, cancellation);

    private static AccountRefusedException Wrong() => new("current_password", "wrong_password",
        ProofTexts.WrongPassword);
}
