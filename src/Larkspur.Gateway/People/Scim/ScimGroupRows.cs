using System.Globalization;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Reads groups for SCIM.</summary>
internal static class ScimGroupRows
{
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
        var members = (await sql.QueryAsync($"""
            SELECT d.id, a.person, a.name FROM directory_department d JOIN directory_membership s ON s.dept_key = d.dept_key
            JOIN directory_member m ON m.id = s.member AND m.directory = d.directory AND m.left_at IS NULL
            JOIN person_account a ON a.id = m.account WHERE d.id {IdList.In(dialect, "$1")} ORDER BY m.id
            """, static row => (Group: row.GetInt64(0), Member: (row.GetString(1), row.Text(2))),
                IdList.Of(dialect, groups.Select(g => g.Id))))
            .ToLookup(m => m.Group, m => m.Member);
        return [.. groups.Select(g => g with { Members = [.. members[g.Id]] })];
    }

    /// <summary>One group; null: there is none any more.</summary>
    public static async ValueTask<ScimGroup?> FindAsync(ISql sql, Dialect dialect, string id, bool withMembers) =>
        NumberOf(id) is { } number && await ReadAsync(sql, dialect, "d.id = $1 AND d.gone_at IS NULL", "", [number],
            withMembers) is [var one] ? one : null;

    /// <summary>The number that an id is; null: none.</summary>
    public static long? NumberOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
