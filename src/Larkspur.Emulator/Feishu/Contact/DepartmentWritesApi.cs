using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>Creates, changes and removes departments.</summary>
internal sealed class DepartmentWritesApi(EmulatorState state, CompanyDirectory directory) : IApiArea
{
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("contact.v3.department.create", Create);
        on.Add("contact.v3.department.patch", Change);
        on.Add("contact.v3.department.update", Change);
        on.Add("contact.v3.department.delete", Delete);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var open = state.Ids.Next("od-");
        var id = request.Text("department_id") is { Length: > 0 } asked ? asked : open[3..19];
        if (state.DepartmentByCustomId(id) is not null) throw request.Refuse(43007);
        var fresh = new Department { OpenDepartmentId = open, DepartmentId = id, Name = "", EnName = "" };
        if (state.WasDepartment(id)) fresh = fresh with { FirstDepartmentId = open };
        return Answer(request, directory.Put(Read(request, fresh)));
    }

    private ApiAnswer Change(ApiRequest request) => Answer(request, directory.Put(Read(request, Find(request))));

    private ApiAnswer Delete(ApiRequest request)
    {
        var department = Find(request);
        if (state.MemberCount(department.OpenDepartmentId) > 0) throw request.Refuse(43011);
        if (state.ChildrenOf(department.OpenDepartmentId).Count > 0) throw request.Refuse(43012);
        directory.Remove(department);
        return FeishuAnswer.Data([]);
    }

    private Department Read(ApiRequest request, Department department)
    {
        department = department with
        {
            Name = request.Text("name") ?? department.Name, Order = request.Text("order") ?? department.Order,
            EnName = (request.Body["i18n_name"] as JsonObject)?.TextOf("en_us") is { Length: > 0 } english ? english
                : request.Text("name") is { } name && department.EnName.Length == 0 ? name : department.EnName,
        };
        if (request.Text("parent_department_id") is { } parent)
            department = department with { ParentOpenDepartmentId = Parent(request, parent, department) };
        if (state.ChildrenOf(department.ParentOpenDepartmentId)
            .Any(d => d.OpenDepartmentId != department.OpenDepartmentId && d.Name == department.Name))
            throw request.Refuse(43022);
        if (request.Text("leader_user_id") is not { } leader) return department;
        return department with { LeaderUserId = leader.Length == 0 ? null
            : (_view.FindUser(request, leader) ?? throw request.Refuse(41012, "user id invalid error")).UserId };
    }

    private string Parent(ApiRequest request, string id, Department own)
    {
        if (id == Department.Root) return request.App.ReadsWholeCompany ? id : throw request.Refuse(40014);
        var parent = _view.FindDepartment(request, id);
        if (parent is null || !state.InRange(request.App, parent)) throw request.Refuse(40014);
        return state.Upwards(parent.OpenDepartmentId).All(d => d.OpenDepartmentId != own.OpenDepartmentId) ? parent.OpenDepartmentId
            : throw request.Refuse(40003);
    }

    private Department Find(ApiRequest request)
    {
        var id = request.Path["department_id"];
        if (id == Department.Root) throw request.Refuse(40002);
        return _view.FindDepartment(request, id) is { } found && state.InRange(request.App, found) ? found : throw request.Refuse(40004);
    }

    private ApiAnswer Answer(ApiRequest request, Department department) =>
        FeishuAnswer.Data(new JsonObject { ["department"] = _view.Department(request, department) });
}
