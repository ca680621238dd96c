using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>A member as the API shows them.</summary>
internal sealed class UserView(EmulatorState state, DingTalkDirectory directory, DingTalkRange range)
{
    public JsonObject Show(Person p, bool detailed)
    {
        var departments = directory.Departments(p).ToArray();
        var shown = new JsonObject
        {
            ["userid"] = p.PresentUserId, ["unionid"] = DingTalkIds.UnionId(p.UserId), ["name"] = p.Name, ["avatar"] = "",
            ["state_code"] = "86",
            ["mobile"] = Bare(p.Mobile), ["hide_mobile"] = false, ["telephone"] = "", ["job_number"] = p.EmployeeNo, ["title"] = p.JobTitle,
            ["email"] = p.Email, ["org_email"] = p.Email, ["work_place"] = p.City, ["remark"] = "",
            ["dept_id_list"] = new JsonArray([.. departments.Select(d => (JsonNode?)d)]), ["extension"] = "{}",
            ["hired_date"] = p.JoinTime * 1000,
            ["active"] = p.Status == PersonStatus.Active, ["admin"] = p.IsTenantManager, ["boss"] = false,
            ["leader"] = p.DepartmentIds.Any(d => Leads(p, d)),
            ["exclusive_account"] = false,
        };
        if (detailed) Add(shown, p, departments);
        return range.Cut(shown);
    }

    /// <summary>Without the country's code, as this platform tells numbers.</summary>
    public static string Bare(string mobile) =>
        mobile.Replace("+86-", "", StringComparison.Ordinal).Replace("+86", "", StringComparison.Ordinal);

    private void Add(JsonObject shown, Person p, long[] departments)
    {
        shown["role_list"] = new JsonArray();
        shown["leader_in_dept"] = new JsonArray([.. departments.Select(d => (JsonNode?)new JsonObject
        {
            ["dept_id"] = d, ["leader"] = directory.Find(d)?.LeaderUserId == p.UserId,
        })]);
        shown["dept_order_list"] = new JsonArray([.. departments.Select((d, i) =>
            (JsonNode?)new JsonObject { ["dept_id"] = d, ["order"] = i })]);
        var manager = p.LeaderUserId is { } leader ? state.Person(leader)?.PresentUserId : null;
        (shown["manager_userid"], shown["senior"], shown["real_authed"]) = (manager ?? "", false, true);
    }

    private bool Leads(Person p, string openDepartmentId) => state.FindDepartment(openDepartmentId)?.LeaderUserId == p.UserId;
}
