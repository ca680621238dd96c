namespace Larkspur.Emulator.Company;

/// <summary>Changes people and departments, and lets every platform tell its apps.</summary>
internal sealed class CompanyDirectory(EmulatorState state, IServiceProvider services)
{
    // The platforms' parts write through here too, so they are looked up when there is something to tell.
    private IEnumerable<IDirectoryListener> Listeners => services.GetServices<IDirectoryListener>();

    /// <summary>Stores somebody as they are now.</summary>
    /// <param name="silent">No platform tells: the event was lost.</param>
    /// <param name="except">A platform that tells by itself.</param>
    public Person Put(Person person, bool silent = false, string? except = null)
    {
        var before = state.Person(person.UserId);
        if (before is { IsResigned: false } && person.IsResigned)
        {
            person = person with { LeaveTime = state.Clock.GetUtcNow().ToUnixTimeMilliseconds(), LeaderUserId = null, DepartmentIds = [] };
            foreach (var led in state.Departments.Where(d => d.LeaderUserId == person.UserId)) state.Put(led with { LeaderUserId = null });
        }

        state.Put(person);
        if (!silent && before != person) Tell(except, l => l.PersonChanged(new PersonChange(before, person)));
        return person;
    }

    /// <inheritdoc cref="Put(Person, bool, string)"/>
    public Department Put(Department department, bool silent = false, string? except = null)
    {
        var before = state.FindDepartment(department.OpenDepartmentId);
        state.Put(department);
        if (!silent && before != department) Tell(except, l => l.DepartmentChanged(new DepartmentChange(before, department)));
        return department;
    }

    /// <summary>Removes a department; whoever is in it stays in the company.</summary>
    public void Remove(Department department, bool silent = false, string? except = null)
    {
        foreach (var person in state.MembersOf(department.OpenDepartmentId))
        {
            Put(person with { DepartmentIds = person.DepartmentIds.Remove(department.OpenDepartmentId) }, silent, except);
        }

        state.RemoveDepartment(department.OpenDepartmentId);
        if (!silent) Tell(except, l => l.DepartmentChanged(new DepartmentChange(department, null)));
    }

    private void Tell(string? except, Action<IDirectoryListener> tell)
    {
        foreach (var listener in Listeners)
        {
            if (listener.Platform != except) tell(listener);
        }
    }
}
