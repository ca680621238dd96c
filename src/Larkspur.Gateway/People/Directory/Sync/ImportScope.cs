using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>On whose behalf something is imported.</summary>
internal sealed class ImportScope
{
    public required DirectoryRow Directory { get; init; }

    /// <summary>The run; 0: none, but an event, or a system that provisions.</summary>
    public long Run { get; init; }

    /// <summary>What would change is noted, and nothing changes.</summary>
    public bool IsDry { get; init; }

    /// <summary>The first statement of each write: it throws when another process has taken the run over.</summary>
    public Func<IUnitOfWork, ValueTask> Fence { get; init; } = static _ => ValueTask.CompletedTask;

    /// <summary>Who was met so far; null: nobody is looked for who was not.</summary>
    public SeenMembers? Seen { get; init; }

    public RunCounts Counts { get; init; } = new();

    /// <summary>Who would join, in a dry run: they have no row that could be noted.</summary>
    public HashSet<string> WouldJoin { get; } = new(StringComparer.Ordinal);
}

/// <summary>What a run has met and done. Written from several threads.</summary>
internal sealed class RunCounts
{
    private long _departments, _members, _joined, _returned, _changed, _left, _hidden, _departmentChanges;

    public long Departments { get => _departments; init => _departments = value; }

    public long Members { get => _members; init => _members = value; }

    public long Joined { get => _joined; init => _joined = value; }

    public long Returned { get => _returned; init => _returned = value; }

    public long Changed { get => _changed; init => _changed = value; }

    public long Left { get => _left; init => _left = value; }

    public long Hidden { get => _hidden; init => _hidden = value; }

    public long DepartmentChanges { get => _departmentChanges; init => _departmentChanges = value; }

    /// <summary>Everything but leaving and hiding.</summary>
    public long Changes => _joined + _returned + _changed + _departmentChanges;

    public void FoundDepartments(int count) => Interlocked.Exchange(ref _departments, count);

    public void FoundMembers(int count) => Interlocked.Add(ref _members, count);

    /// <summary>Who would leave is counted anew.</summary>
    public void ForgetLeft() => Interlocked.Exchange(ref _left, 0);

    public void Add(string kind)
    {
        switch (kind)
        {
            case ChangeKinds.Joined: Interlocked.Increment(ref _joined); break;
            case ChangeKinds.Returned: Interlocked.Increment(ref _returned); break;
            case ChangeKinds.Left: Interlocked.Increment(ref _left); break;
            case ChangeKinds.Hidden: Interlocked.Increment(ref _hidden); break;
            case ChangeKinds.Changed or ChangeKinds.Frozen: Interlocked.Increment(ref _changed); break;
            default: Interlocked.Increment(ref _departmentChanges); break;
        }
    }
}

/// <summary>Words for what changes.</summary>
internal static class ChangeKinds
{
    public const string Joined = "joined";
    public const string Returned = "returned";
    public const string Changed = "changed";
    public const string Frozen = "frozen";
    public const string Left = "left";

    /// <summary>The app may not see them any more.</summary>
    public const string Hidden = "hidden";

    public const string DepartmentMade = "department_made";
    public const string DepartmentChanged = "department_changed";
    public const string DepartmentGone = "department_gone";
}
