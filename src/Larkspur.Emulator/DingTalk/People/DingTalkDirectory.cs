using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>People and departments by DingTalk's ids.</summary>
internal sealed class DingTalkDirectory(EmulatorState state) : IResettableState
{
    public const long Root = 1;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _byUnionId = new(StringComparer.Ordinal);
    private Dictionary<long, string> _departments = [];
    private long _version = -1;
    private IReadOnlyList<Person>? _known;

    public static long Number(Department department) => DingTalkIds.DepartmentId(department.FirstDepartmentId);

    public long Number(string openDepartmentId) =>
        state.FindDepartment(openDepartmentId) is { } department ? Number(department) : Root;

    /// <summary><see langword="null"/> for the root and what does not exist.</summary>
    public Department? Find(long number)
    {
        lock (_gate)
        {
            if (_version != state.DepartmentsVersion)
            {
                _version = state.DepartmentsVersion;
                _departments = state.Departments.DistinctBy(Number).ToDictionary(Number, d => d.OpenDepartmentId);
            }

            return _departments.TryGetValue(number, out var id) ? state.FindDepartment(id) : null;
        }
    }

    /// <exception cref="DingTalkRefusal">60003: there is none.</exception>
    public string Place(long number) => number == Root ? Department.Root
        : Find(number)?.OpenDepartmentId ?? throw DingTalkRefusal.Old(60003, "部门不存在");

    /// <summary>Also guests, whom the organisation knows as contacts.</summary>
    public Person? ByUnionId(string unionId)
    {
        lock (_gate)
        {
            var people = state.People;
            if (!ReferenceEquals(people, _known))
            {
                _byUnionId.Clear();
                foreach (var person in people) _byUnionId[DingTalkIds.UnionId(person.UserId)] = person.UserId;
                _known = people;
            }

            return _byUnionId.TryGetValue(unionId, out var key) ? state.Person(key) : null;
        }
    }

    public void Reset()
    {
        lock (_gate) (_version, _known) = (-1, null);
    }

    /// <summary>The numbers of somebody's departments, the first of them the main one.</summary>
    public IEnumerable<long> Departments(Person person) =>
        person.DepartmentIds.IsDefaultOrEmpty ? [Root] : person.DepartmentIds.Select(Number);

    /// <summary>A department and those above it, the root last.</summary>
    public IEnumerable<long> Branch(long number) => number == Root ? [Root] : [.. state.Upwards(Place(number)).Select(Number), Root];
}
