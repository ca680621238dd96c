using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>People and departments. Free of the month's calls.</summary>
internal sealed class ContactsApi(EmulatorState state) : IDingTalkArea
{
    private const int MostPerPage = 100;
    private const string MemberScope = "qyapi_get_member";
    private const string DepartmentScope = "qyapi_get_department_list";

    public IEnumerable<DingTalkRoute> Routes =>
    [
        Member("/topapi/v2/user/get", call => Show(Known(state.Person(call.Need("userid"))), detailed: true)),
        Member("/topapi/v2/user/getbymobile", call => new JsonObject { ["userid"] = ByMobile(call.Need("mobile")).UserId }),
        Member("/topapi/user/getbyunionid", call => new JsonObject { ["contact_type"] = 0, ["userid"] = Known(state.People.FirstOrDefault(p => DingTalkIds.UnionId(p.UserId) == call.Need("unionid"))).UserId }),
        Member("/topapi/user/listid", call => new JsonObject { ["userid_list"] = new JsonArray([.. Members(Department(call)).Select(p => (JsonNode?)p.UserId)]) }),
        Member("/topapi/v2/user/list", Page),
        Of(DepartmentScope, "/topapi/v2/department/get", call => ShowDepartment(Department(call))),
        Of(DepartmentScope, "/topapi/v2/department/listsub", call => new JsonArray([.. Children(Department(call)).Select(d => (JsonNode?)ShowDepartment(d))])),
        Of(DepartmentScope, "/topapi/v2/department/listparentbydept", call => new JsonObject { ["parent_id_list"] = Branch(Department(call)) }),
        Of(DepartmentScope, "/topapi/v2/department/listparentbyuser", call => new JsonObject
        {
            ["parent_list"] = new JsonArray([.. Departments(Known(state.Person(call.Need("userid")))).Select(d => (JsonNode?)new JsonObject { ["parent_dept_id_list"] = Branch(d) })]),
        }),
        Of(DepartmentScope, "/topapi/v2/department/listsubid", call => new JsonObject { ["dept_id_list"] = new JsonArray([.. Children(Department(call)).Select(d => (JsonNode?)d)]) }),
    ];

    /// <summary>Of the departments, the platform's numbers.</summary>
    public IEnumerable<Person> Members(long departmentId) =>
        state.People.Where(p => !p.IsResigned && (p.DepartmentIds.Length == 0 ? departmentId == 1 : p.DepartmentIds.Any(d => Number(d) == departmentId)));

    public bool IsDepartment(long id) => id == 1 || state.Departments.Any(d => DingTalkIds.DepartmentId(d.DepartmentId) == id);

    private static DingTalkRoute Member(string path, Func<DingTalkCall, JsonNode> result) => Of(MemberScope, path, result);

    private static DingTalkRoute Of(string scope, string path, Func<DingTalkCall, JsonNode> result) =>
        DingTalkRoute.Post(path, call => new DingTalkAnswer(new JsonObject { ["result"] = result(call) })) with { Scope = scope, Free = true };

    /// <summary>Direct members only.</summary>
    private JsonObject Page(DingTalkCall call)
    {
        var all = Members(Department(call)).ToArray();
        var from = (int)(call.Number("cursor") is >= 0 and <= int.MaxValue and var given ? given : throw DingTalkRefusal.Parameter("cursor", "is missing or below 0"));
        var size = (int)(call.Number("size") is >= 1 and <= MostPerPage and var wanted ? wanted : throw DingTalkRefusal.Parameter("size", $"must be 1 to {MostPerPage}"));
        var more = all.Length > from + size;
        var page = new JsonObject { ["has_more"] = more, ["list"] = new JsonArray([.. all.Skip(from).Take(size).Select(p => (JsonNode?)Show(p, detailed: false))]) };
        if (more) page["next_cursor"] = from + size;
        return page;
    }

