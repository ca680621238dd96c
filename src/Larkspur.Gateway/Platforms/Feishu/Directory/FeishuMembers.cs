using System.Globalization;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Platforms.Feishu.Directory;

/// <summary>The platform's people and departments as the directory knows them. A member that is absent was not permitted (its field has a
/// scope of its own).</summary>
internal static class FeishuMembers
{
    /// <summary>Error codes of contact v3.</summary>
    public const int NoDepartmentRight = 40004;

    public const int NoRightToParent = 40014;
    public const int OutOfRange = 41050;
    public const int TooManyBelow = 43010;
    public const int TooManyBelowThere = 40162;

    private const string Root = "0";

    /// <summary>Null: it has no id.</summary>
    public static DirectoryDepartment? Of(Department department)
    {
        if (department.OpenDepartmentId is not { Length: > 0 } key) return null;
        return new DirectoryDepartment(key, department.ParentDepartmentId is null or "" or Root ? null : department.ParentDepartmentId,
            department.Name)
        {
            EnName = department.I18nName?.EnUs, CustomId = department.DepartmentId, SortKey = SortKeyOf(department.Order),
            Leaders = department.Leaders is { } leaders ? [.. leaders.OrderBy(l => l.LeaderType).Select(l => l.LeaderID).OfType<string>()]
                : department.LeaderUserId is { Length: > 0 } leader ? [leader] : null,
        };
    }

    /// <summary>Null: it has no id that lasts.</summary>
    public static DirectoryMember? Of(string app, User user)
    {
        if (user.UnionId is not { Length: > 0 } key) return null;
        var ids = new List<PlatformIdentity>();
        if (user.OpenId is { Length: > 0 } open) ids.Add(new PlatformIdentity(PlatformNames.Feishu, app, "open_id", open));
        ids.Add(new PlatformIdentity(PlatformNames.Feishu, "", "union_id", key));
        return new DirectoryMember
        {
            Key = key, Ids = ids, Status = StatusOf(user), Departments = PlacesOf(user), Fields = FieldsOf(user),
        };
    }

    private static MemberStatus? StatusOf(User user) => user.Status switch
    {
        null => null,
        { IsResigned: true } or { IsExited: true } => MemberStatus.Left,
        { IsFrozen: true } => MemberStatus.Frozen,
        { IsActivated: false } or { IsUnjoin: true } => MemberStatus.Inactive,
        _ => MemberStatus.Active,
    };

    private static DirectoryPlace[]? PlacesOf(User user)
    {
        if (user.DepartmentIds is not { } departments) return null;
        var main = (user.Orders ?? []).FirstOrDefault(o => o.IsPrimaryDept == true)?.DepartmentId;
        return [.. departments.Where(d => d is not ("" or Root)).Distinct(StringComparer.Ordinal)
            .Select((d, place) => new DirectoryPlace(d, main is null ? place == 0 : d == main, false))];
    }

    private static Dictionary<string, string> FieldsOf(User user)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Tell(DirectoryFields.Name, user.Name);
        Tell(DirectoryFields.EnName, user.EnName);
        Tell(DirectoryFields.Email, user.Email);
        Tell(DirectoryFields.WorkEmail, user.EnterpriseEmail);
        Tell(DirectoryFields.Mobile, user.Mobile);
        Tell(DirectoryFields.EmployeeNo, user.EmployeeNo);
        Tell(DirectoryFields.JobTitle, user.JobTitle);
        Tell(DirectoryFields.City, user.City);
        Tell(DirectoryFields.Leader, user.LeaderUserId);
        Tell(DirectoryFields.UserId, user.UserId);
        if (user.JoinTime is > 0 and < 253_402_300_800 and var joined)
            Tell(DirectoryFields.JoinedOn, DateTimeOffset.FromUnixTimeSeconds(joined).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        foreach (var own in user.CustomAttrs ?? [])
        {
            if (own is { Id: { Length: > 0 } id, Value: { } value }) Tell(DirectoryFields.Custom + id,
                value.Text ?? value.Name ?? value.Url);
        }

        return fields;

        void Tell(string name, string? value)
        {
            if (value is not null) fields[name] = value;
        }
    }

    /// <summary>The platform's order is a number in text; smaller comes first.</summary>
    private static string SortKeyOf(string? order) =>
        long.TryParse(order, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number.ToString("D19", CultureInfo.InvariantCulture) : order ?? "";
}
