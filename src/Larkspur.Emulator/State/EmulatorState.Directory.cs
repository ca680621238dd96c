namespace Larkspur.Emulator.State;

/// <summary>People and departments of the company, found by any of their ids.</summary>
public sealed partial class EmulatorState
{
    private readonly DirectoryIndex _index = new();
    private readonly HashSet<string> _usedDepartmentIds = [];
    private IReadOnlyList<Person>? _allPeople;
    private IReadOnlyList<Department>? _allDepartments;
    private long _departmentsVersion;

    public IReadOnlyList<Person> People { get { lock (_gate) return _allPeople ??= [.. _people.Values]; } }

    public IReadOnlyList<Department> Departments { get { lock (_gate) return _allDepartments ??= [.. _departments.Values]; } }

    /// <summary>Grows when departments change.</summary>
    public long DepartmentsVersion => Interlocked.Read(ref _departmentsVersion);

    /// <summary>By <see cref="Person.UserId"/>, which is not always what a platform calls <c>user_id</c>: see <see
    /// cref="Member"/>.</summary>
    public Person? Person(string userId) { lock (_gate) return _people.GetValueOrDefault(userId); }

    /// <summary>Who has this <c>user_id</c> at present; a leaver as long as nobody else has it.</summary>
    public Person? Member(string userId, bool anyCase = false)
    {
        lock (_gate) return Found(_index.ByUserId(userId)) is { } found && (anyCase || found.PresentUserId == userId) ? found : null;
    }

    /// <summary>A member by their present <c>user_id</c>, or a guest by the emulator's word for them.</summary>
    public Person? Named(string word) => Member(word) ?? (Person(word) is { IsGuest: true } guest ? guest : null);

    /// <summary>Whom a call of an app means by an id of a <c>user_id_type</c>, usually <c>open_id</c>; also guests.</summary>
    public Person? Find(BotApp app, string id, string? userIdType) => userIdType switch
    {
        "user_id" => Named(id),
        "union_id" => PersonByUnionId(id),
        _ => PersonByOpenId(app.AppId, id),
    };

    /// <summary>Some of those that <see cref="Named"/> knows, for whoever named somebody else.</summary>
    public string SomeNames =>
        string.Join(", ", People.Where(p => !p.IsResigned).Take(20).Select(p => p.IsGuest ? p.UserId : p.PresentUserId));

    /// <summary>Also guests.</summary>
    public Person? PersonByUnionId(string unionId) { lock (_gate) return Found(_index.ByUnionId(unionId)); }

    /// <inheritdoc cref="PersonByUnionId"/>
    public Person? PersonByOpenId(string appId, string openId) { lock (_gate) return Found(_index.ByOpenId(appId, openId)); }

    /// <summary>Direct members who have not left, in a lasting order; of the root those without department.</summary>
    public IReadOnlyList<Person> MembersOf(string openDepartmentId)
    {
        lock (_gate) return [.. _index.Members(openDepartmentId).Select(id => _people[id])];
    }

    public int MemberCount(string openDepartmentId) { lock (_gate) return _index.Members(openDepartmentId).Count; }

    public Department? FindDepartment(string openDepartmentId) { lock (_gate) return _departments.GetValueOrDefault(openDepartmentId); }

    public Department? DepartmentByCustomId(string departmentId)
    {
        lock (_gate) return _index.ByCustomId(departmentId) is { } id ? _departments.GetValueOrDefault(id) : null;
    }

    /// <summary>Direct children, smaller order first.</summary>
    public IReadOnlyList<Department> ChildrenOf(string openDepartmentId)
    {
        lock (_gate)
        {
            return [.. _index.Children(openDepartmentId).Select(id => _departments[id])
                .OrderBy(d => long.TryParse(d.Order, out var order) ? order : long.MaxValue).ThenBy(d => d.Order, StringComparer.Ordinal)];
        }
    }

    /// <summary>The department and those above it, without the root.</summary>
    public IEnumerable<Department> Upwards(string openDepartmentId)
    {
        for (var at = FindDepartment(openDepartmentId); at is not null; at = FindDepartment(at.ParentOpenDepartmentId)) yield return at;
    }

    /// <summary>Everything below a department, parents before their children.</summary>
    public IEnumerable<Department> Below(string openDepartmentId) =>
        ChildrenOf(openDepartmentId).SelectMany(c => Below(c.OpenDepartmentId).Prepend(c));

    /// <summary>Stores a large company at once, told as one change.</summary>
    public void Fill(IEnumerable<Department> departments, IEnumerable<Person> people)
    {
        lock (_gate)
        {
            foreach (var department in departments) Keep(department);
            foreach (var person in people) Keep(person);
        }

        Announce(ChangeKind.PersonChanged);
    }

    /// <summary>Under which the emulator will know a newcomer: their <c>user_id</c>, unless somebody had that before.</summary>
    public string NewKey(string userId)
    {
        lock (_gate)
        {
            if (!_people.ContainsKey(userId)) return userId;
            for (var i = 2; ; i++)
            {
                if (!_people.ContainsKey($"{userId}~{i}")) return $"{userId}~{i}";
            }
        }
    }

    /// <summary>Whether some department has or had this id.</summary>
    public bool WasDepartment(string departmentId) { lock (_gate) return _usedDepartmentIds.Contains(departmentId); }

    private Person? Found(string? key) => key is null ? null : _people.GetValueOrDefault(key);

    private void Keep(Person person)
    {
        _index.Put(_people.GetValueOrDefault(person.UserId), person);
        _people[person.UserId] = person;
        _allPeople = null;
    }

    private void Keep(Department department)
    {
        _index.Put(_departments.GetValueOrDefault(department.OpenDepartmentId), department);
        _departments[department.OpenDepartmentId] = department;
        _usedDepartmentIds.Add(department.DepartmentId);
        DepartmentsChanged();
    }

    private void DepartmentsChanged()
    {
        _allDepartments = null;
        Interlocked.Increment(ref _departmentsVersion);
    }

    private void ClearDirectory()
    {
        _people.Clear();
        _departments.Clear();
        _index.Clear();
        _usedDepartmentIds.Clear();
        _allPeople = null;
        DepartmentsChanged();
    }
}
