using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>Somebody as they are here, and as they are at a target.</summary>
/// <param name="Item">The id by which the target knows them.</param>
/// <param name="Person">Null: nobody has this id any more.</param>
/// <param name="Row">What is known of them at the target.</param>
/// <param name="Ours">Ids that are theirs, the one of today first: an account with one of them is theirs.</param>
internal sealed record TargetPerson(string Item, ScimPerson? Person, ResourceRow Row, IReadOnlyList<string> Ours);

/// <summary>Reads people for targets.</summary>
internal static class TargetPeople
{
    /// <summary>Some people, in the order in which they are named.</summary>
    public static async ValueTask<IReadOnlyList<TargetPerson>> ReadAsync(ISql sql, Dialect dialect, long target,
        IReadOnlyList<string> items)
    {
        var list = IdList.Of(dialect, items);
        var people = (await ScimPeople.ReadAsync(sql, dialect, $"p.id {IdList.In(dialect, "$1")}", "", [list]))
            .ToDictionary(p => p.Id, StringComparer.Ordinal);
        var rows = await ResourceRows.FindAsync(sql, dialect, target, ResourceKinds.User, items);
        var former = (await sql.QueryAsync($"""
            SELECT x.person, x.id FROM person_alias x WHERE x.person {IdList.In(dialect, "$1")} ORDER BY x.merged_at, x.id
            """, static row => (Person: row.GetString(0), Id: row.GetString(1)), list)).ToLookup(f => f.Person, f => f.Id);
        return [.. items.Select(item => new TargetPerson(item, people.GetValueOrDefault(item),
            rows.GetValueOrDefault(item) ?? new ResourceRow(ResourceKinds.User, item), [item, .. former[item]]))];
    }

    /// <summary>A page of those whom a directory or an upstream knows, or the target.</summary>
    public static ValueTask<List<(long Seq, string Id)>> PageAsync(ISql sql, long target, long after, int limit) => sql.QueryAsync($"""
        SELECT p.seq, p.id FROM person p WHERE p.seq > $2 AND (
          EXISTS (SELECT 1 FROM person_account a JOIN directory_member m ON m.account = a.id WHERE a.person = p.id)
          OR EXISTS (SELECT 1 FROM scim_resource r WHERE r.target = $1 AND r.kind = 'user' AND r.item = p.id))
        ORDER BY p.seq LIMIT {limit}
        """, static row => (row.GetInt64(0), row.GetString(1)), target, after);

    /// <summary>A page of ids that the target knows and that nobody has any more.</summary>
    public static ValueTask<List<(long Id, string Item)>> FormerAsync(ISql sql, long target, long after, int limit) => sql.QueryAsync($"""
        SELECT r.id, r.item FROM scim_resource r WHERE r.target = $1 AND r.kind = 'user' AND r.id > $2
        AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = r.item) ORDER BY r.id LIMIT {limit}
        """, static row => (row.GetInt64(0), row.GetString(1)), target, after);

    /// <summary>Who somebody of former days is now.</summary>
    public static ValueTask<List<(string Former, string Now)>> SurvivorsAsync(ISql sql, Dialect dialect, IEnumerable<string> items) =>
        sql.QueryAsync($"SELECT x.id, x.person FROM person_alias x WHERE x.id {IdList.In(dialect, "$1")}",
            static row => (row.GetString(0), row.GetString(1)), IdList.Of(dialect, items));
}
