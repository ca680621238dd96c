using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>
/// The second factor of accounts: codes of an authenticator app, each good once, and recovery codes for whoever has lost it.
/// </summary>
internal sealed class SecondFactors(IDatabase database, AuditTrail audit, IDataProtectionProvider protection, Sessions sessions,
    ISettings settings, TimeProvider clock)
{
    /// <summary>Recovery codes that an account gets.</summary>
    public const int RecoveryCodes = 10;

    private const string Purpose = "console-second-factor";
    private const string RecoveryPurpose = "recovery:";

    // At the first secret: the key ring is in the database, and making its first key is a write.
    /// <summary>Where secrets of second factors lie; those of a log-in that is under way last for minutes.</summary>
    public static IReadOnlyList<SealedColumns> Columns { get; } =
        [new("console_account", "name", ["totp"], [new(Purpose)]), new("console_log_in", "id", ["secret", "codes"], [new(Purpose)])];

    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector(Purpose));

    /// <inheritdoc cref="SecondFactorPolicy.Requires"/>
    public bool IsRequiredOf(Role role) => SecondFactorPolicy.Requires(settings, role);

    /// <summary>Encrypts a secret or recovery codes; never within a transaction, for the key ring is in the database.</summary>
    public string Seal(string plain) => _protector.Value.Protect(plain);

    /// <summary>Null: the key ring that it was encrypted with is gone.</summary>
    public string? Open(string kept)
    {
        try
        {
            return _protector.Value.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Takes a code of the app or a recovery code. Tries are counted on the account before they are looked at.</summary>
    /// <param name="who">For the audit log.</param>
    /// <param name="account">Whose.</param>
    /// <param name="entered">As it was typed.</param>
    /// <param name="then">What a right code is for; in the transaction that uses it up.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What <paramref name="then"/> returned; the type's default: the code is wrong or used up, or there were too many wrong
    /// ones.</returns>
    public async Task<T?> PassAsync<T>(Actor who, string account, string? entered, Func<IUnitOfWork, ValueTask<T>> then,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var kept = await database.ReadAsync(sql => sql.FirstAsync("SELECT totp FROM console_account WHERE name = $1 AND disabled = 0",
            row => row.Text(0), account), cancellation);
        if (kept is null) return default;
        var step = Open(kept) is { } secret ? TotpCodes.StepOf(secret, entered, now) : null;
        var recovery = GroupedCode.HashOf(RecoveryPurpose + account + ":", entered);
        return await database.TransactAsync<T?>(async unit =>
        {
            var failures = await CountAsync(unit, account, kept, now);
            if (failures is null || !await IsGoodAsync(unit, who, account, step, recovery))
            {
                await audit.AddAsync(unit, who, "log_in.refused", account, new JsonObject { ["step"] = "second_factor" });
                if (failures >= LogInPageService.MostFailures) await LockAsync(unit, account);
                return default;
            }

            await unit.ExecuteAsync("UPDATE console_account SET factor_failures = 0, factor_locked_until = NULL WHERE name = $1", account);
            return await then(unit);
        }, cancellation);
    }

    /// <summary>Gives an account its second factor, once a code shows that the app has the secret.</summary>
    /// <param name="who">For the audit log.</param>
    /// <param name="account">Whose.</param>
    /// <param name="secret">In Base32.</param>
    /// <param name="code">Of the app.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The recovery codes, to be shown once; null: the code is wrong.</returns>
    /// <exception cref="AccountRefusedException">The account has one already.</exception>
    public async Task<IReadOnlyList<string>?> SetUpAsync(Actor who, string account, string secret, string? code,
        CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        if (TotpCodes.StepOf(secret, code, now) is not { } step) return null;
        var (kept, codes) = (Seal(secret), NewCodes());
        await database.TransactAsync(async unit =>
        {
            // The code that was entered is used up.
            if (await unit.ExecuteAsync("""
                UPDATE console_account SET totp = $2, totp_step = $3, factor_at = $4, factor_failures = 0, factor_locked_until = NULL
                WHERE name = $1 AND totp IS NULL AND disabled = 0
                """, account, kept, step, now.ToUnixTimeMilliseconds()) == 0)
                throw new AccountRefusedException("code", "has_factor", ProofTexts.AccountHasSecondFactor);
            await KeepAsync(unit, account, codes);
            await audit.AddAsync(unit, who, "account.second_factor_set", account);
        }, cancellation);
        sessions.Forget();
        return codes;
    }

    /// <summary>Makes other recovery codes; those of before are worth nothing.</summary>
    /// <exception cref="AccountRefusedException">The account has no second factor.</exception>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(Actor who, string account, CancellationToken cancellation = default)
    {
        var codes = NewCodes();
        await database.TransactAsync(async unit =>
        {
            if (await unit.NumberAsync("SELECT 1 FROM console_account WHERE name = $1 AND totp IS NOT NULL", account) is null) throw None();
            await KeepAsync(unit, account, codes);
            await audit.AddAsync(unit, who, "account.recovery_codes_renewed", account);
        }, cancellation);
        return codes;
    }

    /// <summary>How many recovery codes an account has left.</summary>
    public async Task<int> CodesLeftAsync(string account, CancellationToken cancellation = default) =>
        (int)(await database.ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM console_recovery_code WHERE account = $1", account),
            cancellation) ?? 0);

    /// <summary>Somebody gives the own second factor up.</summary>
    /// <exception cref="AccountRefusedException">It is required, or there is none.</exception>
    public Task RemoveOwnAsync(Actor who, Account account, CancellationToken cancellation = default) => IsRequiredOf(account.Role)
        ? throw new AccountRefusedException("code", "required",
            ProofTexts.SecondFactorRequired)
        : RemoveAsync(who, account.Name, "account.second_factor_removed", endSessions: false, cancellation);

    /// <summary>An administrator takes another's second factor away, who has lost it: all its sessions end.</summary>
    /// <exception cref="AccountRefusedException">There is none.</exception>
    public Task ResetAsync(Actor who, string account, CancellationToken cancellation = default) =>
        RemoveAsync(who, account, "account.second_factor_reset", endSessions: true, cancellation);

    private async Task RemoveAsync(Actor who, string account, string what, bool endSessions, CancellationToken cancellation)
    {
        await database.TransactAsync(async unit =>
        {
            if (await unit.ExecuteAsync("""
                UPDATE console_account SET totp = NULL, factor_at = NULL, factor_failures = 0, factor_locked_until = NULL
                WHERE name = $1 AND totp IS NOT NULL
                """, account) == 0) throw None();
            await unit.ExecuteAsync("DELETE FROM console_recovery_code WHERE account = $1", account);
            await PendingLogIns.EndAllAsync(unit, account);
            if (endSessions) await sessions.EndAllAsync(unit, account);
            await audit.AddAsync(unit, who, what, account);
        }, cancellation);
        sessions.Forget();
    }

    /// <summary>Counts a try as failed; a right code takes it back.</summary>
    private static ValueTask<long?> CountAsync(IUnitOfWork unit, string account, string kept, DateTimeOffset now) => unit.NumberAsync("""
        UPDATE console_account SET factor_failures = CASE WHEN factor_locked_until IS NULL THEN factor_failures + 1 ELSE 1 END,
          factor_locked_until = CASE WHEN factor_locked_until IS NULL AND factor_failures + 1 >= $3 THEN $4 ELSE NULL END
        WHERE name = $1 AND totp = $5 AND disabled = 0 AND (factor_locked_until IS NULL OR factor_locked_until <= $2)
        RETURNING factor_failures
        """, account, now.ToUnixTimeMilliseconds(), LogInPageService.MostFailures, (now + LogInPageService.LockedFor).ToUnixTimeMilliseconds(), kept);

    private async ValueTask<bool> IsGoodAsync(IUnitOfWork unit, Actor who, string account, long? step, string? recovery)
    {
        if (step is { } taken) return await unit.ExecuteAsync("UPDATE console_account SET totp_step = $2 WHERE name = $1 AND totp_step < $2",
            account, taken) == 1;
        if (recovery is null || await unit.ExecuteAsync("DELETE FROM console_recovery_code WHERE account = $1 AND hash = $2", account,
            recovery) == 0) return false;
        var left = await unit.NumberAsync("SELECT COUNT(*) FROM console_recovery_code WHERE account = $1", account);
        await audit.AddAsync(unit, who, "account.recovery_code_used", account, new JsonObject { ["left"] = left });
        return true;
    }

    private async ValueTask LockAsync(IUnitOfWork unit, string account)
    {
        await PendingLogIns.EndAllAsync(unit, account);
        await audit.AddAsync(unit, Actor.System, "account.locked", account,
            new JsonObject { ["minutes"] = (int)LogInPageService.LockedFor.TotalMinutes, ["step"] = "second_factor" });
    }

    private static async ValueTask KeepAsync(IUnitOfWork unit, string account, IReadOnlyList<string> codes)
    {
        await unit.ExecuteAsync("DELETE FROM console_recovery_code WHERE account = $1", account);
        foreach (var code in codes)
            await unit.ExecuteAsync("INSERT INTO console_recovery_code (account, hash) VALUES ($1, $2)", account,
                GroupedCode.HashOf(RecoveryPurpose + account + ":", code));
    }

    private static string[] NewCodes() => [.. Enumerable.Range(0, RecoveryCodes).Select(_ => GroupedCode.Make())];

    private static AccountRefusedException None() => new("code", "no_factor", ProofTexts.AccountHasNoSecondFactor);
}
