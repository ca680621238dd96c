namespace Larkspur.Emulator.State;

/// <summary>A department; the root is not stored, its id is <c>0</c>.</summary>
public sealed record Department
{
    public const string Root = "0";

    private readonly string? _firstId;

    public required string OpenDepartmentId { get; init; }

    /// <summary>The company's own id, which can be changed and given to another department once it is free.</summary>
    public required string DepartmentId
    {
        get;
        init
        {
            field = value;
            _firstId ??= value;
        }
    }

    /// <summary>The first <see cref="DepartmentId"/>: numbers of other platforms come from it.</summary>
    public string FirstDepartmentId { get => _firstId!; init => _firstId = value; }

    public required string Name { get; init; }
    public required string EnName { get; init; }
    public string ParentOpenDepartmentId { get; init; } = Root;
    /// <summary>By <see cref="Person.UserId"/>.</summary>
    public string? LeaderUserId { get; init; }
    public string Order { get; init; } = "0";
}
