using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>What follows when a member joins, changes, leaves or comes back: one transaction with the rows, the person, what they could
/// do, and what others are told.</summary>
internal sealed class MemberChanges(
    IDatabase database, PersonJoining joining, DirectoryWebhooks webhooks, HandoverList handover, AuditTrail audit)
{
    /// <summary>Members who are new to the directory.</summary>
    /// <returns>Their rows.</returns>
    public async ValueTask<IReadOnlyList<long>> JoinAsync(IUnitOfWork unit, ImportScope scope, IReadOnlyList<DirectoryMember> members,
        Dictionary<string, string> hashes, DateTimeOffset askedAt, DateTimeOffset now)
    {
        if (scope.IsDry)
        {
            foreach (var member in members)
            {
                unit.AfterCommit(() => { lock (scope.WouldJoin) scope.WouldJoin.Add(member.Key); });
                await NoteAsync(unit, scope, new(ChangeKinds.Joined, member.Key, NameOf(member.Fields), null, []), now);
            }

            unit.AfterCommit(() => scope.Counts.FoundMembers(members.Count));
            return [];
        }

        var (accounts, known) = await AccountImport.OfNewAsync(unit, database.Dialect, scope.Directory, members, now);
        var byKey = members.ToDictionary(m => m.Key, StringComparer.Ordinal);
        var made = await unit.QueryAsync(
            "INSERT INTO directory_member "
            + "(directory, member_key, account, status, fields, employee_no, email, user_id, hash, read_at, changed_at) "
            + $"VALUES {AccountImport.Places(members.Count, 11)} RETURNING id, member_key, account",
            static row => (Id: row.GetInt64(0), Key: row.GetString(1), Account: row.GetInt64(2)),
            [.. members.SelectMany(m => (object?[])
            [
                scope.Directory.Id, m.Key, accounts[m.Key], m.Status is { } status ? MemberRow.WordOf(status) : MemberRow.Unknown,
                MemberRow.TextOf(m.Fields), Found(m.Fields, DirectoryFields.EmployeeNo), EmailOf(m.Fields),
                Found(m.Fields, DirectoryFields.UserId), hashes[m.Key], askedAt.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(),
            ])]);
        await PlaceAsync(unit, made.Select(row => (row.Id, byKey[row.Key].Departments ?? [])));
        var people = (await unit.QueryAsync($"SELECT id, person FROM person_account WHERE id {IdList.In(database.Dialect, "$1")}",
            static row => (row.GetInt64(0), row.GetString(1)),
            IdList.Of(database.Dialect, made.Select(m => m.Account)))).ToDictionary();
        await PushedChanges.OfPeopleAsync(unit, database.Dialect, people.Values);
        foreach (var (_, key, account) in made)
        {
            var person = people[account];
            // Whoever was made just now is there.
            if (known.Contains(key) || byKey[key].Status == MemberStatus.Frozen) await FollowAsync(unit, scope, person, now);
            await NoteAsync(unit, scope, new(ChangeKinds.Joined, key, NameOf(byKey[key].Fields), person, []), now);
            await webhooks.TellAsync(unit, scope, DirectoryWebhooks.Joined, person, byKey[key].Fields, [], now);
        }

        unit.AfterCommit(() => scope.Counts.FoundMembers(made.Count));
        return [.. made.Select(m => m.Id)];
    }

    /// <summary>A member of whom the directory says something else than before.</summary>
    public async ValueTask UpdateAsync(IUnitOfWork unit, ImportScope scope, MemberRow row, DirectoryMember member, string hash,
        DateTimeOffset askedAt, DateTimeOffset now)
    {
        var fields = new Dictionary<string, string>(row.Fields, StringComparer.Ordinal);
        // What is withheld now stays as it was told.
        foreach (var (name, value) in member.Fields) fields[name] = value;
        var status = member.Status is { } told ? MemberRow.WordOf(told)
            : row.Status is MemberRow.Left or MemberRow.Hidden ? MemberRow.Unknown : row.Status;
        var differences = DifferencesOf(row.Fields, fields);
        if (status != row.Status) differences.Add(new FieldChange("status", row.Status, status));
        if (member.Departments is { } places && await PlacesAsync(unit, row.Id) is var before && !before.SequenceEqual(places))
            differences.Add(new FieldChange("departments", Listed(before), Listed(places)));

        var kind = !row.IsThere ? ChangeKinds.Returned
            : status == MemberRow.Frozen && row.Status != MemberRow.Frozen ? ChangeKinds.Frozen : ChangeKinds.Changed;
        var person = await PersonOfAsync(unit, row.Account);
        if (!scope.IsDry)
        {
            await unit.ExecuteAsync("""
                UPDATE directory_member
                SET status = $2, fields = $3, employee_no = $4, email = $5, hash = $6, read_at = $7, changed_at = $8, user_id = $9,
                  left_at = NULL
                WHERE id = $1
                """, row.Id, status, MemberRow.TextOf(fields), Found(fields, DirectoryFields.EmployeeNo), EmailOf(fields), hash,
                askedAt.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), Found(fields, DirectoryFields.UserId));
            await AccountImport.UpdateAsync(unit, database.Dialect, scope.Directory.Platform, row.Account, member);
            if (differences.Exists(d => d.Name == "departments")) await PlaceAsync(unit, [(row.Id, member.Departments!)], clear: true);
            await PushedChanges.OfPeopleAsync(unit, database.Dialect, [person]);
            await FollowAsync(unit, scope, person, now);
        }

        if (kind == ChangeKinds.Changed && differences.Count == 0) return;
        await NoteAsync(unit, scope, new(kind, row.Key, NameOf(fields), person, differences), now);
        if (scope.IsDry) return;
        var type = kind == ChangeKinds.Returned ? DirectoryWebhooks.Joined : DirectoryWebhooks.Changed;
        await webhooks.TellAsync(unit, scope, type, person, fields, differences, now);
    }

    /// <summary>A member is no colleague any more. What is known of them is kept for a while: they may come back, as who they
    /// were.</summary>
    public async ValueTask LeaveAsync(IUnitOfWork unit, ImportScope scope, MemberRow row, DateTimeOffset askedAt, DateTimeOffset now)
    {
        var person = await PersonOfAsync(unit, row.Account);
        var places = await PlacesAsync(unit, row.Id);
        IReadOnlyDictionary<string, int>? left = null;
        if (!scope.IsDry)
        {
            await unit.ExecuteAsync("""
                UPDATE directory_member SET status = $2, hash = '', read_at = $3, changed_at = $4, left_at = $4 WHERE id = $1
                """, row.Id, MemberRow.Left, askedAt.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
            await unit.ExecuteAsync("DELETE FROM directory_membership WHERE member = $1", row.Id);
            await PushedChanges.OfPeopleAsync(unit, database.Dialect, [person]);
            left = await FollowAsync(unit, scope, person, now);
        }

        FieldChange[] lost = places.Count == 0 ? [] : [new FieldChange("departments", Listed(places), null)];
        await NoteAsync(unit, scope, new(ChangeKinds.Left, row.Key, NameOf(row.Fields), person, lost), now);
        if (!scope.IsDry) await webhooks.TellAsync(unit, scope, DirectoryWebhooks.Left, person, row.Fields, lost, now, left);
    }

    /// <summary>Notes that a member would be taken for gone.</summary>
    public static async ValueTask WouldLeaveAsync(IUnitOfWork unit, ImportScope scope, MemberRow row, DateTimeOffset now)
    {
        var change = new DirectoryChange(ChangeKinds.Left, row.Key, NameOf(row.Fields), await PersonOfAsync(unit, row.Account), []);
        await ChangeRows.AddAsync(unit, scope, change, now, isApplied: false);
    }

    /// <summary>The app may not see a member any more: nothing is known of them, and nothing ends.</summary>
    public static async ValueTask HideAsync(IUnitOfWork unit, ImportScope scope, MemberRow row, DateTimeOffset askedAt, DateTimeOffset now)
    {
        if (row.Status == MemberRow.Hidden) return;
        if (!scope.IsDry)
        {
            await unit.ExecuteAsync("UPDATE directory_member SET status = $2, hash = '', read_at = $3, changed_at = $4 WHERE id = $1",
                row.Id, MemberRow.Hidden, askedAt.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
        }

        await NoteAsync(unit, scope, new(ChangeKinds.Hidden, row.Key, NameOf(row.Fields), await PersonOfAsync(unit, row.Account), []), now);
    }

    /// <summary>What the rows say of the person's presence takes effect.</summary>
    /// <returns>How much they leave for others to take over, by kind; null: they have not left.</returns>
    private async ValueTask<IReadOnlyDictionary<string, int>?> FollowAsync(
        IUnitOfWork unit, ImportScope scope, string person, DateTimeOffset now)
    {
        switch (await PersonPresence.JudgeAsync(unit, person, now))
        {
            case PresenceChange.Left:
                await joining.DisabledAsync(unit, Actor.System, person);
                var open = await handover.CountAsync(unit, person);
                await audit.AddAsync(unit, Actor.System, "person.left", person, new()
                {
                    ["platform"] = scope.Directory.Platform, ["app"] = scope.Directory.App, ["run"] = scope.Run,
                    ["handover"] = new JsonObject(open.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
                });
                return open;
            case PresenceChange.Returned:
                await audit.AddAsync(unit, Actor.System, "person.returned", person,
                    new() { ["platform"] = scope.Directory.Platform, ["app"] = scope.Directory.App, ["run"] = scope.Run });
                return null;
            default:
                return null;
        }
    }

    private static ValueTask NoteAsync(IUnitOfWork unit, ImportScope scope, DirectoryChange change, DateTimeOffset now) =>
        ChangeRows.AddAsync(unit, scope, change, now, isApplied: !scope.IsDry);

    private static async ValueTask PlaceAsync(IUnitOfWork unit, IEnumerable<(long Member, IReadOnlyList<DirectoryPlace> Places)> members,
        bool clear = false)
    {
        var values = new List<object?>();
        foreach (var (member, places) in members)
        {
            if (clear) await unit.ExecuteAsync("DELETE FROM directory_membership WHERE member = $1", member);
            foreach (var (place, at) in places.DistinctBy(p => p.Department).Index())
                values.AddRange([member, at.Department, place, at.IsMain ? 1 : 0, at.Leads ? 1 : 0]);
        }

        if (values.Count > 0)
            await unit.ExecuteAsync("INSERT INTO directory_membership (member, dept_key, place, is_main, leads) "
                + $"VALUES {AccountImport.Places(values.Count / 5, 5)}", [.. values]);
    }

    private static async ValueTask<IReadOnlyList<DirectoryPlace>> PlacesAsync(ISql sql, long member) => await sql.QueryAsync(
        "SELECT dept_key, is_main, leads FROM directory_membership WHERE member = $1 ORDER BY place",
        static row => new DirectoryPlace(row.GetString(0), row.GetInt64(1) != 0, row.GetInt64(2) != 0), member);

    private static async ValueTask<string> PersonOfAsync(ISql sql, long account) =>
        (await sql.FirstAsync("SELECT person FROM person_account WHERE id = $1", static row => row.GetString(0), account))!;

    private static List<FieldChange> DifferencesOf(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        [.. now.Where(f => before.GetValueOrDefault(f.Key) != f.Value && !(f.Value.Length == 0 && !before.ContainsKey(f.Key)))
            .OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => new FieldChange(f.Key, before.GetValueOrDefault(f.Key), f.Value))];

    private static string Listed(IReadOnlyList<DirectoryPlace> places) => string.Join(", ", places.Select(p => p.Department));

    internal static string? NameOf(IReadOnlyDictionary<string, string> fields) =>
        Found(fields, DirectoryFields.Name) ?? Found(fields, DirectoryFields.EnName) ?? Found(fields, DirectoryFields.UserId);

    private static string? Found(IReadOnlyDictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static string? EmailOf(IReadOnlyDictionary<string, string> fields) =>
        PlatformAccount.EmailOf(Found(fields, DirectoryFields.WorkEmail) ?? Found(fields, DirectoryFields.Email));
}
