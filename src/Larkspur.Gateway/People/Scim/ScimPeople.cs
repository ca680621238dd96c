using System.Text.Json;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Reads people for SCIM: a page with six statements, however many stand on it.</summary>
internal static class ScimPeople
{
    private const string Columns = "p.seq, p.id, p.disabled_at, p.absence, p.fields, p.created_at, p.absent_at";

    /// <summary>Who can be seen: everybody but those whom an upstream has deleted and nobody else knows.</summary>
    public const string Shown = """
        EXISTS (SELECT 1 FROM person_account a WHERE a.person = p.id AND (a.platform <> 'scim'
        OR EXISTS (SELECT 1 FROM person_identity i WHERE i.account = a.id AND i.kind = 'userName')))
        """;

    /// <summary>People of a condition on <c>person p</c>, the oldest first.</summary>
    public static async ValueTask<IReadOnlyList<ScimPerson>> ReadAsync(
        ISql sql, Dialect dialect, string condition, string page, object?[] values)
    {
        var rows = await sql.QueryAsync($"SELECT {Columns} FROM person p WHERE {condition} ORDER BY p.seq {page}", Row.Read, values);
        if (rows.Count == 0) return [];
        var accounts = (await AccountsAsync(sql, dialect, rows.Select(r => r.Id))).ToLookup(a => a.Person, a => a.Account);
        ScimPerson[] people = [.. rows.Select(r => PersonOf(r, [.. accounts[r.Id]]))];
        return await UserNames.GiveAsync(sql, dialect, await WithManagersAsync(sql, dialect, people));
    }

    /// <summary>One person, also by an id of former days; null: there is none, or they were deleted.</summary>
    public static async ValueTask<ScimPerson?> FindAsync(ISql sql, Dialect dialect, string id) => !KnownPerson.IsId(id) ? null
        : await ReadAsync(sql, dialect, $"p.id = COALESCE((SELECT person FROM person_alias WHERE id = $1), $1) AND {Shown}", "",
            [id]) is [var one] ? one : null;

    private static ScimPerson PersonOf(Row row, IReadOnlyList<ScimAccount> accounts)
    {
        var changes = accounts.Select(a => a.Entry?.ChangedAt).Append(row.DisabledAt).Append(row.AbsentAt).Append(row.CreatedAt);
        return new(row.Seq, row.Id, row.DisabledAt is null && row.Absence is null, row.CreatedAt, changes.Max()!.Value)
        {
            Own = row.Fields is null ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string,
                string>>(row.Fields)!,
            Accounts = accounts,
        };
    }

    private static async ValueTask<IReadOnlyList<(string Person, ScimAccount Account)>> AccountsAsync(
        ISql sql, Dialect dialect, IEnumerable<string> people)
    {
        var accounts = await sql.QueryAsync($"""
            SELECT a.person, a.id, a.platform, a.app, a.name, a.email FROM person_account a WHERE a.person {IdList.In(dialect, "$1")}
            ORDER BY CASE WHEN a.platform = 'web' THEN 2 ELSE a.is_external END, a.id
            """, static row => (row.GetString(0),
                new ScimAccount(row.GetInt64(1), row.GetString(2), row.GetString(3), row.Text(4), row.Text(5))),
            IdList.Of(dialect, people));
        var ids = IdList.Of(dialect, accounts.Select(a => a.Item2.Id));
        var names = (await sql.QueryAsync($"""
            SELECT i.account, i.kind, i.value FROM person_identity i WHERE i.account {IdList.In(dialect, "$1")} AND i.platform = 'scim'
            """, static row => (Account: row.GetInt64(0), Kind: row.GetString(1), Value: row.GetString(2)), ids)).ToLookup(i => i.Account);
        var entries = (await EntriesAsync(sql, dialect, ids)).ToLookup(e => e.Account, e => e.Entry);
        return [.. accounts.Select(a => (a.Item1, a.Item2 with
        {
            UserName = names[a.Item2.Id].FirstOrDefault(n => n.Kind == ScimUpstream.UserName).Value,
            ExternalId = names[a.Item2.Id].FirstOrDefault(n => n.Kind == ScimUpstream.ExternalId).Value,
            Entry = entries[a.Item2.Id].FirstOrDefault(),
        }))];
    }

