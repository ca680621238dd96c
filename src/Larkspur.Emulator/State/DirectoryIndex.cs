namespace Larkspur.Emulator.State;

/// <summary>Finds people and departments by every kind of id, and who is where, without walking through all. Not thread-safe.</summary>
internal sealed class DirectoryIndex
{
    private readonly Dictionary<string, string> _byUserId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _byUnionId = [];
    private readonly Dictionary<string, Dictionary<string, string>> _byOpenId = [];
    private readonly Dictionary<string, string> _byCustomId = [];
    private readonly Dictionary<string, List<string>> _members = [];
    private readonly Dictionary<string, List<string>> _children = [];

    public string? ByUserId(string userId) => _byUserId.GetValueOrDefault(userId);

    public string? ByUnionId(string unionId) => _byUnionId.GetValueOrDefault(unionId);

    public string? ByCustomId(string departmentId) => _byCustomId.GetValueOrDefault(departmentId);

    public IReadOnlyList<string> Members(string openDepartmentId) => _members.TryGetValue(openDepartmentId, out var found) ? found : [];

    public IReadOnlyList<string> Children(string openDepartmentId) => _children.TryGetValue(openDepartmentId, out var found) ? found : [];

    /// <summary>An app's ids are worked out when it asks for the first time.</summary>
    public string? ByOpenId(string appId, string openId)
    {
        if (!_byOpenId.TryGetValue(appId, out var known))
        {
            known = _byOpenId[appId] = [];
            foreach (var key in _byUnionId.Values) known[WireIds.OpenId(appId, key)] = key;
        }

        return known.GetValueOrDefault(openId);
    }

    public void Put(Person? before, Person after)
    {
        if (before is null)
        {
            _byUnionId[after.UnionId] = after.UserId;
            foreach (var (appId, known) in _byOpenId) known[WireIds.OpenId(appId, after.UserId)] = after.UserId;
        }

        if (before is not null && before.PresentUserId != after.PresentUserId && ByUserId(before.PresentUserId) == after.UserId)
        {
            _byUserId.Remove(before.PresentUserId);
        }

        // Who works here has the id, not who had it before and left.
        if (!after.IsGuest && (!after.IsResigned || !_byUserId.ContainsKey(after.PresentUserId)))
            _byUserId[after.PresentUserId] = after.UserId;
        Move(_members, after.UserId, before is null ? [] : Places(before), Places(after));
    }

    public void Put(Department? before, Department after)
    {
        if (before is not null && before.DepartmentId != after.DepartmentId) _byCustomId.Remove(before.DepartmentId);
        _byCustomId[after.DepartmentId] = after.OpenDepartmentId;
        Move(_children, after.OpenDepartmentId, before is null ? [] : [before.ParentOpenDepartmentId], [after.ParentOpenDepartmentId]);
    }

    public void Remove(Department gone)
    {
        if (ByCustomId(gone.DepartmentId) == gone.OpenDepartmentId) _byCustomId.Remove(gone.DepartmentId);
        Move(_children, gone.OpenDepartmentId, [gone.ParentOpenDepartmentId], []);
    }

    public void Clear()
    {
        foreach (var ids in (Dictionary<string, string>[])[_byUserId, _byUnionId, _byCustomId]) ids.Clear();
        _byOpenId.Clear();
        _members.Clear();
        _children.Clear();
    }

    /// <summary>Whoever is in no department is in the company itself; guests and leavers are nowhere.</summary>
    private static IReadOnlyList<string> Places(Person person) =>
        person.IsGuest || person.IsResigned ? [] : person.DepartmentIds.IsDefaultOrEmpty ? [Department.Root] : person.DepartmentIds;

    private static void Move(Dictionary<string, List<string>> lists, string id, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        foreach (var place in from.Except(to))
        {
            if (lists.TryGetValue(place, out var left)) left.Remove(id);
        }

        foreach (var place in to.Except(from))
        {
            if (!lists.TryGetValue(place, out var list)) lists[place] = list = [];
            list.Add(id);
        }
    }
}
