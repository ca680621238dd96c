using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Rows;

/// <summary>Departments as groups at a target, and who is in them: here, and there as it was pushed.</summary>
internal static class GroupRows
{
    /// <summary>Who should be in a group of a target: everybody of the department who has an account there.</summary>
    private const string Wanted = """
        SELECT DISTINCT a.person, r.remote_id FROM directory_department d JOIN directory_membership s ON s.dept_key = d.dept_key
        JOIN directory_member m ON m.id = s.member AND m.directory = d.directory AND m.left_at IS NULL
        JOIN person_account a ON a.id = m.account
        JOIN scim_resource r ON r.target = $1 AND r.kind = 'user' AND r.item = a.person AND r.remote_id IS NOT NULL
        WHERE d.id = $3 AND d.gone_at IS NULL
        """;

    private const string There = "SELECT g.person, g.remote_id FROM scim_resource_member g WHERE g.target = $1 AND g.item = $2";

    /// <summary>A department; null: there never was one.</summary>
    /// <remarks>Of several with one name the oldest has it alone, and the others theirs with the one above and their number: groups are
    /// told apart by their names.</remarks>
    public static ValueTask<PushedGroup?> FindAsync(ISql sql, long number) => sql.FirstAsync("""
        SELECT d.id, d.name, d.gone_at, p.name, (SELECT MIN(o.id) FROM directory_department o
          WHERE LOWER(o.name) = LOWER(d.name) AND o.gone_at IS NULL AND o.id < d.id),
          (SELECT r.platform FROM directory r WHERE r.id = d.directory)
        FROM directory_department d LEFT JOIN directory_department p ON p.directory = d.directory AND p.dept_key = d.parent
        WHERE d.id = $1
        """, static row => new PushedGroup(row.GetInt64(0), NameOf(row.GetInt64(0), row.Text(1), row.Text(3), !row.IsDBNull(4)),
            !row.IsDBNull(2)) { IsUpstreams = row.Text(5) == ScimUpstream.Platform }, number);

    /// <summary>A page of departments that are there, or that the target knows.</summary>
    public static ValueTask<List<long>> PageAsync(ISql sql, long target, long after, int limit) => sql.QueryAsync($"""
        SELECT d.id FROM directory_department d WHERE d.id > $2 AND (d.gone_at IS NULL
          OR EXISTS (SELECT 1 FROM scim_resource r WHERE r.target = $1 AND r.kind = 'group' AND r.item = CAST(d.id AS TEXT)))
        ORDER BY d.id LIMIT {limit}
        """, static row => row.GetInt64(0), target, after);

    /// <summary>Departments of people: where they are, and where the target has them.</summary>
    public static ValueTask<List<string>> OfPeopleAsync(ISql sql, Dialect dialect, long target, IEnumerable<string> people) =>
        sql.QueryAsync($"""
        SELECT CAST(d.id AS TEXT) FROM person_account a JOIN directory_member m ON m.account = a.id AND m.left_at IS NULL
        JOIN directory_membership s ON s.member = m.id
        JOIN directory_department d ON d.directory = m.directory AND d.dept_key = s.dept_key AND d.gone_at IS NULL
        WHERE a.person {IdList.In(dialect, "$2")}
        UNION SELECT g.item FROM scim_resource_member g WHERE g.target = $1 AND g.person {IdList.In(dialect, "$2")}
        """, static row => row.GetString(0), target, IdList.Of(dialect, people));

    /// <summary>Who is to leave a group.</summary>
    public static ValueTask<List<GroupMember>> LeavingAsync(ISql sql, long target, PushedGroup group, int limit) => sql.QueryAsync(
        $"{There} EXCEPT {Wanted} LIMIT {limit}", GroupMember.Read, target, group.Item, group.Number);

    /// <summary>Who is to join a group, behind a person.</summary>
    public static ValueTask<List<GroupMember>> JoiningAsync(ISql sql, long target, PushedGroup group, string after, int limit) =>
        sql.QueryAsync($"""
            SELECT j.person, j.remote_id FROM ({Wanted} EXCEPT {There}) j WHERE j.person > $4 ORDER BY j.person LIMIT {limit}
            """, GroupMember.Read, target, group.Item, group.Number, after);

