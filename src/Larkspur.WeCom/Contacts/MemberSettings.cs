using System.Buffers;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Contacts;

/// <summary>A member as it is to be; null: left as it is.</summary>
public sealed record MemberSettings
{
    /// <summary>Userid: 1 to 64 letters, digits and <c>_-@.</c>, a letter or digit first. The case does not tell two apart.</summary>
    [JsonPropertyName("userid")]
    public required string UserId { get; init; }

    /// <summary>Name, 64 characters; a new member needs one.</summary>
    public string? Name { get; init; }

    /// <summary>Alias.</summary>
    public string? Alias { get; init; }

    /// <summary>Mobile number, unique in the company. A new member needs a mobile or a mail address.</summary>
    public string? Mobile { get; init; }

    /// <summary>Mail address, unique in the company.</summary>
    public string? Email { get; init; }

    /// <summary>Company mail address.</summary>
    public string? BizMail { get; init; }

    /// <summary>Ids of departments, 100 at most.</summary>
    public IReadOnlyList<long>? Department { get; init; }

    /// <summary>The main one of <see cref="Department"/>.</summary>
    public long? MainDepartment { get; init; }

    /// <summary>1 where the member leads the department of the same place in <see cref="Department"/>, else 0.</summary>
    public IReadOnlyList<int>? IsLeaderInDept { get; init; }

    /// <summary>Order in the department of the same place; larger is earlier.</summary>
    public IReadOnlyList<long>? Order { get; init; }

    /// <summary>Userids of direct leaders.</summary>
    public IReadOnlyList<string>? DirectLeader { get; init; }

    /// <summary>Position, 128 characters.</summary>
    public string? Position { get; init; }

    /// <summary>1 male, 2 female.</summary>
    public string? Gender { get; init; }

    /// <summary>Telephone.</summary>
    public string? Telephone { get; init; }

    /// <summary>Postal address.</summary>
    public string? Address { get; init; }

    /// <summary>1: may sign in; 0: disabled.</summary>
    public int? Enable { get; init; }

    internal void Judge(bool isNew)
    {
        var problems = new ContentProblems();
        problems.Text("userid", UserId, 64);
        if (Name is { Length: > 64 }) problems.Add("name", $"has {Name.Length} characters, and 1 to 64 are taken");
        if (isNew) problems.Required("name", Name);
        if (isNew && string.IsNullOrEmpty(Mobile) && string.IsNullOrEmpty(Email)) problems.Add("mobile and email", "are both missing");
        if (Position is { Length: > 128 }) problems.Add("position", $"has {Position.Length} characters, and 128 are taken");
        if (Department is not null) problems.Count("department", Department, 1, 100);
        if (IsLeaderInDept is not null && IsLeaderInDept.Count != Department?.Count) problems.Add("is_leader_in_dept", "differs in length from department");
        if (Order is not null && Order.Count != Department?.Count) problems.Add("order", "differs in length from department");
        problems.ThrowIfAny();
    }

    /// <summary>Without what is personal.</summary>
    public override string ToString() => UserId;
}

/// <summary>A department as it is to be; null: left as it is.</summary>
public sealed record DepartmentSettings
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|");

    /// <summary>Name, 64 characters without <c>\ : * ? " &lt; &gt; |</c>, unique beside its neighbours.</summary>
    public string? Name { get; init; }

    /// <summary>Name in English.</summary>
    public string? NameEn { get; init; }

    /// <summary>The one above; the root is 1.</summary>
    [JsonPropertyName("parentid")]
    public long? ParentId { get; init; }

    /// <summary>Order among its neighbours; larger is earlier.</summary>
    public long? Order { get; init; }

    /// <summary>Its id, more than 1; null for a new one: the platform's choice.</summary>
    public long? Id { get; init; }

    internal void Judge(bool isNew)
    {
        var problems = new ContentProblems();
        if (isNew) problems.Required("name", Name);
        if (isNew && ParentId is null) problems.Add("parentid", "is missing");
        if (!isNew && Id is null) problems.Add("id", "is missing");
        if (Name is not null && (Name.Length is 0 or > 64 || Name.AsSpan().ContainsAny(Forbidden))) problems.Add("name", "has 1 to 64 characters and none of \\ : * ? \" < > |");
        problems.ThrowIfAny();
    }
}
