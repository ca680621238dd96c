using System.Globalization;
using System.Text.Json;
using Larkspur.DingTalk.Contacts;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Platforms.DingTalk.Directory;

/// <summary>DingTalk's people and departments as the directory knows them.</summary>
/// <remarks>The union id is theirs for ever; a userid can be given to somebody else once its owner has left. What the app lacks
/// permission for is absent.</remarks>
internal static class DingTalkMembers
{
    private const long Root = 1;

    public static string KeyOf(long department) => department.ToString(CultureInfo.InvariantCulture);

    /// <summary>Departments of schools have ids of zero and below.</summary>
    public static bool IsOfCompany(long department) => department > 0;

    public static DirectoryDepartment Of(DingTalkDepartment department) =>
        new(KeyOf(department.DeptId), department.ParentId is > Root and var parent ? KeyOf(parent) : null, department.Name) 
        {
            CustomId = KeyOf(department.DeptId), Leaders = department.DeptManagerUseridList,
            SortKey = Math.Max(0, department.Order ?? 0).ToString("D19", CultureInfo.InvariantCulture),
        };

    /// <summary>Whom they lead their departments tell: lists of members say it of one department alone.</summary>
    public static DirectoryMember Of(DingTalkPerson person)
    {
        var key = person.Unionid is { Length: > 0 } union ? union : DingTalkDirectoryReading.UserId + person.Userid;
        return new DirectoryMember
        {
            Key = key,
            Ids = person.Unionid is { Length: > 0 } ? [new PlatformIdentity(DingTalkApps.Platform, "", "unionid", key)]
                : [new PlatformIdentity(DingTalkApps.Platform, "directory", "userid", person.Userid)],
            Status = person.Active ? MemberStatus.Active : MemberStatus.Inactive,
            Departments = [.. person.DeptIdList.Where(d => d != Root && IsOfCompany(d)).Distinct().Select((d, i) =>
                new DirectoryPlace(KeyOf(d), i == 0, false))],
            Fields = FieldsOf(person),
        };
    }

    private static Dictionary<string, string> FieldsOf(DingTalkPerson person)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { [DirectoryFields.UserId] = person.Userid };
        (string Name, string? Value)[] told =
        [
            (DirectoryFields.Name, person.Name), (DirectoryFields.Email, person.Email), (DirectoryFields.WorkEmail, person.OrgEmail),
            (DirectoryFields.Mobile, person.Mobile), (DirectoryFields.EmployeeNo, person.JobNumber),
                (DirectoryFields.JobTitle, person.Title),
            (DirectoryFields.City, person.WorkPlace), (DirectoryFields.Leader, person.ManagerUserid),
            (DirectoryFields.JoinedOn, person.HiredDate is > 0 and < 253_402_300_800_000 and var hired
                ? DateTimeOffset.FromUnixTimeMilliseconds(hired).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null),
        ];
        foreach (var (name, value) in told)
        {
            if (value is not null) fields[name] = value;
        }

        foreach (var (name, value) in OwnOf(person.Extension)) fields[DirectoryFields.Custom + name] = value;
        return fields;
    }

    /// <summary>A JSON object in text; what is none of one tells nothing.</summary>
    private static IEnumerable<(string Name, string Value)> OwnOf(string? extension)
    {
        if (string.IsNullOrWhiteSpace(extension)) return [];
        try
        {
            using var json = JsonDocument.Parse(extension);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Where(p =>
                    p.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(p => (p.Name, p.Value.ToString()))] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
