using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Company;

/// <summary>People and departments as control calls answer them.</summary>
internal sealed class DirectoryView(EmulatorState state, IServiceProvider services)
{
    public JsonObject Show(Person person) => new()
    {
        ["ok"] = true, ["user_id"] = person.PresentUserId, ["key"] = person.UserId, ["union_id"] = person.UnionId, ["name"] = person.Name,
        ["status"] = person.Status.ToString().ToLowerInvariant(), ["departments"] = person.DepartmentIds.ToJson(),
        ["open_ids"] = new JsonObject(state.Apps.Select(a =>
            KeyValuePair.Create(a.AppId, (JsonNode?)WireIds.OpenId(a.AppId, person.UserId)))),
    };

    public JsonObject Show(Department department)
    {
        var view = new JsonObject
        {
            ["ok"] = true, ["department_id"] = department.DepartmentId, ["open_department_id"] = department.OpenDepartmentId,
            ["name"] = department.Name, ["parent"] = department.ParentOpenDepartmentId,
        };
        foreach (var listener in services.GetServices<IDirectoryListener>()) listener.ShowIds(department, view);
        return view;
    }
}
