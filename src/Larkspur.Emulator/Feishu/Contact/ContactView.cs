using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>People and departments as the contact APIs show them. A field without its scope is absent, not empty.</summary>
internal sealed class ContactView(EmulatorState state)
{
    public JsonObject User(ApiRequest request, Person person)
    {
        var app = request.App;
        var user = new JsonObject { ["union_id"] = person.UnionId, ["open_id"] = WireIds.OpenId(app.AppId, person.UserId) };
        if (app.IsGranted("contact:user.employee_id:readonly")) user["user_id"] = person.UserId;
        if (Any(app, "contact:user.base:readonly", "contact:contact:readonly", "contact:contact:readonly_as_app", "contact:contact:access_as_app"))
        {
            user["name"] = person.Name;
            user["en_name"] = person.EnName;
            user["nickname"] = "";
            user["avatar"] = new JsonObject { ["avatar_72"] = "", ["avatar_240"] = "", ["avatar_640"] = "", ["avatar_origin"] = "" };
        }

        if (app.IsGranted("contact:user.email:readonly")) user["email"] = person.Email;
        if (app.IsGranted("contact:user.phone:readonly"))
        {
            user["mobile"] = person.Mobile;
            user["mobile_visible"] = true;
        }

        if (Any(app, "contact:user.gender:readonly")) user["gender"] = person.Gender;
        if (Any(app, "contact:user.employee:readonly", "contact:contact:readonly_as_app"))
        {
            user["status"] = Status(person);
            user["leader_user_id"] = person.LeaderUserId is { } leader ? MessageView.PersonId(state, app, leader, UserIdType(request)) : "";
            user["city"] = person.City;
            user["country"] = "CN";
            user["work_station"] = "";
            user["join_time"] = person.JoinTime;
            user["is_tenant_manager"] = person.IsTenantManager;
            user["employee_type"] = 1;
            user["job_title"] = person.JobTitle;
        }

        if (Any(app, "contact:user.employee_number:read", "contact:user.employee:readonly", "contact:contact:readonly_as_app"))
            user["employee_no"] = person.EmployeeNo;

        if (Any(app, "contact:user.department:readonly", "contact:contact:readonly_as_app"))
        {
            user["department_ids"] = new JsonArray([.. person.DepartmentIds.Select(d => (JsonNode?)DepartmentId(request, d))]);
            user["orders"] = new JsonArray([.. person.DepartmentIds.Select((d, i) => (JsonNode)new JsonObject
            {
                ["department_id"] = DepartmentId(request, d), ["user_order"] = 0, ["department_order"] = 0, ["is_primary_dept"] = i == 0,
            })]);
        }

        return user;
    }

    public static JsonObject Status(Person person) => new()
    {
        ["is_frozen"] = false, ["is_resigned"] = person.IsResigned, ["is_activated"] = !person.IsResigned, ["is_exited"] = false, ["is_unjoin"] = false,
    };

    public JsonObject Department(ApiRequest request, Department department)
    {
        var members = state.People.Count(p => p.DepartmentIds.Contains(department.OpenDepartmentId) && !p.IsResigned);
        var item = new JsonObject
        {
            ["name"] = department.Name,
            ["i18n_name"] = new JsonObject { ["zh_cn"] = department.Name, ["ja_jp"] = "", ["en_us"] = department.EnName },
            ["parent_department_id"] = department.ParentOpenDepartmentId == State.Department.Root ? State.Department.Root : DepartmentId(request, department.ParentOpenDepartmentId),
            ["department_id"] = department.DepartmentId,
            ["open_department_id"] = department.OpenDepartmentId,
            ["order"] = department.Order,
            ["member_count"] = members,
            ["primary_member_count"] = members,
            ["status"] = new JsonObject { ["is_deleted"] = false },
        };
        if (department.LeaderUserId is { } leader)
        {
            var id = MessageView.PersonId(state, request.App, leader, UserIdType(request));
            item["leader_user_id"] = id;
            item["leaders"] = new JsonArray(new JsonObject { ["leaderType"] = 1, ["leaderID"] = id });
        }

        return item;
    }

    /// <summary>By the id style of <c>user_id_type</c>. A company's directory knows its own people.</summary>
    public Person? FindUser(ApiRequest request, string id) => UserIdType(request) switch
    {
        "user_id" => state.Person(id) is { IsGuest: false } member ? member : null,
        "union_id" => state.People.FirstOrDefault(p => !p.IsGuest && p.UnionId == id),
        _ => state.People.FirstOrDefault(p => !p.IsGuest && WireIds.OpenId(request.App.AppId, p.UserId) == id),
    };

    public Department? FindDepartment(ApiRequest request, string id) => state.Departments.FirstOrDefault(d =>
        (request.QueryText("department_id_type") == "department_id" ? d.DepartmentId : d.OpenDepartmentId) == id);

    /// <summary>Children of a department (or of the root), smaller order first.</summary>
    public IReadOnlyList<Department> Children(string openDepartmentId, bool deep)
    {
        var children = state.Departments.Where(d => d.ParentOpenDepartmentId == openDepartmentId).OrderBy(d => d.Order, StringComparer.Ordinal).ToList();
        return deep ? [.. children.SelectMany(c => Children(c.OpenDepartmentId, true).Prepend(c))] : children;
    }

    public string DepartmentId(ApiRequest request, string openDepartmentId) =>
        request.QueryText("department_id_type") == "department_id"
            ? state.Departments.FirstOrDefault(d => d.OpenDepartmentId == openDepartmentId)?.DepartmentId ?? openDepartmentId
            : openDepartmentId;

    public static string UserIdType(ApiRequest request) => request.QueryText("user_id_type") ?? "open_id";

    private static bool Any(BotApp app, params string[] scopes) => scopes.Any(app.IsGranted);
}
