using System.Globalization;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Reads groups for SCIM.</summary>
internal static class ScimGroupRows
{
    /// <summary>So many members are read for one page: then it ends with the group that has them, and the next page goes on.</summary>
    /// <remarks>RFC 7644, 3.4.2.4: a page may have fewer than were asked for. No group is told with a part of its members.</remarks>
    public const int MostMembers = 10_000;

    private const string OfGroup = """
        directory_department d JOIN directory_membership s ON s.dept_key = d.dept_key
        JOIN directory_member m ON m.id = s.member AND m.directory = d.directory AND m.left_at IS NULL
        """;

    /// <summary>Groups of a condition on <c>directory_department d</c> and its <c>directory r</c>, the oldest first.</summary>
    public static async ValueTask<IReadOnlyList<ScimGroup>> ReadAsync(
        ISql sql, Dialect dialect, string condition, string page, object?[] values, bool withMembers)
    {
        var groups = await sql.QueryAsync($"""
            SELECT d.id, d.directory, d.dept_key, r.platform, r.app, d.name, d.custom_id, d.changed_at
            FROM directory_department d JOIN directory r ON r.id = d.directory WHERE {condition} ORDER BY d.id {page}
            """, static row => new ScimGroup(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3) == ScimUpstream.Platform
                ? row.GetString(4) : null,
                row.Text(5), row.Text(6), row.Time(7)), values);
        if (!withMembers || groups.Count == 0) return groups;
        if (groups.Count > 1) groups = await WholeAsync(sql, dialect, groups);
        var members = (await sql.QueryAsync($"""
            SELECT d.id, a.person, a.name FROM {OfGroup} JOIN person_account a ON a.id = m.account
            WHERE d.id {IdList.In(dialect, "$1")} ORDER BY m.id
            """, static row => (Group: row.GetInt64(0), Member: (row.GetString(1), row.Text(2))),
                IdList.Of(dialect, groups.Select(g => g.Id))))
            .ToLookup(m => m.Group, m => m.Member);
        return [.. groups.Select(g => g with { Members = [.. members[g.Id]] })];
    }

    /// <summary>Which of some people are members.</summary>
    public static async ValueTask<HashSet<string>> MembersAmongAsync(
        ISql sql, Dialect dialect, ScimGroup group, IEnumerable<string> people) =>
        // Written so that SQLite begins with the people and not with all members of the group.
        (await sql.QueryAsync($"""
            SELECT a.person FROM person_account a CROSS JOIN directory_member m CROSS JOIN directory_membership s
            WHERE a.person {IdList.In(dialect, "$1")} AND m.account = a.id AND m.left_at IS NULL AND m.directory = $3
              AND s.member = m.id AND s.dept_key = $2
            """, static row => row.GetString(0), IdList.Of(dialect, people), group.Key, group.Directory)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Members other than some people, at most so many.</summary>
    public static async ValueTask<HashSet<string>> OthersAsync(
        ISql sql, Dialect dialect, ScimGroup group, IEnumerable<string> people, int most) =>
        (await sql.QueryAsync($"""
            SELECT DISTINCT a.person FROM {OfGroup} JOIN person_account a ON a.id = m.account
            WHERE d.id = $1 AND NOT (a.person {IdList.In(dialect, "$2")}) LIMIT {most}
            """, static row => row.GetString(0), group.Id, IdList.Of(dialect, people))).ToHashSet(StringComparer.Ordinal);

    /// <summary>The first of them, as many as one page may have with all their members; one at least.</summary>
    private static async ValueTask<List<ScimGroup>> WholeAsync(ISql sql, Dialect dialect, List<ScimGroup> groups)
    {
        var counts = (await sql.QueryAsync(
            $"SELECT d.id, COUNT(*) FROM {OfGroup} WHERE d.id {IdList.In(dialect, "$1")} GROUP BY d.id",
            static row => (row.GetInt64(0), row.GetInt64(1)), IdList.Of(dialect, groups.Select(g => g.Id)))).ToDictionary();
        var sum = 0L;
        return [.. groups.TakeWhile((g, place) => (sum += counts.GetValueOrDefault(g.Id)) <= MostMembers || place == 0)];
    }

    /// <summary>One group; null: there is none any more.</summary>
    public static async ValueTask<ScimGroup?> FindAsync(ISql sql, Dialect dialect, string id, bool withMembers) =>
        NumberOf(id) is { } number && await ReadAsync(sql, dialect, "d.id = $1 AND d.gone_at IS NULL", "", [number],
            withMembers) is [var one] ? one : null;

    /// <summary>The number that an id is; null: none.</summary>
    public static long? NumberOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
