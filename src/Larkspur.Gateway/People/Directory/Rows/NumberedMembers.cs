using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rows;

/// <summary>Members of a directory by their staff number.</summary>
internal static class NumberedMembers
{
    /// <summary>Who has a number in the directory that an app reads, with the id that this app knows them by; none: nobody, or it was
    /// never read.</summary>
    public static async ValueTask<IReadOnlyList<PlatformPerson>> FindAsync(ISql sql, string platform, string app, string number) =>
        (await sql.QueryAsync("""
            SELECT m.member_key, m.user_id, m.fields, i.value FROM directory_member m
            JOIN directory d ON d.id = m.directory AND d.platform = $1 AND d.app = $2 AND d.complete_at IS NOT NULL
            JOIN person_identity i ON i.account = m.account AND i.platform = $1 AND i.scope = $2 AND i.kind = 'open_id'
            WHERE m.employee_no = $3 AND m.left_at IS NULL AND m.status <> 'hidden' ORDER BY m.id
            """, static row => (Key: row.GetString(0), UserId: row.Text(1), Fields: MemberRow.FieldsOf(row.GetString(2)),
                OpenId: row.GetString(3)), platform, app, number))
        .Select(m => new PlatformPerson
        {
            OpenId = m.OpenId, UnionId = m.Key, UserId = m.UserId, EmployeeNo = number,
            Name = Told(m.Fields, DirectoryFields.Name), EnName = Told(m.Fields, DirectoryFields.EnName),
        }).ToArray();

    private static string? Told(IReadOnlyDictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
