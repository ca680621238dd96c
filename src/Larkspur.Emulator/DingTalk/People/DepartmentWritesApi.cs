using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>Creates, changes and deletes departments.</summary>
internal sealed class DepartmentWritesApi(EmulatorState state, CompanyDirectory company, DingTalkDirectory directory) : IDingTalkArea
{
    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/topapi/v2/department/create", Create) with { Free = true },
        DingTalkRoute.Post("/topapi/v2/department/update", Update) with { Free = true },
        DingTalkRoute.Post("/topapi/v2/department/delete", Delete) with { Free = true },
    ];

    private DingTalkAnswer Create(DingTalkCall call)
    {
        var open = state.Ids.Next("od-");
        var name = call.Need("name");
        var department = company.Put(Read(call,
            new Department { OpenDepartmentId = open, DepartmentId = open[3..19], Name = name, EnName = name }));
        return new DingTalkAnswer(new JsonObject { ["result"] = new JsonObject { ["dept_id"] = DingTalkDirectory.Number(department) } });
    }

    private DingTalkAnswer Update(DingTalkCall call)
    {
        company.Put(Read(call, Known(call)));
        return new DingTalkAnswer([]);
    }

    private DingTalkAnswer Delete(DingTalkCall call)
    {
        var department = Known(call);
        if (state.ChildrenOf(department.OpenDepartmentId).Count > 0) throw DingTalkRefusal.Old(60006, "部门下包含子部门，不能删除");
        if (state.MemberCount(department.OpenDepartmentId) > 0) throw DingTalkRefusal.Old(60005, "部门下包含成员，不能删除");
        company.Remove(department);
        return new DingTalkAnswer([]);
    }

    private Department Read(DingTalkCall call, Department department)
    {
        department = department with { Name = call.Text("name") ?? department.Name, Order = call.Text("order") ?? department.Order };
        if (call.Number("parent_id") is not { } parent) return department;
        if (parent != DingTalkDirectory.Root && directory.Find(parent) is null) throw DingTalkRefusal.Old(60004, "父部门不存在");
        var above = directory.Place(parent);
        return state.Upwards(above).All(d => d.OpenDepartmentId != department.OpenDepartmentId)
            ? department with { ParentOpenDepartmentId = above }
            : throw DingTalkRefusal.Parameter("parent_id", "is below the department");
    }

    private Department Known(DingTalkCall call) =>
        directory.Find(call.Number("dept_id") ?? throw DingTalkRefusal.Parameter("dept_id", "is missing"))
            ?? throw DingTalkRefusal.Old(60003, "部门不存在");
}
