using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

/// <summary>Finds people and departments by the words of control calls.</summary>
internal static class DirectoryNames
{
    public static Person NeedMember(this EmulatorState state, string userId) =>
        state.Member(userId) ?? throw new ControlRefusal($"There is no person {userId}.", 404);

    /// <summary>By <c>department_id</c> or <c>open_department_id</c>.</summary>
    public static Department NeedDepartment(this EmulatorState state, string id) =>
        state.FindDepartment(id) ?? state.DepartmentByCustomId(id) ?? throw new ControlRefusal($"There is no department {id}.", 404);

    /// <summary>The same, and <c>0</c> for the company itself.</summary>
    public static string NeedPlace(this EmulatorState state, string id) =>
        id == Department.Root ? Department.Root : state.NeedDepartment(id).OpenDepartmentId;
}