    private JsonObject Show(Person p, bool detailed)
    {
        var shown = new JsonObject
        {
            ["userid"] = p.UserId, ["unionid"] = DingTalkIds.UnionId(p.UserId), ["name"] = p.Name, ["avatar"] = "", ["state_code"] = "86", ["mobile"] = Bare(p.Mobile), ["hide_mobile"] = false, ["telephone"] = "",
            ["job_number"] = p.EmployeeNo, ["title"] = p.JobTitle, ["email"] = p.Email, ["org_email"] = p.Email, ["work_place"] = p.City, ["remark"] = "",
            ["dept_id_list"] = new JsonArray([.. Departments(p).Select(d => (JsonNode?)d)]), ["extension"] = "{}", ["hired_date"] = p.JoinTime * 1000, ["active"] = !p.IsResigned, ["admin"] = p.IsTenantManager,
            ["boss"] = false, ["leader"] = IsLeader(p), ["exclusive_account"] = false,
        };
        if (!detailed) return shown;
        shown["role_list"] = new JsonArray();
        shown["leader_in_dept"] = new JsonArray([.. Departments(p).Select(d => (JsonNode?)new JsonObject { ["dept_id"] = d, ["leader"] = state.Departments.Any(x => DingTalkIds.DepartmentId(x.DepartmentId) == d && x.LeaderUserId == p.UserId) })]);
        shown["dept_order_list"] = new JsonArray([.. Departments(p).Select((d, i) => (JsonNode?)new JsonObject { ["dept_id"] = d, ["order"] = i })]);
        (shown["manager_userid"], shown["senior"], shown["real_authed"]) = (p.LeaderUserId ?? "", false, true);
        return shown;
    }

    private JsonObject ShowDepartment(long id)
    {
        var department = state.Departments.FirstOrDefault(d => DingTalkIds.DepartmentId(d.DepartmentId) == id);
        var shown = new JsonObject { ["dept_id"] = id, ["name"] = department?.Name ?? "Larkspur 公司", ["create_dept_group"] = false, ["auto_add_user"] = false };
        if (department is not null) shown["parent_id"] = Number(department.ParentOpenDepartmentId);
        if (department?.LeaderUserId is { } leader) shown["dept_manager_userid_list"] = new JsonArray(leader);
        return shown;
    }

    private IEnumerable<long> Children(long id) => state.Departments.Where(d => Number(d.ParentOpenDepartmentId) == id).Select(d => DingTalkIds.DepartmentId(d.DepartmentId));

    /// <summary>A department and those above it, the root last.</summary>
    private JsonArray Branch(long id)
    {
        var branch = new JsonArray(id);
        while (branch.Count < 100 && state.Departments.FirstOrDefault(d => DingTalkIds.DepartmentId(d.DepartmentId) == id) is { } department) branch.Add(id = Number(department.ParentOpenDepartmentId));
        return branch;
    }

    /// <summary>Without one: the root.</summary>
    private long Department(DingTalkCall call) => (call.Number("dept_id") ?? 1) is var id && IsDepartment(id) ? id : throw DingTalkRefusal.Old(60003, "部门不存在");

    private IEnumerable<long> Departments(Person p) => p.DepartmentIds.Length == 0 ? [1] : p.DepartmentIds.Select(Number);

    private bool IsLeader(Person p) => state.Departments.Any(d => d.LeaderUserId == p.UserId);

    private long Number(string openDepartmentId) =>
        openDepartmentId == Emulator.State.Department.Root ? 1 : DingTalkIds.DepartmentId(state.Departments.FirstOrDefault(d => d.OpenDepartmentId == openDepartmentId)?.DepartmentId ?? openDepartmentId);

    private Person ByMobile(string mobile) => Known(state.People.FirstOrDefault(p => Bare(p.Mobile) == Bare(mobile)));

    /// <summary>Without the country's code, as this platform tells numbers.</summary>
    public static string Bare(string mobile) => mobile.Replace("+86-", "", StringComparison.Ordinal).Replace("+86", "", StringComparison.Ordinal);

    private static Person Known(Person? person) => person is { IsResigned: false } ? person : throw DingTalkRefusal.Old(60121, "找不到该用户");
}
