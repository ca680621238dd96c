using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

/// <summary>The administrator decides how much of the directory an app reads.</summary>
internal sealed class RangeCommand(EmulatorState state, IEnumerable<IContactRange> ranges)
{
    public JsonObject Change(ControlInput input)
    {
        var name = input.Text("platform") ?? "feishu";
        var platform = ranges.FirstOrDefault(r => r.Platform == name)
            ?? throw new ControlRefusal($"\"platform\" must be one of {string.Join(", ", ranges.Select(r => r.Platform))}.");
        input.Only(["platform", "departments", "people", "silent", .. platform.Members]);
        var (departments, people) = (input.Texts("departments"), input.Texts("people"));
        var range = departments is null && people is null ? null : new DirectoryRange(
            (departments ?? []).Select(d => state.NeedDepartment(d).OpenDepartmentId).ToHashSet(),
                (people ?? []).Select(p => state.NeedMember(p).UserId).ToHashSet());
        platform.Use(range, input.Flag("silent", false), input);
        return ControlEndpoints.Done();
    }
}
