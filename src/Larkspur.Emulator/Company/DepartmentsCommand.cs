using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

/// <summary>The administrator makes departments, changes them, and takes them away.</summary>
internal sealed class DepartmentsCommand(EmulatorState state, CompanyDirectory directory, DirectoryView view)
{
    private static readonly string[] Known = ["department_id", "name", "en_name", "parent", "leader", "order", "silent"];

    public JsonObject Add(ControlInput input)
    {
        input.Only(Known);
        var name = input.Need("name");
        var open = state.Ids.Next("od-");
        var id = input.Text("department_id") is { Length: > 0 } asked ? Free(asked) : open[3..19];
        var fresh = new Department { OpenDepartmentId = open, DepartmentId = id, Name = name, EnName = name };
        // Numbers of other platforms come from the first id, and are never those of a former department.
        if (state.WasDepartment(id)) fresh = fresh with { FirstDepartmentId = open };
        return view.Show(directory.Put(Read(fresh, input), input.Flag("silent", false)));
    }

    public JsonObject Change(string id, ControlInput input)
    {
        input.Only(Known);
        var present = state.NeedDepartment(id);
        var changed = Read(present, input);
        if (input.Text("department_id") is { Length: > 0 } wanted && wanted != present.DepartmentId)
            changed = changed with { DepartmentId = Free(wanted) };
        return view.Show(directory.Put(changed, input.Flag("silent", false)));
    }

    /// <summary>Who was in it stays in the company; departments below it must be moved or removed first.</summary>
    public JsonObject Remove(string id, bool silent)
    {
        var gone = state.NeedDepartment(id);
        if (state.ChildrenOf(gone.OpenDepartmentId).Count > 0) throw new ControlRefusal("There are departments below it.", 409);
        directory.Remove(gone, silent);
        return ControlEndpoints.Done();
    }

    private Department Read(Department department, ControlInput input)
    {
        department = department with
        {
            Name = input.Text("name") ?? department.Name,
            EnName = input.Text("en_name") ?? input.Text("name") ?? department.EnName,
            Order = input.Int("order", 0, int.MaxValue)?.ToString() ?? department.Order,
        };
        if (input.Text("parent") is { } parent)
        {
            var above = state.NeedPlace(parent);
            if (state.Upwards(above).Any(d => d.OpenDepartmentId == department.OpenDepartmentId))
                throw new ControlRefusal("A department cannot be below itself.");
            department = department with { ParentOpenDepartmentId = above };
        }

        if (!input.Body.ContainsKey("leader")) return department;
        return department with { LeaderUserId = input.Text("leader") is { Length: > 0 } leader ? state.NeedMember(leader).UserId : null };
    }

    private string Free(string id) =>
        state.DepartmentByCustomId(id) is null ? id : throw new ControlRefusal($"There is a department {id} already.", 409);
}
