namespace Larkspur.Emulator.State;

/// <summary>What of the company's directory an app may read.</summary>
public sealed partial class EmulatorState
{
    /// <summary>The department was granted, or one above it.</summary>
    public bool InRange(BotApp app, Department department) => app.ReadsWholeCompany
        || (app.ContactDepartments is { IsEmpty: false } granted
            && Upwards(department.OpenDepartmentId).Any(d => granted.Contains(d.OpenDepartmentId)));

    /// <summary>They were granted by name, or with a department.</summary>
    public bool InRange(BotApp app, Person person) => app.ReadsWholeCompany || app.AvailableTo?.Contains(person.UserId) == true
        || (app.ContactDepartments is { IsEmpty: false }
            && person.DepartmentIds.Any(d => FindDepartment(d) is { } own && InRange(app, own)));
}
