using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>Whether somebody works here and may sign in.</summary>
public enum PersonStatus
{
    Active,
    /// <summary>Invited, and never signed in.</summary>
    Inactive,
    /// <summary>The administrator suspended the account.</summary>
    Frozen,
    /// <summary>Left the company.</summary>
    Resigned,
}

/// <summary>A member of the emulated company, or a guest of another one.</summary>
public sealed record Person
{
    /// <summary>By which the emulator itself knows them for ever: a member's first <c>user_id</c>, for a guest a word of its own. Their
    /// <c>union_id</c> and <c>open_id</c> come from it.</summary>
    public required string UserId { get; init; }
    public required string Name { get; init; }
    public required string EnName { get; init; }
    public required string Email { get; init; }
    public required string Mobile { get; init; }
    public required string EmployeeNo { get; init; }
    public required string JobTitle { get; init; }
    /// <summary>Language of this person's client: <c>zh_cn</c> or <c>en_us</c>.</summary>
    public string Locale { get; init; } = "zh_cn";
    /// <summary>Their superior, by <see cref="UserId"/>.</summary>
    public string? LeaderUserId { get; init; }
    public int Gender { get; init; }
    public string City { get; init; } = "";
    /// <summary>Unix seconds.</summary>
    public long JoinTime { get; init; }
    public PersonStatus Status { get; init; }
    /// <summary>When they left; unix milliseconds.</summary>
    public long LeaveTime { get; init; }
    /// <summary>As DingTalk words it: <c>delete</c> by the administrator, <c>oapi</c> over the API, <c>leave</c> by themselves.</summary>
    public string LeaveReason { get; init; } = "delete";
    public bool IsTenantManager { get; init; }
    /// <summary><c>open_department_id</c>s; the first is the primary one.</summary>
    public ImmutableArray<string> DepartmentIds { get; init; } = [];

    /// <summary>The other company that they are of; <see langword="null"/>: a member of this one.</summary>
    public string? TenantKey { get; init; }

    /// <summary>Their <c>user_id</c> in their company when it is another than <see cref="UserId"/>: a guest's, or a member's who was
    /// renamed or has the former id of somebody else.</summary>
    public string? IdInTenant { get; init; }

    /// <summary>The <c>user_id</c> that the platforms tell.</summary>
    public string PresentUserId => IdInTenant ?? UserId;

    public bool IsResigned
    {
        get => Status == PersonStatus.Resigned;
        init => Status = value ? PersonStatus.Resigned : Status == PersonStatus.Resigned ? PersonStatus.Active : Status;
    }

    public bool IsGuest => TenantKey is not null;

    public string UnionId => "on_" + WireIds.Hash("union", UserId);
}
