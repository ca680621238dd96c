using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.SignIn;

/// <summary>The rules by which people who sign in get a role. Only administrators of the console make them: whoever could, could make
/// themselves one.</summary>
internal sealed class RoleRules(IDatabase database, AuditTrail audit, DepartmentBranches branches, Sessions sessions, TimeProvider clock)
    : IPersonMerged
{
    /// <summary>All are read at each sign-in.</summary>
    public const int Most = 200;

    private const int LongestValue = 200;

    public Task<List<RoleRule>> ListAsync(CancellationToken cancellation = default) => database.ReadAsync(ReadAsync, cancellation);

    /// <summary>Adds a rule, or gives the one of before another role.</summary>
    /// <exception cref="AccountRefusedException">It names nothing, or there are too many.</exception>
    public async Task AddAsync(Actor who, string kind, string place, string value, string label, Role role,
        CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > LongestValue || value.Any(char.IsControl))
            throw new AccountRefusedException("value", "bad_value", RoleRuleTexts.NamesNothing);
        await database.TransactAsync(async unit =>
        {
            if (await unit.NumberAsync("""
                SELECT COUNT(*) FROM console_role_rule WHERE NOT (kind = $1 AND place = $2 AND value = $3)
                """, kind, place, value) >= Most)
                throw new AccountRefusedException("value", "too_many", RoleRuleTexts.TooMany(Most));
            if (kind == RoleRuleKinds.Person && await PersonRows.FindAsync(unit, value) is null)
                throw new AccountRefusedException("value", "no_such_person", AccountTexts.NoSuchPerson);
            await unit.ExecuteAsync("""
                INSERT INTO console_role_rule (kind, place, value, label, role, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (kind, place, value) DO UPDATE SET role = excluded.role, label = excluded.label,
                  created_at = excluded.created_at, created_by = excluded.created_by
                """, kind, place, value, label, role.Word(), clock.GetUtcNow().ToUnixTimeMilliseconds(), who.Name);
            await audit.AddAsync(unit, who, "console_role.set", label,
                new JsonObject { ["kind"] = kind, ["place"] = place, ["value"] = value, ["role"] = role.Word() });
        }, cancellation);
    }

    /// <summary>Takes a rule away. Whoever has their role by it loses it within a minute.</summary>
    public Task RemoveAsync(Actor who, long id, CancellationToken cancellation = default) => database.TransactAsync(async unit =>
    {
        var rule = (await ReadAsync(unit)).FirstOrDefault(r => r.Id == id);
        if (rule is null || await unit.ExecuteAsync("DELETE FROM console_role_rule WHERE id = $1", id) == 0) return;
        await audit.AddAsync(unit, who, "console_role.removed", rule.Label,
            new JsonObject { ["kind"] = rule.Kind, ["place"] = rule.Place, ["value"] = rule.Value, ["role"] = rule.Role.Word() });
        unit.AfterCommit(sessions.Forget);
    }, cancellation);

    /// <summary>What the rules give somebody. What a platform or a provider did not say is not the same as no: nobody gains a role by it,
    /// and nobody loses one.</summary>
    /// <param name="person">Who.</param>
    /// <param name="told">What the sign-in method told.</param>
    /// <param name="cancellation">Ends the asking: which departments are above theirs, the platform says.</param>
    public async Task<RuledRole> OfAsync(string person, SignInContext told, CancellationToken cancellation)
    {
        var rules = await ListAsync(cancellation);
        var company = RoleRule.PlaceOf(told.Platform, told.App);
        var known = rules.Any(r => r.Kind == RoleRuleKinds.Department && r.Place == company)
            ? await branches.OfAsync(told.Account, isWanted: true, cancellation) : new KnownDepartments([], true);
        var judged = rules.Select(r => (r.Role, Holds: Holds(r))).ToArray();
        return new RuledRole(judged.Where(r => r.Holds == true).Select(r => (Role?)r.Role).Max(),
            judged.Where(r => r.Holds != false).Select(r => (Role?)r.Role).Max());

        bool? Holds(RoleRule rule) => rule.Kind switch
        {
            RoleRuleKinds.Person => rule.Value == person,
            RoleRuleKinds.Department when rule.Place == company => known.Ids?.Contains(rule.Value, StringComparer.Ordinal) == true ? true
                : known is { Ids: not null, AreAll: true } ? false : null,
            // What was told and by whom stand together: a session may be proved anew meanwhile.
            RoleRuleKinds.Group when told.Platform == PlatformIdentity.IdentityProvider && rule.Place == told.App =>
                told.Groups.Contains(rule.Value, StringComparer.Ordinal) ? true : told.GroupsAreUnknown ? null : false,
            _ => false,
        };
    }

    /// <summary>A rule for the one who is no more is one for who remains.</summary>
    public async ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join)
    {
        await unit.ExecuteAsync("""
            DELETE FROM console_role_rule WHERE kind = 'person' AND value = $1
              AND EXISTS (SELECT 1 FROM console_role_rule o WHERE o.kind = 'person' AND o.value = $2)
            """, join.Former, join.Person);
        await unit.ExecuteAsync("UPDATE console_role_rule SET value = $2 WHERE kind = 'person' AND value = $1", join.Former, join.Person);
    }

    /// <summary>Whose of the two it was is not known: an administrator makes it anew.</summary>
    public async ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo) => await ForgetAsync(unit, undo.Person);

    /// <inheritdoc cref="UndoneAsync"/>
    public async ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids) =>
        await ForgetAsync(unit, from);

    /// <summary>Groups of an identity provider that is gone, or is another one.</summary>
    public static async ValueTask ForgetGroupsAsync(IUnitOfWork unit, string provider) =>
        await unit.ExecuteAsync("DELETE FROM console_role_rule WHERE kind = 'group' AND place = $1", provider);

    private async ValueTask ForgetAsync(IUnitOfWork unit, string person)
    {
        if (await unit.ExecuteAsync("DELETE FROM console_role_rule WHERE kind = 'person' AND value = $1", person) == 0) return;
        await audit.AddAsync(unit, Actor.System, "console_role.removed", person, new JsonObject { ["kind"] = "person",
            ["why"] = "separated" });
    }

    private static ValueTask<List<RoleRule>> ReadAsync(ISql sql) => sql.QueryAsync(
        "SELECT id, kind, place, value, label, role, created_at, created_by FROM console_role_rule ORDER BY kind, label, id",
        row => new RoleRule(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            Roles.Of(row.GetString(5)), row.Time(6), row.GetString(7)));
}

/// <summary>What rules give somebody.</summary>
/// <param name="Sure">The highest role that they have; null: none.</param>
/// <param name="Possible">The highest that they may have, as far as is known; null: none.</param>
internal readonly record struct RuledRole(Role? Sure, Role? Possible)
{
    /// <summary>What becomes of a role that they have by a rule: as it is, where nothing says otherwise.</summary>
    public Role? Of(Role now) => Possible is not { } most ? null : now > most ? most : Sure > now ? Sure : now;
}
