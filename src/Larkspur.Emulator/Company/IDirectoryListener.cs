using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Company;

/// <summary>A platform that tells its apps what changed in the company's directory.</summary>
internal interface IDirectoryListener
{
    /// <summary>The platform's name in control calls.</summary>
    string Platform { get; }

    /// <summary>Somebody came, changed, left, or came back.</summary>
    void PersonChanged(PersonChange change);

    /// <summary>A department was made, changed or removed.</summary>
    void DepartmentChanged(DepartmentChange change);

    /// <summary>Adds the ids under which the platform knows a department.</summary>
    void ShowIds(Department department, JsonObject view)
    {
    }
}

/// <param name="Before"><see langword="null"/>: a newcomer.</param>
internal sealed record PersonChange(Person? Before, Person After)
{
    public bool Came => !After.IsResigned && (Before is null || Before.IsResigned);

    public bool Left => After.IsResigned && Before is { IsResigned: false };
}

/// <param name="Before"><see langword="null"/>: it is new.</param>
/// <param name="After"><see langword="null"/>: it was removed.</param>
internal sealed record DepartmentChange(Department? Before, Department? After);
