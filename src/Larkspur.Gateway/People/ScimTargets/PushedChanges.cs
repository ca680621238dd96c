using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets;

/// <summary>
/// Who and what changed, for targets to read on from a number of theirs: whoever changes people notes it in the transaction of the change.
/// A person or department has one row, however often it changes; and none is written while there are no targets.
/// </summary>
/// <remarks>
/// Always under <see cref="PersonRows.LockAsync"/>: the numbers rise in the order of commits, so that nobody who reads up to one misses
/// what is committed later with a smaller one. What is forgotten here, the comparison of the night finds.
/// </remarks>
internal static class PushedChanges
{
    private const string Next = "(SELECT COALESCE(MAX(no), 0) + 1 FROM scim_change)";
    private const string Wanted = "EXISTS (SELECT 1 FROM scim_target)";

    /// <summary>Something of these people is different: what is known of them, where they belong, or whether they may work.</summary>
    public static async ValueTask OfPeopleAsync(IUnitOfWork unit, Dialect dialect, IEnumerable<string> people)
    {
        var ids = people.Distinct(StringComparer.Ordinal).ToArray();
        if (ids.Length > 0) await unit.ExecuteAsync($"""
            INSERT INTO scim_change (kind, item, no) SELECT 'user', id, {Next} FROM {IdList.Table(dialect, "$1")} WHERE {Wanted}
            ON CONFLICT (kind, item) DO UPDATE SET no = excluded.no
            """, IdList.Of(dialect, ids));
    }

    /// <summary>A department is new, is called otherwise, or is no more.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="directory">The number of its directory.</param>
    /// <param name="key">Its key there.</param>
    /// <param name="isRenamed">Its members are in a department of another name.</param>
    public static async ValueTask OfDepartmentAsync(IUnitOfWork unit, long directory, string key, bool isRenamed)
    {
        await unit.ExecuteAsync($"""
            INSERT INTO scim_change (kind, item, no) SELECT 'group', CAST(d.id AS TEXT), {Next} FROM directory_department d
            WHERE d.directory = $1 AND d.dept_key = $2 AND {Wanted} ON CONFLICT (kind, item) DO UPDATE SET no = excluded.no
            """, directory, key);
        if (isRenamed) await unit.ExecuteAsync($"""
            INSERT INTO scim_change (kind, item, no) SELECT DISTINCT 'user', a.person, {Next} FROM directory_membership s
            JOIN directory_member m ON m.id = s.member AND m.directory = $1 JOIN person_account a ON a.id = m.account
            WHERE s.dept_key = $2 AND {Wanted} ON CONFLICT (kind, item) DO UPDATE SET no = excluded.no
            """, directory, key);
    }

    /// <summary>The number of the last change.</summary>
    public static async ValueTask<long> LastAsync(ISql sql) => await sql.NumberAsync("SELECT MAX(no) FROM scim_change") ?? 0;

    /// <summary>Changes after a number: about so many, and all that share the last one's.</summary>
    public static ValueTask<List<PushedChange>> AfterAsync(ISql sql, long seen, int about) => sql.QueryAsync($"""
        SELECT c.kind, c.item, c.no FROM scim_change c WHERE c.no > $1
        AND c.no <= (SELECT MAX(n.no) FROM (SELECT no FROM scim_change WHERE no > $1 ORDER BY no LIMIT {about}) n) ORDER BY c.no
        """, static row => new PushedChange(row.GetString(0), row.GetString(1), row.GetInt64(2)), seen);

    /// <summary>Nobody reads them any more.</summary>
    public static async ValueTask ForgetUnreadAsync(IUnitOfWork unit) =>
        await unit.ExecuteAsync($"DELETE FROM scim_change WHERE NOT {Wanted}");
}

/// <summary>Somebody or something changed.</summary>
/// <param name="Kind">A word of <see cref="Rows.ResourceKinds"/>.</param>
/// <param name="Item">The person's id; the department's number.</param>
/// <param name="No">When, among others.</param>
internal sealed record PushedChange(string Kind, string Item, long No);

/// <summary>People who become one, or two again, are other people at the targets too.</summary>
internal sealed class MergedChanges(IDatabase database) : IPersonMerged
{
    /// <summary>Accounts at targets that moved with a join: the target's number, and its id of the account.</summary>
    public const string Accounts = "scim_target";

    public ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join) => NoteAsync(unit, join.Person, join.Former);

    /// <summary>An account at a target that became the other's with the join goes back, unless that one has another one there by now.
    /// </summary>
    public async ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo)
    {
        foreach (var (target, _, remote) in await JoinRows.RowsAsync(unit, undo.Join, Accounts))
        {
            if (remote is not null && await ResourceRows.OwnerAsync(unit, target, remote) == undo.Person)
                await ResourceRows.GiveAsync(unit, target, undo.Person, undo.Former.Id);
        }

        await NoteAsync(unit, undo.Person, undo.Former.Id);
    }

    /// <summary>Who keeps no entry in a directory has given theirs away, and the accounts at the targets with it; so has a former id whose
    /// entries were all taken off the person whom it became.</summary>
    public async ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids)
    {
        foreach (var giver in (string[])[from, .. await JoinRows.FormerOfAsync(unit, from, to)])
        {
            if (giver == from && await unit.NumberAsync("""
                SELECT COUNT(*) FROM person_account a JOIN directory_member m ON m.account = a.id WHERE a.person = $1
                """, from) > 0) continue;
            foreach (var target in await ResourceRows.TargetsOfAsync(unit, giver)) await ResourceRows.GiveAsync(unit, target, giver, to);
        }

        await NoteAsync(unit, from, to);
    }

    private ValueTask NoteAsync(IUnitOfWork unit, params string[] people) =>
        PushedChanges.OfPeopleAsync(unit, database.Dialect, people);
}
