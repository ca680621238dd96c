using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>Members and departments as the API shows them.</summary>
internal static class MemberView
{
    /// <param name="corp">The corp.</param>
    /// <param name="person">The member.</param>
    /// <param name="sees">Which departments are shown; <see langword="null"/>: all.</param>
    /// <param name="sensitive">With mobile and mail: the address-book secret reads them, an application made after June 2022 does not.</param>
    public static JsonObject Full(WeComCorp corp, Person person, bool sensitive, Func<int, bool>? sees = null)
    {
        int[] departments = [.. corp.DepartmentsOf(person).Where(d => sees is null || sees(d))];
        var shown = Simple(corp, person, sees);
        shown["main_department"] = corp.MainDepartmentOf(person);
        shown["order"] = Numbers(departments.Select(_ => 0));
        shown["is_leader_in_dept"] = Numbers(departments.Select(d => corp.Find(d)?.LeaderUserId == person.UserId ? 1 : 0));
        shown["direct_leader"] = WeComJson.List(person.LeaderUserId is { } leader ? [corp.Told(leader)] : Array.Empty<string>());
        shown["position"] = person.JobTitle;
        shown["status"] = Status(person);
        shown["alias"] = person.EnName;
        shown["english_name"] = person.EnName;
        shown["extattr"] = new JsonObject { ["attrs"] = new JsonArray() };
        if (!sensitive) return shown;
        shown["gender"] = person.Gender.ToString(CultureInfo.InvariantCulture);
        shown["mobile"] = LocalMobile(person);
        shown["email"] = person.Email;
        shown["biz_mail"] = person.Email;
        shown["avatar"] = "";
        shown["telephone"] = "";
        shown["address"] = person.City;
        return shown;
    }

    public static JsonObject Simple(WeComCorp corp, Person person, Func<int, bool>? sees = null) => new()
    {
        ["userid"] = person.PresentUserId, ["name"] = person.Name,
        ["department"] = Numbers(corp.DepartmentsOf(person).Where(d => sees is null || sees(d))),
        ["open_userid"] = "",
    };

    public static JsonObject Department(WeComCorp corp, WeComDepartment department) => new()
    {
        ["id"] = department.Id, ["name"] = department.Name, ["name_en"] = department.EnName, ["parentid"] = department.ParentId, ["order"] = Order(department),
        ["department_leader"] = WeComJson.List(department.LeaderUserId is { } leader ? [corp.Told(leader)] : Array.Empty<string>()),
    };

    /// <summary>1 active, 2 disabled, 4 not activated, 5 left.</summary>
    public static int Status(Person person) => person.Status switch
    {
        PersonStatus.Frozen => 2,
        PersonStatus.Inactive => 4,
        PersonStatus.Resigned => 5,
        _ => 1,
    };

    /// <summary>The larger the further up.</summary>
    public static long Order(WeComDepartment department) => 100_000_000L - department.Id;

    /// <summary>Without the country's code, as WeCom writes it inside of China.</summary>
    public static string LocalMobile(Person person) => person.Mobile.StartsWith("+86", StringComparison.Ordinal) ? person.Mobile[3..] : person.Mobile;

    private static JsonArray Numbers(IEnumerable<int> numbers) => new([.. numbers.Select(n => (JsonNode?)n)]);
}
