namespace Larkspur.WeCom.Callbacks;

/// <summary><c>change_contact</c>: the address book changed. What the secret may not read is absent: read it anew through the API.</summary>
public abstract record ContactChanged : WeComReceived;

/// <summary><c>create_user</c>, <c>update_user</c>. Null: not told, which on an update means unchanged or invisible.</summary>
public sealed record MemberChanged : ContactChanged
{
    /// <summary>Created rather than updated.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Userid before the change.</summary>
    public required string UserId { get; init; }

    /// <summary>Userid from now on, when it changed.</summary>
    public string? NewUserId { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>Ids of departments.</summary>
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>The main one.</summary>
    public string? MainDepartment { get; init; }

    /// <summary>Leads the department of the same place in <see cref="Departments"/>.</summary>
    public IReadOnlyList<bool>? LeadsDepartment { get; init; }

    /// <summary>Userids of direct leaders.</summary>
    public IReadOnlyList<string>? DirectLeaders { get; init; }

    /// <summary>Position.</summary>
    public string? Position { get; init; }

    /// <summary>Mobile number.</summary>
    public string? Mobile { get; init; }

    /// <summary>1 male, 2 female.</summary>
    public string? Gender { get; init; }

    /// <summary>Mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Company mail address.</summary>
    public string? BusinessEmail { get; init; }

    /// <summary>1 active, 2 disabled, 4 not activated, 5 left.</summary>
    public int? Status { get; init; }

    /// <summary>Address of the picture.</summary>
    public string? Avatar { get; init; }

    /// <summary>Alias.</summary>
    public string? Alias { get; init; }

    /// <summary>Telephone.</summary>
    public string? Telephone { get; init; }

    /// <summary>Postal address.</summary>
    public string? Address { get; init; }

    /// <summary>Fields of the company's own.</summary>
    public IReadOnlyList<MemberAttribute> Attributes { get; init; } = [];
}

/// <summary>A field of the company's own: text, or a titled link.</summary>
public sealed record MemberAttribute(string Name, int Type, string? Text, string? WebTitle, string? WebUrl);

/// <summary><c>delete_user</c>.</summary>
public sealed record MemberDeleted(string UserId) : ContactChanged;

/// <summary><c>create_party</c>, <c>update_party</c>.</summary>
public sealed record DepartmentChanged(bool IsNew, string DepartmentId, string? Name, string? ParentId, long? Order) : ContactChanged;

/// <summary><c>delete_party</c>.</summary>
public sealed record DepartmentDeleted(string DepartmentId) : ContactChanged;

/// <summary><c>update_tag</c>: who came and who went.</summary>
public sealed record TagChanged(
    string TagId, IReadOnlyList<string> AddedUsers, IReadOnlyList<string> RemovedUsers, IReadOnlyList<string> AddedDepartments, IReadOnlyList<string> RemovedDepartments)
    : ContactChanged;
