using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.SignIn;

/// <summary>The console accounts of people who sign in with an account of the company: one that an administrator said is theirs, or one
/// that a rule gives them.</summary>
internal sealed class SignedInAccounts(IDatabase database, AuditTrail audit, RoleRules rules, Sessions sessions, AccountPeople people,
    SignInSessions signIns, TimeProvider clock)
{
    private const int LongestName = 20;

    /// <summary>The account that somebody gets in by; it is made, or given the role of the rules, as far as that is needed.</summary>
    /// <returns>Null: they have none, and no rule gives them one.</returns>
    /// <exception cref="AccountRefusedException">It is disabled.</exception>
    public async Task<Account?> OfAsync(KnownPerson person, SignInSession session, SignInContext told, CancellationToken cancellation)
    {
        var role = await rules.OfAsync(person.Id, told, cancellation);
        return await database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            if (await PersonRows.FindAsync(unit, person.Id) is not { IsDisabled: false } now) return null;
            var own = await OwnAsync(unit, now.Id);
            // What an administrator gave by hand is theirs whatever the rules say.
            if (own.Where(a => !a.ByRule).MaxBy(a => (!a.Disabled, a.Role)) is { } given) return Open(given);
            var byRule = own.FirstOrDefault(a => a.ByRule);
            if (byRule is null) return role.Sure is { } first ? await AddAsync(unit, now, first) : null;
            if (role.Of(byRule.Role) is not { } wanted) return null;
            Open(byRule);
            if (byRule.Role != wanted) await SetRoleAsync(unit, byRule, wanted);
            return byRule with { Role = wanted };
        }, cancellation);
    }

    /// <summary>Looks whether the rules still give everybody who is inside by them what they have.</summary>
    /// <returns>How many sessions ended or roles changed.</returns>
    public async Task<int> CheckAsync(CancellationToken cancellation)
    {
        var changed = 0;
        var open = await database.ReadAsync(sql => sql.QueryAsync($"""
            SELECT s.id, s.sign_in, {string.Join(", ", AccountStore.Columns.Split(", ").Select(c => "a." + c))}
            FROM console_session s JOIN console_account a ON a.name = s.account WHERE a.by_rule = 1
            """, row => (Id: row.GetString(0), Sid: row.Text(1), Account: AccountStore.Read(row, 2))), cancellation);
        foreach (var of in open.GroupBy(o => o.Account.Name))
        {
            Role? best = null;
            foreach (var one in of)
            {
                var role = await RoleOfAsync(one.Account, one.Sid, cancellation);
                if (role is null)
                {
                    await EndAsync(one.Account, one.Id, cancellation);
                    changed++;
                }
                else if (best is null || role > best) best = role;
            }

            if (best is not { } now || now == of.First().Account.Role) continue;
            await database.TransactAsync(unit => SetRoleAsync(unit, of.First().Account, now), cancellation);
            changed++;
        }

        return changed;
    }

    private async Task<Role?> RoleOfAsync(Account account, string? sid, CancellationToken cancellation)
    {
        if (sid is null || account.Person is not { } person) return null;
        var session = await database.ReadAsync(sql => signIns.FindAsync(sql, sid), cancellation);
        return session is not null && await signIns.ContextAsync(sid, cancellation) is { } told
            ? (await rules.OfAsync(person, told, cancellation)).Of(account.Role) : null;
    }

    private Task EndAsync(Account account, string id, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await sessions.EndAsync(unit, account.Name, id))
            await audit.AddAsync(unit, Actor.System, "account.session_ended", account.Name, new JsonObject { ["why"] = "no_rule" });
    }, cancellation);

    private async ValueTask SetRoleAsync(IUnitOfWork unit, Account account, Role role)
    {
        await unit.ExecuteAsync("UPDATE console_account SET role = $2 WHERE name = $1 AND by_rule = 1", account.Name, role.Word());
        await people.CatchUpAsync(unit);
        await audit.AddAsync(unit, Actor.System, "account.role_set", account.Name,
            new JsonObject { ["from"] = account.Role.Word(), ["to"] = role.Word(), ["by"] = "rule" });
        unit.AfterCommit(sessions.Forget);
    }

    private static Account Open(Account account) => account.Disabled
        ? throw new AccountRefusedException("name", "disabled", RoleRuleTexts.Disabled) : account;

    private static ValueTask<List<Account>> OwnAsync(ISql sql, string person) => sql.QueryAsync(
        $"SELECT {AccountStore.Columns} FROM console_account WHERE person = $1", row => AccountStore.Read(row, 0), person);

    /// <summary>Its name is for lists and logs: it has no password, and nobody logs in by it.</summary>
    private async ValueTask<Account> AddAsync(IUnitOfWork unit, KnownPerson person, Role role)
    {
        var wish = NameOf(person);
        for (var i = 0; ; i++)
        {
            var account = new Account
            {
                Name = i == 0 ? wish : $"{wish}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
                DisplayName = Display(person), Role = role, CreatedAt = clock.GetUtcNow(), Person = person.Id, ByRule = true,
            };
            if (await unit.ExecuteAsync("""
                INSERT INTO console_account (name, display_name, password, role, failures, stamp, created_at, disabled, person, by_rule)
                VALUES ($1, $2, '', $3, 0, $4, $5, 0, $6, 1) ON CONFLICT (name) DO NOTHING
                """, account.Name, account.DisplayName, role.Word(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                account.CreatedAt.ToUnixTimeMilliseconds(), person.Id) == 0) continue;
            await audit.AddAsync(unit, Actor.Person(person.Id), "account.created", account.Name,
                new JsonObject { ["role"] = role.Word(), ["by"] = "rule" });
            await people.CatchUpAsync(unit);
            return account;
        }
    }

    private static string Display(KnownPerson person)
    {
        var name = person.Name ?? person.Id;
        return name.Length <= 60 ? name : name[..60].TrimEnd('\ud83c', '\ud83d', '\ud83e');
    }

    private static string NameOf(KnownPerson person)
    {
        var source = person.Email is { } mail ? mail[..mail.IndexOf('@', StringComparison.Ordinal)] : person.Name ?? "";
        var plain = new StringBuilder();
        foreach (var c in source.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c)
            || c is '.' or '-' or '_').Take(LongestName)) plain.Append(c);
        var name = plain.ToString().TrimStart('.', '-', '_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return name.Length >= 2 ? name : "person-" + person.Id[3..11];
    }
}
