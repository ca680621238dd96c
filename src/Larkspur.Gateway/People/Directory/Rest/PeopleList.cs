using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rest;

/// <summary>People with what their directories say of them.</summary>
internal sealed class PeopleList(IDatabase database, AuditTrail audit)
{
    /// <summary>What an administrator may write of a person.</summary>
    public static readonly string[] OwnFields =
        [DirectoryFields.Name, DirectoryFields.EnName, DirectoryFields.EmployeeNo, DirectoryFields.JobTitle, DirectoryFields.Email,
            DirectoryFields.Mobile, DirectoryFields.City, "note"];

    private const int LongestField = 500;
    private const int MostHistory = 200;

    /// <summary>People as they are shown.</summary>
    public Task<IReadOnlyList<KnownPersonView>> ViewAsync(IReadOnlyList<KnownPerson> people, CancellationToken cancellation) =>
        database.ReadAsync(async sql => await ViewAsync(sql, database.Dialect, people), cancellation);

    /// <summary>What befell a person.</summary>
    public async Task<IReadOnlyList<PersonHistoryView>> HistoryAsync(string person, CancellationToken cancellation) =>
        [.. (await database.ReadAsync(sql => ChangeRows.OfPersonAsync(sql, person, MostHistory), cancellation))
            .Select(c => new PersonHistoryView(c.At, c.Kind, c.Run == 0 ? null : c.Run,
                [.. c.Fields.Select(f => new FieldChangeView(f.Name, f.From, f.To))]))];

    /// <summary>Writes what an administrator says of a person.</summary>
    /// <returns>Null: there is no such person.</returns>
    /// <exception cref="RequestRefusedException">A field is none, or too long.</exception>
    public Task<KnownPerson?> ChangeAsync(Actor who, string id, IReadOnlyDictionary<string, string?> fields, CancellationToken cancellation)
    {
        foreach (var (name, value) in fields)
        {
            if (!OwnFields.Contains(name, StringComparer.Ordinal))
                throw RequestRefusedException.Impossible("unknown_field", "/fields/" + name,
                    $"There is no field of this name to write. There are: {string.Join(", ", OwnFields)}.");
            if (value is { Length: > LongestField } || value?.Any(char.IsControl) == true)
                throw RequestRefusedException.Impossible("bad_value", "/fields/" + name,
                    $"A text of one line with at most {LongestField} characters.");
        }

        return database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            if (await PersonRows.FindAsync(unit, id) is not { } person) return null;
            var own = new Dictionary<string, string>(person.OwnFields, StringComparer.Ordinal);
            foreach (var (name, value) in fields)
            {
                if (value?.Trim() is { Length: > 0 } text) own[name] = text;
                else own.Remove(name);
            }

            await unit.ExecuteAsync("UPDATE person SET fields = $2 WHERE id = $1", person.Id, own.Count == 0
                ? null : MemberRow.TextOf(own));
            await PushedChanges.OfPeopleAsync(unit, database.Dialect, [person.Id]);
            await audit.AddAsync(unit, who, "person.changed", person.Id, new() { ["fields"] = string.Join(", ", fields.Keys) });
            return await PersonRows.FindAsync(unit, person.Id);
        }, cancellation);
    }

    private static async ValueTask<IReadOnlyList<KnownPersonView>> ViewAsync(ISql sql, Dialect dialect, IReadOnlyList<KnownPerson> people)
    {
        var accounts = people.SelectMany(p => p.Accounts).Select(a => a.Id).ToArray();
        var rows = accounts.Length == 0 ? [] : await sql.QueryAsync($"""
            SELECT m.id, m.account, m.status, m.fields, m.left_at FROM directory_member m
            WHERE m.account {IdList.In(dialect, "$1")} ORDER BY m.left_at IS NOT NULL, m.id
            """, Entry.Read, IdList.Of(dialect, accounts));
        var places = rows.Count == 0 ? [] : await sql.QueryAsync($"""
            SELECT s.member, d.id, s.dept_key, d.name, s.is_main, s.leads, d.leaders FROM directory_membership s
            JOIN directory_member m ON m.id = s.member
            LEFT JOIN directory_department d ON d.directory = m.directory AND d.dept_key = s.dept_key
            WHERE s.member {IdList.In(dialect, "$1")} ORDER BY s.member, s.place
            """, static row => (Member: row.GetInt64(0), Place: new PlaceView(row.IsDBNull(1) ? null : row.GetInt64(1),
                row.GetString(2), row.Text(3), row.GetInt64(4) != 0, row.GetInt64(5) != 0)),
            IdList.Of(dialect, rows.Select(r => r.Id)));
        // A person has one account on a platform as a rule, and an account one entry: of several the one that is there.
        var byAccount = rows.ToLookup(r => r.Account);
        var byMember = places.ToLookup(p => p.Member, p => p.Place);
        return [.. people.Select(person => ViewOf(person, account => byAccount[account].FirstOrDefault() is { } entry
            ? new DirectoryEntryView { Status = entry.Status, LeftAt = entry.LeftAt, Departments = [.. byMember[entry.Id]],
                Fields = MemberRow.FieldsOf(entry.Fields) } : null))];
    }

    private static KnownPersonView ViewOf(KnownPerson person, Func<long, DirectoryEntryView?> entryOf)
    {
        var view = KnownPersonView.Of(person);
        var accounts = view.Accounts.Select(a => a with { Directory = entryOf(a.Id) }).ToArray();
        return view with
        {
            Accounts = accounts,
            Fields = [.. FieldsOf(person, accounts)],
            State = person.IsShutOut ? "disabled" : person.Absence ?? (accounts.Any(a => a.Directory is not null) ? "active" : "known"),
        };
    }

    /// <summary>What counts of each field: an administrator's word, else the first directory's that has one.</summary>
    private static IEnumerable<PersonFieldView> FieldsOf(KnownPerson person, IReadOnlyList<KnownAccountView> accounts)
    {
        var told = new Dictionary<string, PersonFieldView>(StringComparer.Ordinal);
        foreach (var (name, value) in person.OwnFields) told[name] = new PersonFieldView(name, value, "manual", false);
        foreach (var account in accounts.Where(a => a.Directory is not null).OrderBy(a => a.Directory!.LeftAt is not null))
        {
            foreach (var (name, value) in account.Directory!.Fields)
            {
                if (value.Length > 0) told.TryAdd(name, new PersonFieldView(name, value, account.Platform, false));
            }
        }

        return told.Values.OrderBy(f => Array.IndexOf(DirectoryFields.All, f.Name) is >= 0 and var place
            ? place : int.MaxValue).ThenBy(f => f.Name, StringComparer.Ordinal);
    }

    private sealed record Entry(long Id, long Account, string Status, string Fields, DateTimeOffset? LeftAt)
    {
        public static Entry Read(System.Data.Common.DbDataReader row) =>
            new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.TimeOrNull(4));
    }
}
