using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

/// <summary>The administrator lets people in, changes them, and lets them go.</summary>
internal sealed partial class PeopleCommand(EmulatorState state, CompanyDirectory directory, DirectoryView view)
{
    // "person" is how control calls spell user_id.
    private static readonly string[] Known =
    [
        "person", "name", "en_name", "email", "mobile", "employee_no", "job_title", "gender", "city", "join_time", "status", "leader",
        "leader_user_id", "manager", "departments", "main_department", "silent",
    ];

    public JsonObject Add(ControlInput input)
    {
        input.Only(Known);
        var userId = UserId(input.Need("person"));
        if (state.Member(userId, anyCase: true) is { IsResigned: false }) throw new ControlRefusal($"{userId} works here already.", 409);
        var name = input.Need("name");
        var key = state.NewKey(userId);
        var fresh = new Person
        {
            UserId = key, IdInTenant = key == userId ? null : userId, Name = name, EnName = name, Email = "", Mobile = "", EmployeeNo = "",
            JobTitle = "", JoinTime = state.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        return view.Show(directory.Put(Read(fresh, input), input.Flag("silent", false)));
    }

    public JsonObject Change(string userId, ControlInput input)
    {
        input.Only(Known);
        var present = state.NeedMember(userId);
        var changed = Read(present, input);
        if (input.Text("person") is { } wanted && wanted != present.PresentUserId)
        {
            if (state.Member(UserId(wanted), anyCase: true) is { IsResigned: false } other && other.UserId != present.UserId)
            {
                throw new ControlRefusal($"{wanted} is somebody else's.", 409);
            }

            changed = changed with { IdInTenant = wanted == present.UserId ? null : wanted };
        }

        return view.Show(directory.Put(changed, input.Flag("silent", false)));
    }

    public JsonObject Leave(string userId, bool silent) =>
        view.Show(directory.Put(state.NeedMember(userId) with { Status = PersonStatus.Resigned }, silent));

    /// <summary>What the call names, over what was there.</summary>
    private Person Read(Person person, ControlInput input)
    {
        person = person with
        {
            Name = input.Text("name") ?? person.Name,
            EnName = input.Text("en_name") ?? person.EnName,
            Email = input.Text("email") ?? person.Email,
            Mobile = input.Text("mobile") ?? person.Mobile,
            EmployeeNo = input.Text("employee_no") ?? person.EmployeeNo,
            JobTitle = input.Text("job_title") ?? person.JobTitle,
            City = input.Text("city") ?? person.City,
            Gender = input.Int("gender", 0, 3) ?? person.Gender,
            JoinTime = input.Int("join_time", 0, int.MaxValue) ?? person.JoinTime,
            IsTenantManager = input.Flag("manager", person.IsTenantManager),
            Status = Status(input) ?? person.Status,
        };
        if (input.Texts("departments") is { } places) person = person with { DepartmentIds = Departments(places) };
        if (input.Text("main_department") is { } main)
        {
            var first = state.NeedDepartment(main).OpenDepartmentId;
            if (!person.DepartmentIds.Contains(first)) throw new ControlRefusal("\"main_department\" is none of their departments.");
            person = person with { DepartmentIds = [first, .. person.DepartmentIds.Remove(first)] };
        }

        foreach (var name in (string[])["leader", "leader_user_id"])
        {
            if (!input.Body.ContainsKey(name)) continue;
            person = person with { LeaderUserId = input.Text(name) is { Length: > 0 } leader ? state.NeedMember(leader).UserId : null };
        }

        return person;
    }

    private ImmutableArray<string> Departments(IReadOnlyList<string> ids) =>
        [.. ids.Select(state.NeedPlace).Where(id => id != Department.Root).Distinct()];

    private static PersonStatus? Status(ControlInput input) => input.Text("status") switch
    {
        null => null,
        "active" => PersonStatus.Active,
        "inactive" => PersonStatus.Inactive,
        "frozen" => PersonStatus.Frozen,
        "resigned" => PersonStatus.Resigned,
        _ => throw new ControlRefusal("\"status\" must be active, inactive, frozen or resigned."),
    };

    private static string UserId(string id) =>
        Word().IsMatch(id) ? id : throw new ControlRefusal("\"user_id\" is 1 to 64 letters, digits, dots, dashes, underscores and @.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$")]
    private static partial Regex Word();
}
