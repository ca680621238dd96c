using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>People and departments as one app may see them. A field without its scope is absent, not empty.</summary>
internal sealed class ContactFields(EmulatorState state, BotApp app, string userIdType = "open_id", bool customDepartmentIds = false)
{
    private static readonly string[] WholeContacts = ["contact:contact:readonly", "contact:contact:readonly_as_app",
        "contact:contact:access_as_app"];

    /// <param name="inEvent">Events know fewer fields than the API.</param>
    public JsonObject User(Person person, bool inEvent = false)
    {
        var user = new JsonObject { ["union_id"] = person.UnionId, ["open_id"] = WireIds.OpenId(app.AppId, person.UserId) };
        if (app.IsGranted("contact:user.employee_id:readonly")) user["user_id"] = person.PresentUserId;
        if (Any(["contact:user.base:readonly", .. WholeContacts]))
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
            if (!inEvent) user["mobile_visible"] = true;
        }

        if (Any("contact:user.gender:readonly")) user["gender"] = person.Gender;
        if (Any("contact:user.employee:readonly", "contact:contact:readonly_as_app")) WriteEmployee(user, person, inEvent);
        if (Any("contact:user.employee_number:read", "contact:user.employee:readonly", "contact:contact:readonly_as_app"))
            user["employee_no"] = person.EmployeeNo;
        if (Any("contact:user.department:readonly", "contact:contact:readonly_as_app"))
        {
            user["department_ids"] = new JsonArray([.. person.DepartmentIds.Select(d => (JsonNode?)DepartmentId(d))]);
            user["orders"] = new JsonArray([.. person.DepartmentIds.Select((d, i) => (JsonNode)new JsonObject
            {
                ["department_id"] = DepartmentId(d), ["user_order"] = 0, ["department_order"] = 0, ["is_primary_dept"] = i == 0,
            })]);
        }

        return user;
    }

    public static JsonObject Status(Person person) => new()
    {
        ["is_frozen"] = person.Status == PersonStatus.Frozen, ["is_resigned"] = person.IsResigned,
        ["is_activated"] = person.Status is PersonStatus.Active or PersonStatus.Frozen, ["is_exited"] = false, ["is_unjoin"] = false,
    };

    /// <inheritdoc cref="User"/>
    public JsonObject Department(Department department, bool inEvent = false)
    {
        var item = new JsonObject { ["open_department_id"] = department.OpenDepartmentId };
        if (Any(["contact:department.base:readonly", .. WholeContacts]))
        {
            item["name"] = department.Name;
            if (!inEvent) item["i18n_name"] = new JsonObject { ["zh_cn"] = department.Name, ["ja_jp"] = "", ["en_us"] = department.EnName };
            item["department_id"] = department.DepartmentId;
            item["status"] = new JsonObject { ["is_deleted"] = false };
        }

        if (Any(["contact:department.organize:readonly", .. WholeContacts])) WritePlace(item, department, inEvent);
        return item;
    }

    /// <summary>In the form that the caller asked for.</summary>
    public string DepartmentId(string openDepartmentId) =>
        customDepartmentIds ? state.FindDepartment(openDepartmentId)?.DepartmentId ?? openDepartmentId : openDepartmentId;

    private void WriteEmployee(JsonObject user, Person person, bool inEvent)
    {
        user["status"] = Status(person);
        user["leader_user_id"] = person.LeaderUserId is { } leader ? MessageView.PersonId(state, app, leader, userIdType) : "";
        user["city"] = person.City;
        user["country"] = "CN";
        user["work_station"] = "";
        user["join_time"] = person.JoinTime;
        if (!inEvent) user["is_tenant_manager"] = person.IsTenantManager;
        user["employee_type"] = 1;
        user["job_title"] = person.JobTitle;
    }

    private void WritePlace(JsonObject item, Department department, bool inEvent)
    {
        item["parent_department_id"] = DepartmentId(department.ParentOpenDepartmentId);
        // The event's order is a number, the API's a text.
        item["order"] = inEvent ? long.TryParse(department.Order, out var order) ? order : 0 : department.Order;
        if (!inEvent)
        {
            var members = state.MembersOf(department.OpenDepartmentId);
            item["member_count"] = members.Count;
            item["primary_member_count"] = members.Count(p => p.DepartmentIds[0] == department.OpenDepartmentId);
        }

        if (department.LeaderUserId is not { } leader) return;
        var id = MessageView.PersonId(state, app, leader, userIdType);
        item["leader_user_id"] = id;
        item["leaders"] = new JsonArray(new JsonObject { ["leaderType"] = 1, ["leaderID"] = id });
    }

    private bool Any(params IEnumerable<string> scopes) => scopes.Any(app.IsGranted);
}
