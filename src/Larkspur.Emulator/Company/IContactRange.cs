using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

/// <summary>A platform whose app can be kept to a part of the directory.</summary>
internal interface IContactRange
{
    /// <summary>The platform's name in control calls.</summary>
    string Platform { get; }

    /// <summary>Members of the control call beside the range that this platform knows.</summary>
    IReadOnlyList<string> Members => [];

    /// <param name="range"><see langword="null"/>: the whole company.</param>
    /// <param name="silent">The app is not told.</param>
    void Use(DirectoryRange? range, bool silent, ControlInput input);
}

/// <summary>Departments, each with all below it, and single people.</summary>
/// <param name="Departments">By <see cref="Department.OpenDepartmentId"/>.</param>
/// <param name="People">By <see cref="Person.UserId"/>.</param>
internal sealed record DirectoryRange(IReadOnlySet<string> Departments, IReadOnlySet<string> People)
{
    public bool Has(EmulatorState state, Department department) =>
        state.Upwards(department.OpenDepartmentId).Any(d => Departments.Contains(d.OpenDepartmentId));

    public bool Has(EmulatorState state, Person person) => People.Contains(person.UserId)
        || person.DepartmentIds.Any(id => state.FindDepartment(id) is { } department && Has(state, department));
}
