using System.Text.Json.Nodes;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>Accounts end with the people whose they are: whoever leaves is logged out everywhere and not let in again.</summary>
/// <remarks>
/// The last administrator's account stays open, or nobody could let anybody in: its sessions end, the check-up and the overview warn, and
/// it ends as soon as there is another administrator.
/// </remarks>
internal sealed class AccountPeople(Sessions sessions, AuditTrail audit, TimeProvider clock) : IPersonMerged, IHandoverPart,
    IJoinGuard
{
    private const string Accounts = "console_account";

    /// <summary>Whoever is signed in as them comes into the console by it.</summary>
    public async ValueTask<bool> IsGuardedAsync(ISql sql, string person) => await sql.NumberAsync("""
        SELECT 1 WHERE EXISTS (SELECT 1 FROM console_account WHERE person = $1)
          OR EXISTS (SELECT 1 FROM console_role_rule WHERE kind = 'person' AND value = $1)
        """, person) is not null;

    public async ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join)
    {
        var names = await unit.QueryAsync(
            "SELECT name FROM console_account WHERE person = $1", static row => row.GetString(0), join.Former);
        foreach (var name in names) await JoinRows.NoteAsync(unit, join, Accounts, 0, name, null);
        await unit.ExecuteAsync("UPDATE console_account SET person = $2 WHERE person = $1", join.Former, join.Person);
    }

    public async ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo)
    {
        foreach (var (name, _) in await JoinRows.NamedAsync(unit, undo.Join, Accounts))
        {
            await unit.ExecuteAsync(
                "UPDATE console_account SET person = $3 WHERE name = $1 AND person = $2", name, undo.Person, undo.Former.Id);
        }
    }

    /// <summary>Whose it was said to be, it is.</summary>
    public ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) =>
        ValueTask.CompletedTask;

    public async ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person)
    {
        var open = await unit.QueryAsync(
            "SELECT name FROM console_account WHERE person = $1 AND disabled = 0 AND left_at IS NULL ORDER BY name",
            static row => row.GetString(0), person);
        if (open.Count == 0) return;
        await AccountStore.LockAdministratorsAsync(unit);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var name in open)
        {
            await unit.ExecuteAsync("UPDATE console_account SET left_at = $2 WHERE name = $1", name, now);
            var isKept = await IsLastAsync(unit, name);
            if (!isKept) await unit.ExecuteAsync("UPDATE console_account SET disabled = 1 WHERE name = $1", name);
            await sessions.EndAllAsync(unit, name);
            await audit.AddAsync(unit, who, isKept ? "account.last_administrator_left" : "account.person_left", name,
                new JsonObject { ["person"] = person });
        }
    }

    /// <summary>There may be another administrator now: accounts that were kept open for want of one end.</summary>
    public async ValueTask CatchUpAsync(IUnitOfWork unit)
    {
        var kept = await unit.QueryAsync(
            "SELECT name, person FROM console_account WHERE left_at IS NOT NULL AND disabled = 0",
            static row => (row.GetString(0), row.Text(1)));
        foreach (var (name, person) in kept)
        {
            if (person is null || await PersonRows.FindAsync(unit, person) is { IsDisabled: false })
            {
                // Back before anybody took their place: the account was never closed.
                await unit.ExecuteAsync("UPDATE console_account SET left_at = NULL WHERE name = $1", name);
                continue;
            }

            if (await IsLastAsync(unit, name)) continue;
            await unit.ExecuteAsync("UPDATE console_account SET disabled = 1 WHERE name = $1", name);
            await sessions.EndAllAsync(unit, name);
            await audit.AddAsync(unit, Actor.System, "account.person_left", name, new JsonObject { ["person"] = person });
        }
    }

    public async ValueTask<IReadOnlyList<HandoverItem>> OfAsync(ISql sql, KnownPerson person)
    {
        var own = await sql.QueryAsync(
            "SELECT name, display_name, disabled, left_at, created_at FROM console_account WHERE person = $1 ORDER BY name",
            static row => (Name: row.GetString(0), Display: row.GetString(1), IsDisabled: row.GetInt64(2) != 0, HasLeft: !row.IsDBNull(3),
                Since: row.Time(4)),
            person.Id);
        if (own.Count == 0) return [];
        var keys = await KeyHolders.OfAsync(sql, "", [.. own.Select(a => Actor.Console(a.Name, null).Name)], IHandoverPart.Most);
        return
        [
            .. own.Select(a => new HandoverItem(HandoverKinds.ConsoleAccount, a.Name, a.Display,
                a.IsDisabled ? "disabled" : a.HasLeft ? "last_administrator" : "active", a.Since) { Scope = ApiScopes.KeysWrite }),
            .. keys.Where(k => k.Holder != person.Id).Select(k => PersonKeys.ItemOf(HandoverKinds.ApiKeyMade, k, clock.GetUtcNow())),
        ];
    }

    /// <summary>Without this account no administrator could log in who has not left.</summary>
    private static async ValueTask<bool> IsLastAsync(ISql sql, string name) => await sql.NumberAsync("""
        SELECT 1 FROM console_account a WHERE a.name = $1 AND a.role = 'admin' AND NOT EXISTS
          (SELECT 1 FROM console_account o WHERE o.role = 'admin' AND o.disabled = 0 AND o.left_at IS NULL AND o.name <> $1)
        """, name) is not null;
}