    private static async ValueTask<IReadOnlyList<(long Account, ScimEntry Entry)>> EntriesAsync(ISql sql, Dialect dialect, object accounts)
    {
        var entries = await sql.QueryAsync($"""
            SELECT m.account, m.id, m.directory, m.member_key, m.fields, m.left_at, m.changed_at, m.status
            FROM directory_member m
            WHERE m.account {IdList.In(dialect, "$1")} ORDER BY CASE WHEN m.left_at IS NULL THEN 0 ELSE 1 END, m.id
            """, static row => (Account: row.GetInt64(0), Entry: new ScimEntry(row.GetInt64(1), row.GetInt64(2), row.GetString(3),
                MemberRow.FieldsOf(row.GetString(4)), !row.IsDBNull(5), row.Time(6)) { IsHidden = row.GetString(7) == MemberRow.Hidden }),
                accounts);
        var places = (await sql.QueryAsync($"""
            SELECT s.member, d.id, d.name, s.is_main FROM directory_membership s JOIN directory_member m ON m.id = s.member
            JOIN directory_department d ON d.directory = m.directory AND d.dept_key = s.dept_key AND d.gone_at IS NULL
            WHERE s.member {IdList.In(dialect, "$1")} ORDER BY s.member, s.place
            """, static row => (Member: row.GetInt64(0), Place: new ScimPlace(row.GetInt64(1), row.Text(2), row.GetInt64(3) != 0)),
            IdList.Of(dialect, entries.Select(e => e.Entry.Member)))).ToLookup(p => p.Member, p => p.Place);
        return [.. entries.Select(e => (e.Account, e.Entry with { Groups = [.. places[e.Entry.Member]] }))];
    }

    /// <summary>Directories name a leader by their own id; upstreams by the person's.</summary>
    private static async ValueTask<ScimPerson[]> WithManagersAsync(ISql sql, Dialect dialect, ScimPerson[] people)
    {
        var leaders = people.SelectMany(p => p.Accounts).Select(a => a.Entry).OfType<ScimEntry>()
            .Select(e => e.Fields.GetValueOrDefault(DirectoryFields.Leader)).OfType<string>().Where(l => l.Length > 0).Distinct().ToArray();
        // By the id that lasts, or by the one that administrators of the platform know.
        var found = leaders.Length == 0 ? [] : await sql.QueryAsync($"""
            SELECT m.directory, m.member_key, m.user_id, a.person FROM directory r
            JOIN directory_member m ON m.directory = r.id
              AND (m.member_key {IdList.In(dialect, "$1")} OR m.user_id {IdList.In(dialect, "$1")})
            JOIN person_account a ON a.id = m.account WHERE m.left_at IS NULL
            """, static row => (Directory: row.GetInt64(0), Key: row.GetString(1), UserId: row.Text(2), Person: row.GetString(3)),
            IdList.Of(dialect, leaders));
        return [.. people.Select(p => p with { Manager = ManagerOf(p) })];

        string? ManagerOf(ScimPerson person) =>
            person.Accounts.Select(a => a.Entry?.Fields.GetValueOrDefault(DirectoryFields.Leader) is not { Length: > 0 } key ? null
            : a.UserName is not null ? key : 
                found.FirstOrDefault(f => f.Directory == a.Entry.Directory && (f.Key == key || f.UserId == key)).Person)
                .FirstOrDefault(m => m is not null);
    }

    private sealed record Row(long Seq, string Id, DateTimeOffset? DisabledAt, string? Absence, string? Fields, DateTimeOffset CreatedAt,
        DateTimeOffset? AbsentAt)
    {
        public static Row Read(System.Data.Common.DbDataReader row) =>
            new(row.GetInt64(0), row.GetString(1), row.TimeOrNull(2), row.Text(3), row.Text(4), row.Time(5), row.TimeOrNull(6));
    }
}
