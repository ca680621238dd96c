using System.Globalization;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Identities;
using Larkspur.WeCom.Contacts;

namespace Larkspur.Gateway.Platforms.WeCom.Directory;

/// <summary>WeCom's members and departments as the directory knows them.</summary>
/// <remarks>A userid is told apart without regard to case, so its lower-case form is the key. Departments of a member are those that the
/// app may see.</remarks>
internal static class WeComMembers
{
    private const string UserId = "userid";

    public static string KeyOf(long department) => department.ToString(CultureInfo.InvariantCulture);

    /// <param name="department">As the platform told of it.</param>
    /// <param name="isParentKnown">The one above is to be seen too.</param>
    public static DirectoryDepartment Of(Department department, bool isParentKnown) =>
        new(KeyOf(department.Id), department.ParentId > 0 && isParentKnown ? KeyOf(department.ParentId) : null, department.Name)
        {
            EnName = department.NameEn, CustomId = KeyOf(department.Id),
            // The larger order comes first.
            SortKey = (long.MaxValue - Math.Clamp(department.Order, 0, long.MaxValue)).ToString("D19", CultureInfo.InvariantCulture),
            Leaders = department.Name is null ? null : department.DepartmentLeader,
        };

    public static DirectoryMember Of(string corp, Member member) => new()
    {
        Key = member.UserId.ToLowerInvariant(), IsKeyReusable = true,
        Ids = [new PlatformIdentity(WeComApps.Platform, corp, UserId, member.UserId)],
        Status = member.Status switch
        {
            null => null, 1 => MemberStatus.Active, 2 => MemberStatus.Frozen, 5 => MemberStatus.Left, _ => MemberStatus.Inactive,
        },
        Departments = [.. member.Department.Select((d, i) => new DirectoryPlace(
            KeyOf(d), d == member.MainDepartment || (member.MainDepartment is null && i == 0),
                member.IsLeaderInDept.ElementAtOrDefault(i) == 1))],
        Fields = FieldsOf(member),
    };

    /// <summary>Of whom only the ids are told: they are there, and nothing else is known.</summary>
    public static DirectoryMember OfIds(string corp, string userId, IEnumerable<long> departments) => new()
    {
        Key = userId, Ids = [new PlatformIdentity(WeComApps.Platform, corp, UserId, userId)],
        Departments = [.. departments.Distinct().Select((d, i) => new DirectoryPlace(KeyOf(d), i == 0, false))],
        Fields = new Dictionary<string, string>(StringComparer.Ordinal) { [DirectoryFields.UserId] = userId },
    };

    private static Dictionary<string, string> FieldsOf(Member member)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { [DirectoryFields.UserId] = member.UserId };
        (string Name, string? Value)[] told =
        [
            (DirectoryFields.Name, member.Name), (DirectoryFields.EnName, member.EnglishName), (DirectoryFields.Email, member.Email),
            (DirectoryFields.WorkEmail, member.BizMail), (DirectoryFields.Mobile, member.Mobile),
                (DirectoryFields.JobTitle, member.Position),
            (DirectoryFields.Leader, member.DirectLeader.Count > 0 ? member.DirectLeader[0] : null),
        ];
        foreach (var (name, value) in told)
        {
            if (value is not null) fields[name] = value;
        }

        return fields;
    }
}
