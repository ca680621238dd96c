using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Takes over what an upstream says of its groups, as departments of its directory. Members are its own users alone.</summary>
internal sealed class ScimGroupWrites(IDatabase database, MemberChanges changes, DepartmentImport departments, AuditTrail audit,
    TimeProvider clock)
{
    /// <summary>So many people may join and leave with one request: it is one transaction.</summary>
    private const int MostChanges = 2000;

    /// <returns>Its id.</returns>
    /// <exception cref="ScimRefusedException"><c>invalidValue</c>.</exception>
    public Task<string> CreateAsync(ScimUpstream upstream, ScimGroupState state, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        var scope = await upstream.ScopeAsync(unit);
        var key = "sg_" + Guid.NewGuid().ToString("N");
        await departments.WriteAsync(unit, scope, Told(key, state), clock.GetUtcNow());
        var id = (await DepartmentRow.FindAsync(unit, scope.Directory.Id, key))!.Id;
        await MoveAsync(unit, scope, key, state.Joining, new HashSet<string>());
        await NoteAsync(unit, upstream, "group.provisioned", id, state.Name, state.Joining.Count, 0);
        return id.ToString(CultureInfo.InvariantCulture);
    }, cancellation);

    /// <summary>Changes a group. Of its members those are read who join or leave.</summary>
    /// <exception cref="ScimRefusedException">404, <c>mutability</c>, <c>invalidValue</c>.</exception>
    public Task ChangeAsync(ScimUpstream upstream, string id, Action<ScimGroupState> change, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        var (scope, group) = await OwnAsync(unit, upstream, id);
        var state = new ScimGroupState { Name = group.Name, ExternalId = group.ExternalId };
        change(state);
        await departments.WriteAsync(unit, scope, Told(group.Key, state), clock.GetUtcNow());
        var there = await ScimGroupRows.MembersAmongAsync(unit, database.Dialect, group, state.Joining.Concat(state.Leaving));
        var joining = state.Joining.Except(there).ToHashSet(StringComparer.Ordinal);
        var leaving = state.Leaving.Intersect(there).ToHashSet(StringComparer.Ordinal);
        if (state.AllLeave)
            leaving = await ScimGroupRows.OthersAsync(unit, database.Dialect, group, state.Joining, MostChanges + 1);
        await MoveAsync(unit, scope, group.Key, joining, leaving);
        await NoteAsync(unit, upstream, "group.changed", group.Id, state.Name, joining.Count, leaving.Count);
    }, cancellation);

    /// <summary>A group is no more. Its people stay, and its id is never another's.</summary>
    /// <remarks>Of very many members some leave at a time: who is interrupted asks again.</remarks>
    /// <exception cref="ScimRefusedException">404, <c>mutability</c>.</exception>
    public async Task DeleteAsync(ScimUpstream upstream, string id, CancellationToken cancellation)
    {
        while (!await database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            var (scope, group) = await OwnAsync(unit, upstream, id);
            var leaving = await ScimGroupRows.OthersAsync(unit, database.Dialect, group, [], MostChanges);
            await MoveAsync(unit, scope, group.Key, new HashSet<string>(), leaving);
            if (leaving.Count == MostChanges)
            {
                await NoteAsync(unit, upstream, "group.changed", group.Id, group.Name, 0, leaving.Count);
                return false;
            }

            await departments.RemoveAsync(unit, scope, (await DepartmentRow.FindAsync(unit, group.Directory, group.Key))!,
                clock.GetUtcNow());
            await NoteAsync(unit, upstream, "group.removed", group.Id, group.Name, 0, leaving.Count);
            return true;
        }, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask<(ImportScope Scope, ScimGroup Group)> OwnAsync(IUnitOfWork unit, ScimUpstream upstream, string id)
    {
        var group = await ScimGroupRows.FindAsync(unit, database.Dialect, id, withMembers: false) ?? throw ScimRefusedException.Missing();
        return group.Upstream == upstream.Name ? (await upstream.ScopeAsync(unit), group) : throw ScimRefusedException.Foreign();
    }

    private static DirectoryDepartment Told(string key, ScimGroupState state) => string.IsNullOrWhiteSpace(state.Name)
        ? throw ScimRefusedException.Value("displayName is missing.")
        : new(key, null, state.Name) { CustomId = string.IsNullOrWhiteSpace(state.ExternalId) ? null : state.ExternalId,
            SortKey = state.Name };

    /// <summary>People join and leave a group; whoever is to leave and is nobody's any more has left it already.</summary>
    private async ValueTask MoveAsync(IUnitOfWork unit, ImportScope scope, string key, IReadOnlySet<string> joining,
        IReadOnlySet<string> leaving)
    {
        if (joining.Count + leaving.Count == 0) return;
        if (joining.Count + leaving.Count > MostChanges) throw new ScimRefusedException(400, "tooMany",
            $"At most {MostChanges} members change with one request.");
        var keys = (await unit.QueryAsync($"""
            SELECT a.person, m.member_key FROM person_account a JOIN directory_member m ON m.account = a.id
            WHERE a.person {IdList.In(database.Dialect, "$1")} AND m.directory = $2 AND m.left_at IS NULL ORDER BY m.id
            """, static row => (Person: row.GetString(0), Key: row.GetString(1)), IdList.Of(database.Dialect, joining.Concat(leaving)),
                scope.Directory.Id)).ToLookup(m => m.Person, m => m.Key);
        if (joining.FirstOrDefault(j => !keys.Contains(j)) is { } foreign)
            throw ScimRefusedException.Value($"No user that this system made has the id {foreign[..Math.Min(foreign.Length, 64)]}.");
        var rows = await MemberRow.FindAsync(unit, database.Dialect, scope.Directory.Id, keys.SelectMany(k => k));
        var places = (await unit.QueryAsync($"""
            SELECT s.member, s.dept_key FROM directory_membership s WHERE s.member {IdList.In(database.Dialect, "$1")}
            ORDER BY s.member, s.place
            """,
            static row => (Member: row.GetInt64(0), Key: row.GetString(1)), IdList.Of(database.Dialect, rows.Values.Select(r => r.Id))))
                .ToLookup(p => p.Member, p => p.Key);
        foreach (var person in joining.Concat(leaving))
        {
            var joins = joining.Contains(person);
            // Of two accounts that became one person's, the first joins, and both leave.
            foreach (var row in keys[person].Take(joins ? 1 : int.MaxValue).Select(k => rows[k]))
            {
                var others = places[row.Id].Where(k => k != key);
                await SetAsync(unit, scope, row, joins ? [.. others, key] : [.. others]);
            }
        }
    }

    private async ValueTask SetAsync(IUnitOfWork unit, ImportScope scope, MemberRow row, IReadOnlyList<string> groups)
    {
        var now = clock.GetUtcNow();
        var member = new DirectoryMember
        {
            Key = row.Key, Ids = [], Fields = new Dictionary<string, string>(),
            Departments = [.. groups.Select(static k => new DirectoryPlace(k, false, false))],
        };
        await changes.UpdateAsync(unit, scope, row, member, row.Hash, now, now);
    }

    private ValueTask NoteAsync(IUnitOfWork unit, ScimUpstream upstream, string what, long id, string? name, int joined, int left) =>
        audit.AddAsync(unit, upstream.Who, what, id.ToString(CultureInfo.InvariantCulture),
            new JsonObject { ["system"] = upstream.Name, ["name"] = name, ["joined"] = joined, ["left"] = left });
}
