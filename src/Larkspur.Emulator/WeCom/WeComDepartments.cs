namespace Larkspur.Emulator.WeCom;

/// <summary>A department in WeCom's numbers; the company itself is 1 and has the parent 0.</summary>
internal sealed record WeComDepartment(int Id, int ParentId, string Name, string EnName, string? LeaderUserId, string? OpenDepartmentId);

/// <summary>All departments as they were at one moment, found by number.</summary>
internal sealed class WeComDepartments
{
    private readonly Dictionary<int, WeComDepartment> _byNumber = [];
    private readonly Dictionary<string, WeComDepartment> _byOpenId = new(StringComparer.Ordinal);
    private readonly ILookup<int, int> _children;

    public WeComDepartments(long version, IReadOnlyList<WeComDepartment> all)
    {
        (Version, All) = (version, all);
        _children = all.ToLookup(d => d.ParentId, d => d.Id);
        foreach (var department in all)
        {
            _byNumber[department.Id] = department;
            if (department.OpenDepartmentId is { } id) _byOpenId[id] = department;
        }
    }

    /// <summary>Of the company's departments (<see cref="EmulatorState.DepartmentsVersion"/>).</summary>
    public long Version { get; }

    public IReadOnlyList<WeComDepartment> All { get; }

    public WeComDepartment? Find(int number) => _byNumber.GetValueOrDefault(number);

    public WeComDepartment? Find(string openDepartmentId) => _byOpenId.GetValueOrDefault(openDepartmentId);

    /// <summary>The department and all below it; empty when there is none.</summary>
    public IReadOnlySet<int> Branch(int number)
    {
        HashSet<int> branch = [];
        var waiting = new Queue<int>(_byNumber.ContainsKey(number) ? [number] : []);
        while (waiting.TryDequeue(out var at))
        {
            if (!branch.Add(at)) continue;
            foreach (var child in _children[at]) waiting.Enqueue(child);
        }

        return branch;
    }
}
