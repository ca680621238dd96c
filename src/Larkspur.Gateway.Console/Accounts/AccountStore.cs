using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>The accounts. Each change ends the sessions that it concerns and writes its line in the audit log, in one transaction.</summary>
internal sealed class AccountStore(
    IDatabase database, AuditTrail audit, Passwords passwords, SessionProof proof, Sessions sessions, AccountPeople people,
    TimeProvider clock)
{
    public const string Columns = "name, display_name, role, language, theme, locked_until, created_at, last_log_in, disabled, factor_at, "
        + "factor_locked_until, person, left_at, by_rule";

    /// <summary>How many <see cref="Columns"/> there are.</summary>
    public const int ColumnCount = 14;

    /// <summary>True while nobody can log in because there is no account at all.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellation = default) =>
        await database.ReadAsync(sql => sql.NumberAsync("SELECT 1 FROM console_account LIMIT 1"), cancellation) is null;

    public Task<List<Account>> ListAsync(CancellationToken cancellation = default) =>
        database.ReadAsync(sql => sql.QueryAsync($"SELECT {Columns} FROM console_account ORDER BY name", row => Read(row, 0)), cancellation);

    public Task<Account?> FindAsync(string name, CancellationToken cancellation = default) =>
        database.ReadAsync(sql => sql.FirstAsync($"SELECT {Columns} FROM console_account WHERE name = $1", row => Read(row, 0), name), cancellation);

    /// <summary>Makes an account.</summary>
    /// <exception cref="AccountRefusedException">A field does not fit, or the name is taken.</exception>
    public Task<Account> CreateAsync(Actor who, string? name, string? displayName, Role role, string? password, CancellationToken cancellation = default)
    {
        var draft = Draft(name, displayName, role, password);
        return database.TransactAsync(unit => AddAsync(unit, who, draft), cancellation);
    }

    /// <summary>Makes the very first account, an administrator's; in the transaction that <paramref name="guard"/> allows it in.</summary>
    /// <returns>Null: there is an account already, or the guard refused.</returns>
    public Task<Account?> CreateFirstAsync(Actor who, string? name, string? displayName, string? password, Func<IUnitOfWork, ValueTask<bool>> guard, CancellationToken cancellation = default)
    {
        var draft = Draft(name, displayName, Role.Admin, password);
        return database.TransactAsync<Account?>(async unit =>
        {
            if (await unit.NumberAsync("SELECT 1 FROM console_account LIMIT 1") is not null || !await guard(unit)) return null;
            var made = await AddAsync(unit, who, draft);
            await unit.ExecuteAsync("DELETE FROM console_setup_code");
            return made;
        }, cancellation);
    }

    /// <summary>Sets a new password; ends the account's sessions but one, and its log-ins under way.</summary>
    /// <exception cref="AccountRefusedException">The password does not fit, or there is no such account.</exception>
    public async Task SetPasswordAsync(Actor who, string name, string? password, string? keepSession = null, CancellationToken cancellation = default)
    {
        if (AccountRules.ProblemOf(password, name) is { } problem) throw problem;
        var (hash, stamp) = (passwords.Hash(password!), NewStamp());
        await database.TransactAsync(async unit =>
        {
            if (await unit.ExecuteAsync("UPDATE console_account SET password = $2, stamp = $3, failures = 0, locked_until = NULL WHERE name = $1", name, hash, stamp) == 0) throw NoSuchAccount();
            if (keepSession is not null) await unit.ExecuteAsync("UPDATE console_session SET stamp = $3 WHERE id = $1 AND account = $2", keepSession, name, stamp);
            await unit.ExecuteAsync("DELETE FROM console_session WHERE account = $1 AND stamp <> $2", name, stamp);
            await PendingLogIns.EndAllAsync(unit, name);
            await audit.AddAsync(unit, who, "account.password_set", name);
        }, cancellation);
        sessions.Forget();
    }

    /// <summary>Somebody changes the own password, which needs the old one. Wrong ones are counted: the session ends after <see cref="LogInPageService.MostFailures"/>.</summary>
    /// <exception cref="AccountRefusedException">The old one is another, or the new one does not fit.</exception>
    public async Task ChangeOwnPasswordAsync(Actor who, Session session, string? current, string? password, CancellationToken cancellation = default)
    {
        // What does not fit costs no try.
        if (AccountRules.ProblemOf(password, session.Account.Name) is { } problem) throw problem;
        await proof.PasswordAsync(who, session, current, cancellation);
        await SetPasswordAsync(who, session.Account.Name, password, session.Id, cancellation);
    }

    /// <exception cref="AccountRefusedException">It is the last administrator's, or there is no such account.</exception>
    public Task SetRoleAsync(Actor who, string name, Role role, CancellationToken cancellation = default) => ChangeAsync(async unit =>
    {
        if (role != Role.Admin) await KeepAnAdministratorAsync(unit, name);
        var before = await unit.FirstAsync("SELECT role FROM console_account WHERE name = $1", row => row.GetString(0), name) ?? throw NoSuchAccount();
        // What an administrator sets is set: rules change it no more.
        if (before == role.Word() && await unit.NumberAsync("SELECT by_rule FROM console_account WHERE name = $1", name) == 0) return;
        await unit.ExecuteAsync("UPDATE console_account SET role = $2, by_rule = 0 WHERE name = $1", name, role.Word());
        await people.CatchUpAsync(unit);
        await audit.AddAsync(unit, who, "account.role_set", name, new JsonObject { ["from"] = before, ["to"] = role.Word() });
    }, cancellation);

    /// <summary>Refuses an account and ends its sessions and log-ins under way, or allows it again.</summary>
    /// <exception cref="AccountRefusedException">It is the last administrator's, or there is no such account.</exception>
    public Task SetDisabledAsync(Actor who, string name, bool disabled, CancellationToken cancellation = default) => ChangeAsync(async unit =>
    {
        if (!disabled) await PersonRows.LockAsync(unit);
        if (disabled) await KeepAnAdministratorAsync(unit, name);
        else if (await PersonAsync(unit, name) is { IsDisabled: true })
            throw new AccountRefusedException("person", "person_left", AccountTexts.PersonLeft);
        if (await unit.ExecuteAsync("UPDATE console_account SET disabled = $2 WHERE name = $1", name, disabled ? 1 : 0) == 0) throw NoSuchAccount();
        if (!disabled) await unit.ExecuteAsync("UPDATE console_account SET left_at = NULL WHERE name = $1", name);
        await people.CatchUpAsync(unit);
        // The log-ins under way too: an account that is allowed again has none from before.
        if (disabled) await sessions.EndAllAsync(unit, name);
        await audit.AddAsync(unit, who, disabled ? "account.disabled" : "account.enabled", name);
    }, cancellation);

    /// <summary>Says whose an account is: it ends when they leave. Null: nobody's.</summary>
    /// <exception cref="AccountRefusedException">They have left, or there is no such account or person.</exception>
    public Task SetPersonAsync(Actor who, string name, string? person, CancellationToken cancellation = default) =>
        ChangeAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        var found = person is null ? null : await PersonRows.FindAsync(unit, person)
            ?? throw new AccountRefusedException("person", "no_such_person", AccountTexts.NoSuchPerson);
        if (found is { IsDisabled: true }) throw new AccountRefusedException("person", "person_left", AccountTexts.PersonLeft);
        var before = await unit.FirstAsync(
            "SELECT person FROM console_account WHERE name = $1", row => (Found: true, Person: row.Text(0)), name);
        if (!before.Found) throw NoSuchAccount();
        if (before.Person == found?.Id) return;
        if (await unit.NumberAsync("SELECT by_rule FROM console_account WHERE name = $1", name) == 1)
            throw new AccountRefusedException("person", "by_rule", AccountTexts.ByRuleStays);
        // Whoever came in as the person of before is out.
        await sessions.EndSignedInAsync(unit, name);
        await unit.ExecuteAsync("UPDATE console_account SET person = $2, left_at = NULL WHERE name = $1", name, found?.Id);
        await audit.AddAsync(unit, who, "account.person_set", name, new JsonObject { ["from"] = before.Person, ["to"] = found?.Id });
    }, cancellation);

    /// <summary>Ends a lock-out before its time.</summary>
    /// <exception cref="AccountRefusedException">There is no such account.</exception>
    public Task UnlockAsync(Actor who, string name, CancellationToken cancellation = default) => ChangeAsync(async unit =>
    {
        if (await unit.ExecuteAsync("UPDATE console_account SET failures = 0, locked_until = NULL, factor_failures = 0, factor_locked_until = NULL WHERE name = $1", name) == 0) throw NoSuchAccount();
        await audit.AddAsync(unit, who, "account.unlocked", name);
    }, cancellation);

    /// <summary>How somebody wants to see the console. Of no interest to anybody else, so it is not audited.</summary>
    public Task SetLookAsync(string name, string? language, string? theme, CancellationToken cancellation = default) => ChangeAsync(async unit =>
        await unit.ExecuteAsync("UPDATE console_account SET language = $2, theme = $3 WHERE name = $1", name, language, theme), cancellation);

    /// <summary>An account in the columns from <paramref name="first"/> on, in the order of <see cref="Columns"/>.</summary>
    public static Account Read(DbDataReader row, int first) => new()
    {
        Name = row.GetString(first),
        DisplayName = row.GetString(first + 1),
        Role = Roles.Of(row.GetString(first + 2)),
        Language = row.Text(first + 3),
        Theme = row.Text(first + 4),
        LockedUntil = row.TimeOrNull(first + 5),
        CreatedAt = row.Time(first + 6),
        LastLogInAt = row.TimeOrNull(first + 7),
        Disabled = row.GetInt64(first + 8) != 0,
        FactorAt = row.TimeOrNull(first + 9),
        FactorLockedUntil = row.TimeOrNull(first + 10),
        Person = row.Text(first + 11),
        PersonLeftAt = row.TimeOrNull(first + 12),
        ByRule = row.GetInt64(first + 13) != 0,
    };

    private (Account Account, string Hash) Draft(string? name, string? displayName, Role role, string? password)
    {
        var kept = AccountRules.Name(name);
        var display = AccountRules.DisplayName(displayName, kept);
        if (AccountRules.ProblemOf(password, kept) is { } problem) throw problem;
        return (new Account { Name = kept, DisplayName = display, Role = role, CreatedAt = clock.GetUtcNow() }, passwords.Hash(password!));
    }

    private async ValueTask<Account> AddAsync(IUnitOfWork unit, Actor who, (Account Account, string Hash) draft)
    {
        var (account, hash) = draft;
        if (await unit.ExecuteAsync("""
            INSERT INTO console_account (name, display_name, password, role, failures, stamp, created_at, disabled) VALUES ($1, $2, $3, $4, 0, $5, $6, 0)
            ON CONFLICT (name) DO NOTHING
            """, account.Name, account.DisplayName, hash, account.Role.Word(), NewStamp(), account.CreatedAt.ToUnixTimeMilliseconds()) == 0)
            throw new AccountRefusedException("name", "taken", AccountTexts.NameTaken);
        await audit.AddAsync(unit, who, "account.created", account.Name, new JsonObject { ["role"] = account.Role.Word() });
        await people.CatchUpAsync(unit);
        return account;
    }

    private async Task ChangeAsync(Func<IUnitOfWork, ValueTask> change, CancellationToken cancellation)
    {
        await database.TransactAsync(change, cancellation);
        sessions.Forget();
    }

    private static async ValueTask KeepAnAdministratorAsync(IUnitOfWork unit, string name)
    {
        await LockAdministratorsAsync(unit);
        if (await unit.NumberAsync("""
            SELECT 1 FROM console_account WHERE role = 'admin' AND disabled = 0 AND left_at IS NULL AND name <> $1 LIMIT 1
            """, name) is null)
            throw new AccountRefusedException("role", "last_admin", AccountTexts.LastAdministrator);
    }

    /// <summary>All their rows are written to, so that two who end each other wait for one another.</summary>
    internal static async ValueTask LockAdministratorsAsync(IUnitOfWork unit) =>
        await unit.ExecuteAsync("UPDATE console_account SET failures = failures WHERE role = 'admin'");

    private static async ValueTask<KnownPerson?> PersonAsync(ISql sql, string name) =>
        await sql.FirstAsync("SELECT person FROM console_account WHERE name = $1", row => row.Text(0), name) is { } id
            ? await PersonRows.FindAsync(sql, id) : null;

    private static AccountRefusedException NoSuchAccount() => new("name", "not_found", AccountTexts.NoSuchAccount);

    private static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