    /// <summary>Who is of the department and not in its group, also those who have no account at the target: they may be given
    /// one.</summary>
    public static ValueTask<List<(string Person, bool HasAccount)>> WouldJoinAsync(ISql sql, long target, PushedGroup group) =>
        sql.QueryAsync("""
            SELECT DISTINCT a.person, r.remote_id FROM directory_department d JOIN directory_membership s ON s.dept_key = d.dept_key
            JOIN directory_member m ON m.id = s.member AND m.directory = d.directory AND m.left_at IS NULL
            JOIN person_account a ON a.id = m.account
            LEFT JOIN scim_resource r ON r.target = $1 AND r.kind = 'user' AND r.item = a.person
            WHERE d.id = $3 AND d.gone_at IS NULL AND NOT EXISTS (SELECT 1 FROM scim_resource_member g
              WHERE g.target = $1 AND g.item = $2 AND g.person = a.person AND g.remote_id = r.remote_id)
            ORDER BY a.person
            """, static row => (row.GetString(0), !row.IsDBNull(1)), target, group.Item, group.Number);

    /// <summary>Who is in a group, and not of its department any more.</summary>
    public static ValueTask<List<string>> WouldLeaveAsync(ISql sql, long target, PushedGroup group) => sql.QueryAsync(
        $"SELECT l.person FROM ({There} EXCEPT {Wanted}) l ORDER BY l.person", static row => row.GetString(0),
            target, group.Item, group.Number);

    /// <summary>Everybody who should be in a group.</summary>
    public static ValueTask<List<GroupMember>> WantedAsync(ISql sql, long target, PushedGroup group) => sql.QueryAsync(
        $"{Wanted} AND $2 = $2", GroupMember.Read, target, group.Item, group.Number);

    /// <summary>Who is in a group, as it was pushed.</summary>
    public static ValueTask<List<GroupMember>> ThereAsync(ISql sql, long target, PushedGroup group) =>
        sql.QueryAsync(There, GroupMember.Read, target, group.Item);

    public static async ValueTask JoinedAsync(IUnitOfWork unit, long target, PushedGroup group, IEnumerable<GroupMember> members)
    {
        foreach (var member in members)
        {
            await unit.ExecuteAsync("""
                INSERT INTO scim_resource_member (target, item, person, remote_id) VALUES ($1, $2, $3, $4)
                ON CONFLICT (target, item, person) DO UPDATE SET remote_id = excluded.remote_id
                """, target, group.Item, member.Person, member.RemoteId);
        }
    }

    public static async ValueTask LeftAsync(IUnitOfWork unit, Dialect dialect, long target, PushedGroup group,
        IEnumerable<GroupMember> members) =>
        await unit.ExecuteAsync($"DELETE FROM scim_resource_member WHERE target = $1 AND item = $2 AND person {IdList.In(dialect, "$3")}",
            target, group.Item, IdList.Of(dialect, members.Select(m => m.Person)));

    /// <summary>The group is not there any more: nobody is in it.</summary>
    public static async ValueTask EmptiedAsync(IUnitOfWork unit, long target, PushedGroup group) =>
        await unit.ExecuteAsync("DELETE FROM scim_resource_member WHERE target = $1 AND item = $2", target, group.Item);

    private static string? NameOf(long number, string? name, string? above, bool isTaken) => string.IsNullOrWhiteSpace(name) ? null
        : !isTaken ? name : above is null ? $"{name} ({number})" : $"{name} ({above}, {number})";
}

/// <summary>Somebody in a group at a target.</summary>
/// <param name="Person">Who.</param>
/// <param name="RemoteId">The target's id of them.</param>
internal sealed record GroupMember(string Person, string RemoteId)
{
    public static GroupMember Read(System.Data.Common.DbDataReader row) => new(row.GetString(0), row.GetString(1));
}
